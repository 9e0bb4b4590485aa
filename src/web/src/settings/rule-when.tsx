// What sets a rule off: one of some events, or something that has lasted.
import type {JSX} from 'preact';
import {t} from '../i18n/text';
import {ChecksInput, SelectInput, TextInput} from '../ui/form';
import {events, type Rule, times} from './rule-tables';

const FIRST_MINUTES = 60;
const EVENTS = 'events';

export function WhenInput({when, onChange}: {when: Rule['when']; onChange: (when: Rule['when']) => void}): JSX.Element {
    const chosen = typeof when.event === 'string' ? [when.event] : (when.event ?? []);
    return (
        <>
            <SelectInput
                label={t('rules.when')}
                value={when.time ?? EVENTS}
                choices={[
                    {value: EVENTS, text: t('rules.when_events')},
                    ...times.map((time) => ({value: time, text: t(`rule_time.${time}`)})),
                ]}
                onChange={(value) =>
                    onChange(
                        value === EVENTS
                            ? {event: 'message_received'}
                            : {time: value, minutes: when.minutes ?? FIRST_MINUTES},
                    )
                }
            />
            {when.time ? (
                <TextInput
                    label={t('rules.minutes')}
                    type="number"
                    min={1}
                    required
                    value={String(when.minutes ?? '')}
                    onChange={(minutes) => onChange({time: when.time!, minutes: Number(minutes)})}
                />
            ) : (
                <ChecksInput
                    label={t('rules.events')}
                    choices={events.map((event) => ({value: event, text: t(`rule_event.${event}`)}))}
                    value={chosen}
                    onChange={(list) => onChange({event: list})}
                />
            )}
        </>
    );
}
