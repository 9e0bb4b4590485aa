// What we noted about a customer, for ourselves.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {get, post, remove} from '../api/http';
import {t} from '../i18n/text';
import {ConfirmRemoval} from '../settings/resource';
import {agentName, may} from '../state/session';
import {Form, TextInput, useForm} from '../ui/form';
import {Show, useLoad} from '../ui/load';
import {Button, Time} from '../ui/parts';
import type {CustomerNote} from './types';

function Note({note, onRemove}: {note: CustomerNote; onRemove: () => void}): JSX.Element {
    return (
        <li>
            <p class="said">
                <bdi>{note.text}</bdi>
            </p>
            <small>
                <bdi>{agentName(note.agent_id)}</bdi> · <Time at={note.created_at} />
            </small>
            {may('customer_change') && (
                <Button kind="quiet" onClick={onRemove}>
                    {t('action.remove')}
                </Button>
            )}
        </li>
    );
}

export function Notes({customer}: {customer: string}): JSX.Element {
    const path = `/api/v1/customers/${customer}/notes`;
    const loaded = useLoad(async () => (await get<{items: CustomerNote[]}>(path)).items, [path]);
    const [removed, setRemoved] = useState<CustomerNote | null>(null);
    const form = useForm({text: ''}, async (values) => {
        await post(path, values);
        form.set('text', '');
        await loaded.reload();
    });
    return (
        <section class="part" aria-labelledby="notes">
            <h2 id="notes">{t('customers.notes')}</h2>
            <Show loaded={loaded}>
                {(notes) => (
                    <ul class="sheet-list">
                        {notes.map((note) => (
                            <Note key={note.id} note={note} onRemove={() => setRemoved(note)} />
                        ))}
                    </ul>
                )}
            </Show>
            {removed && (
                <ConfirmRemoval
                    name={t('customers.this_note')}
                    onClose={() => setRemoved(null)}
                    onConfirmed={async () => {
                        await remove(`${path}/${removed.id}`);
                        await loaded.reload();
                    }}
                />
            )}
            {may('customer_change') && (
                <Form form={form} label={t('customers.add_note')} submitText={t('customers.add_note')}>
                    <TextInput
                        label={t('customers.note_text')}
                        required
                        rows={3}
                        value={form.values.text}
                        onChange={(text) => form.set('text', text)}
                    />
                </Form>
            )}
        </section>
    );
}
