// The sheet of keys, from the table of commands.
import {signal} from '@preact/signals';
import type {JSX} from 'preact';
import {t} from '../i18n/text';
import {type Command, commands, keysOf, showKeys} from '../keys/commands';
import {Dialog} from '../ui/dialog';

export const helpIsOpen = signal(false);

const groups: readonly Command['group'][] = ['go', 'list', 'conversation', 'composer', 'general'];

function Group({group}: {group: Command['group']}): JSX.Element {
    const list = commands.value.filter(
        (command) => command.group === group && !command.isHidden && keysOf(command).length > 0,
    );
    return (
        <section>
            <h3>{t(`help.${group}`)}</h3>
            <dl class="keys">
                {list.map((command) => (
                    <div key={command.id}>
                        <dt>
                            {keysOf(command).map((keys) => (
                                <kbd key={keys}>{showKeys(keys)}</kbd>
                            ))}
                        </dt>
                        <dd>{t(command.title)}</dd>
                    </div>
                ))}
            </dl>
        </section>
    );
}

export function HelpSheet(): JSX.Element {
    return (
        <Dialog
            title={t('command.help')}
            wide
            onClose={() => {
                helpIsOpen.value = false;
            }}
        >
            <div class="help-groups">
                {groups.map((group) => (
                    <Group key={group} group={group} />
                ))}
            </div>
        </Dialog>
    );
}
