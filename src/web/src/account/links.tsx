// Accounts of OpenID Connect providers that lead to this one. Nothing where there is no provider.
import type {JSX} from 'preact';
import {get, post, remove} from '../api/http';
import {fullTime} from '../i18n/format';
import {t} from '../i18n/text';
import {Show, useLoad} from '../ui/load';
import {Button} from '../ui/parts';
import {DataTable} from '../ui/table';
import {useAct} from './act';

interface Identity {
    id: string;
    issuer: string;
    subject: string;
    created_at: string;
    last_used_at: string | null;
}

interface Provider {
    id: string;
    name: string;
}

const PATH = '/api/v1/me/identities';

async function load(): Promise<{identities: Identity[]; providers: Provider[]}> {
    const [own, known] = await Promise.all([
        get<{items: Identity[]}>(PATH),
        get<{items: Provider[]}>('/api/v1/session/providers'),
    ]);
    return {identities: own.items, providers: known.items};
}

export function Links(): JSX.Element | null {
    const loaded = useLoad(load);
    const {act, problem} = useAct();
    if (loaded.data && loaded.data.providers.length + loaded.data.identities.length === 0) return null;
    const link = (provider: Provider) =>
        act(async () => {
            const body = {provider_id: provider.id, return_to: '/app/settings/security'};
            window.location.assign((await post<{location: string}>(PATH, body)).location);
        });
    const unlink = (id: string) =>
        act(async () => {
            await remove(`${PATH}/${id}`);
            await loaded.reload();
        });
    return (
        <section class="part">
            <h2>{t('links.title')}</h2>
            <p class="explanation">{t('links.why')}</p>
            {problem}
            <Show loaded={loaded}>
                {({identities, providers}) => (
                    <>
                        <DataTable
                            caption={t('links.title')}
                            isCaptionHidden
                            rows={identities}
                            keyOf={({id}) => id}
                            columns={[
                                {title: t('links.issuer'), cell: ({issuer}) => <bdi>{issuer}</bdi>},
                                {title: t('links.since'), cell: (one) => fullTime(one.created_at)},
                                {
                                    title: t('links.used'),
                                    cell: (one) => (one.last_used_at ? fullTime(one.last_used_at) : t('links.never')),
                                },
                                {
                                    title: t('table.actions'),
                                    cell: ({id}) => (
                                        <Button kind="danger" onClick={() => unlink(id)}>
                                            {t('links.remove')}
                                        </Button>
                                    ),
                                },
                            ]}
                        />
                        <div class="buttons">
                            {providers.map((provider) => (
                                <Button key={provider.id} onClick={() => link(provider)}>
                                    <span>
                                        {t('links.add')} <bdi>{provider.name}</bdi>
                                    </span>
                                </Button>
                            ))}
                        </div>
                    </>
                )}
            </Show>
        </section>
    );
}
