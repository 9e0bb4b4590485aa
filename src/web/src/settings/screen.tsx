// The settings: sections at the side, one of them in the middle.
import type {JSX} from 'preact';
import {t} from '../i18n/text';
import {place} from '../router';
import {may} from '../state/session';
import {Lazy} from '../ui/lazy';
import {EmptyState} from '../ui/parts';
import {type Section, sections} from './sections';

const groups: readonly Section['group'][] = ['mine', 'people', 'channels', 'work', 'system'];

const isAllowed = (section: Section): boolean => section.permission === null || may(section.permission);

function Group({group, here}: {group: Section['group']; here: string}): JSX.Element | null {
    const list = sections.filter((section) => section.group === group && isAllowed(section));
    if (list.length === 0) return null;
    return (
        <section>
            <h2>{t(`settings.group_${group}`)}</h2>
            <ul>
                {list.map((section) => (
                    <li key={section.id}>
                        <a href={`/app/settings/${section.id}`} aria-current={section.id === here ? 'page' : undefined}>
                            {t(section.title)}
                        </a>
                    </li>
                ))}
            </ul>
        </section>
    );
}

export default function SettingsScreen(): JSX.Element {
    const here = place.value.path.split('/')[2] ?? 'me';
    const section = sections.find(({id}) => id === here);
    return (
        <div class="settings">
            <nav aria-label={t('settings.label')}>
                {groups.map((group) => (
                    <Group key={group} group={group} here={here} />
                ))}
            </nav>
            <div class="settings-body">
                {section && isAllowed(section) ? (
                    <>
                        <h1>{t(section.title)}</h1>
                        <Lazy key={section.id} load={section.load} />
                    </>
                ) : (
                    <EmptyState text={t('screen.unknown')} />
                )}
            </div>
        </div>
    );
}
