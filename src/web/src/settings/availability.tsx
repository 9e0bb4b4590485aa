// Whether somebody takes conversations, and how many at most.
import type {JSX} from 'preact';
import {patch} from '../api/http';
import type {Agent} from '../api/types';
import {t} from '../i18n/text';
import {say} from '../state/toasts';
import {Dialog} from '../ui/dialog';
import {Form, SelectInput, TextInput, useForm} from '../ui/form';
import {Button} from '../ui/parts';

const states = ['available', 'busy', 'away', 'offline'] as const;
const CAPACITY_MAX = 10_000;

export interface AvailableAgent extends Agent {
    availability: {
        state: (typeof states)[number];
        by_hand: (typeof states)[number];
        capacity: number | null; // null: no limit of their own
    };
}

interface AvailabilityProps {
    agent: AvailableAgent;
    reload: () => Promise<void>;
    onClose: () => void;
}

export function AvailabilityDialog({agent, reload, onClose}: AvailabilityProps): JSX.Element {
    const {by_hand: state, capacity} = agent.availability;
    const form = useForm(
        {state: state as string, capacity: capacity === null ? '' : String(capacity)},
        async (values) => {
            await patch(`/api/v1/agents/${agent.id}/availability`, {
                state: values.state,
                capacity: values.capacity === '' ? null : Number(values.capacity),
            });
            onClose();
            await reload();
            say(t('done.saved'));
        },
    );
    return (
        <Dialog title={t('agents.availability_of', {name: agent.name})} onClose={onClose}>
            <Form form={form} extra={<Button onClick={onClose}>{t('action.cancel')}</Button>}>
                <SelectInput
                    label={t('agents.state')}
                    value={form.values.state}
                    choices={states.map((value) => ({value, text: t(`availability.${value}`)}))}
                    onChange={(value) => form.set('state', value)}
                />
                <TextInput
                    label={t('agents.capacity')}
                    help={t('agents.capacity_help')}
                    type="number"
                    min={0}
                    max={CAPACITY_MAX}
                    value={form.values.capacity}
                    onChange={(value) => form.set('capacity', value)}
                />
            </Form>
        </Dialog>
    );
}
