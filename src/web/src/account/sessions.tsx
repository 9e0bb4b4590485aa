// Where one is signed in, and ending what should not be.
import type {JSX} from 'preact';
import {get, remove} from '../api/http';
import {fullTime} from '../i18n/format';
import {t, textOf} from '../i18n/text';
import {Show, useLoad} from '../ui/load';
import {Button, Time} from '../ui/parts';
import {DataTable} from '../ui/table';
import {useAct} from './act';

interface Session {
    id: string;
    method: string;
    address: string;
    browser: string;
    created_at: string;
    seen_at: string;
    is_current: boolean;
}

const programs: readonly [RegExp, string][] = [
    [/Edg\//, 'Edge'],
    [/OPR\//, 'Opera'],
    [/Firefox\//, 'Firefox'],
    [/Chrome\//, 'Chrome'],
    [/Safari\//, 'Safari'],
];
const systems: readonly [RegExp, string][] = [
    [/Android/, 'Android'],
    [/iPhone|iPad/, 'iOS'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'macOS'],
    [/Linux/, 'Linux'],
];

// "Firefox, Linux" of what the browser called itself; all of it where nothing is known.
export function browserName(agent: string): string {
    const nameOf = (list: readonly [RegExp, string][]) => list.find(([pattern]) => pattern.test(agent))?.[1];
    return [nameOf(programs), nameOf(systems)].filter(Boolean).join(', ') || agent;
}

export function Sessions(): JSX.Element {
    const loaded = useLoad(async () => (await get<{items: Session[]}>('/api/v1/sessions')).items);
    const {act, problem} = useAct();
    const end = (path: string) =>
        act(async () => {
            await remove(path);
            await loaded.reload();
        });
    return (
        <section class="part">
            <h2>{t('sessions.title')}</h2>
            {problem}
            <Show loaded={loaded}>
                {(sessions) => (
                    <>
                        <DataTable
                            caption={t('sessions.title')}
                            isCaptionHidden
                            rows={sessions}
                            keyOf={({id}) => id}
                            columns={[
                                {title: t('sessions.browser'), cell: ({browser}) => <bdi>{browserName(browser)}</bdi>},
                                {title: t('sessions.address'), cell: ({address}) => address},
                                {
                                    title: t('sessions.method'),
                                    cell: ({method}) => textOf(`sessions.method_${method}`) ?? method,
                                },
                                {title: t('sessions.created'), cell: (one) => fullTime(one.created_at)},
                                {title: t('sessions.seen'), cell: (one) => <Time at={one.seen_at} />},
                                {
                                    title: t('table.actions'),
                                    cell: (one) =>
                                        one.is_current ? (
                                            t('sessions.this')
                                        ) : (
                                            <Button onClick={() => end(`/api/v1/sessions/${one.id}`)}>
                                                {t('sessions.end')}
                                            </Button>
                                        ),
                                },
                            ]}
                        />
                        {sessions.length > 1 && (
                            <div class="buttons">
                                <Button kind="danger" onClick={() => end('/api/v1/sessions')}>
                                    {t('sessions.end_others')}
                                </Button>
                            </div>
                        )}
                    </>
                )}
            </Show>
        </section>
    );
}
