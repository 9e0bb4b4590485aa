// Own API tokens: what stands, making one, revoking one.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {NewToken} from '../account/new-token';
import {get, remove} from '../api/http';
import {fullTime} from '../i18n/format';
import {t, textOf} from '../i18n/text';
import {me} from '../state/session';
import {Show, useLoad} from '../ui/load';
import {Button} from '../ui/parts';
import {DataTable} from '../ui/table';
import {ConfirmRemoval} from './resource';

interface Token {
    id: string;
    agent_id: string;
    name: string;
    scopes: string[] | null;
    created_at: string;
    expires_at: string | null;
    revoked_at: string | null;
    last_used_at: string | null;
}

async function loadOwn(): Promise<Token[]> {
    const {items} = await get<{items: Token[]}>('/api/v1/tokens');
    return items.filter((token) => token.agent_id === me.value?.id && token.revoked_at === null);
}

const scopesOf = ({scopes}: Token): string =>
    scopes === null ? t('tokens.everything') : scopes.map((name) => textOf(`permission.${name}`) ?? name).join(', ');

export default function MyTokens(): JSX.Element {
    const loaded = useLoad(loadOwn);
    const [isMaking, setMaking] = useState(false);
    const [revoked, setRevoked] = useState<Token | null>(null);
    return (
        <>
            <p class="explanation">{t('tokens.why')}</p>
            <p class="buttons">
                <Button kind="main" onClick={() => setMaking(true)}>
                    {t('tokens.add')}
                </Button>
            </p>
            <Show loaded={loaded}>
                {(tokens) => (
                    <DataTable
                        caption={t('settings.tokens_own')}
                        isCaptionHidden
                        rows={tokens}
                        keyOf={({id}) => id}
                        columns={[
                            {title: t('field.name'), cell: ({name}) => <bdi>{name}</bdi>},
                            {title: t('tokens.scopes'), cell: scopesOf},
                            {title: t('tokens.created'), cell: (token) => fullTime(token.created_at)},
                            {
                                title: t('tokens.expires'),
                                cell: ({expires_at: at}) => (at ? fullTime(at) : t('tokens.life_never')),
                            },
                            {
                                title: t('tokens.used'),
                                cell: ({last_used_at: at}) => (at ? fullTime(at) : t('tokens.unused')),
                            },
                            {
                                title: t('table.actions'),
                                cell: (token) => (
                                    <Button kind="danger" onClick={() => setRevoked(token)}>
                                        {t('tokens.revoke')}
                                    </Button>
                                ),
                            },
                        ]}
                    />
                )}
            </Show>
            {isMaking && <NewToken onClose={() => setMaking(false)} onMade={() => void loaded.reload()} />}
            {revoked && (
                <ConfirmRemoval
                    name={revoked.name}
                    onClose={() => setRevoked(null)}
                    onConfirmed={async () => {
                        await remove(`/api/v1/tokens/${revoked.id}`);
                        await loaded.reload();
                    }}
                />
            )}
        </>
    );
}
