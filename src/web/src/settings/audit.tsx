// The audit log: who did what that matters to security. Filters and the page stand in the address.
import type {JSX} from 'preact';
import {get, query} from '../api/http';
import type {Page} from '../api/types';
import {fullTime} from '../i18n/format';
import {t} from '../i18n/text';
import {place, setQuery} from '../router';
import {agentName, agents} from '../state/session';
import {SelectInput, TextInput} from '../ui/form';
import {Show, useLoad} from '../ui/load';
import {Button} from '../ui/parts';
import {DataTable} from '../ui/table';

interface AuditRow {
    id: string;
    actor: string;
    actor_id: string | null;
    action: string;
    object: string;
    object_id: string | null;
    recorded_at: string;
    data: Record<string, unknown>;
}

const instantOf = (day: string | null): string | null => {
    const at = new Date(`${day}T00:00`);
    return day && !Number.isNaN(at.getTime()) ? at.toISOString() : null;
};

const filter = (name: string) => (value: string) => setQuery({[name]: value || null, cursor: null});

function Filters(): JSX.Element {
    const given = place.value.query;
    const everybody = [...agents.value.values()].map(({id, name}) => ({value: id, text: name}));
    return (
        <div class="filters">
            <TextInput
                label={t('audit.action')}
                type="search"
                value={given.get('action') ?? ''}
                onChange={filter('action')}
            />
            <SelectInput
                label={t('audit.agent')}
                value={given.get('agent') ?? ''}
                choices={[{value: '', text: t('audit.everybody')}, ...everybody]}
                onChange={filter('agent')}
            />
            <TextInput label={t('audit.from')} type="date" value={given.get('from') ?? ''} onChange={filter('from')} />
            <TextInput label={t('audit.to')} type="date" value={given.get('to') ?? ''} onChange={filter('to')} />
        </div>
    );
}

const detailsOf = ({data}: AuditRow): string =>
    Object.entries(data)
        .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(', ');

function Rows({page}: {page: Page<AuditRow>}): JSX.Element {
    return (
        <>
            <DataTable<AuditRow>
                caption={t('settings.audit')}
                isCaptionHidden
                rows={page.items}
                keyOf={({id}) => id}
                columns={[
                    {title: t('audit.at'), cell: ({recorded_at: at}) => <time dateTime={at}>{fullTime(at)}</time>},
                    {
                        title: t('audit.agent'),
                        cell: ({actor, actor_id: id}) => <bdi>{agentName(id) || actor}</bdi>,
                    },
                    {title: t('audit.action'), cell: ({action}) => <code>{action}</code>},
                    {
                        title: t('audit.object'),
                        cell: ({object, object_id: id}) => `${object} ${id ?? ''}`,
                    },
                    {title: t('audit.details'), cell: (row) => <bdi>{detailsOf(row)}</bdi>},
                ]}
            />
            <p class="buttons">
                {place.value.query.get('cursor') && (
                    <Button onClick={() => setQuery({cursor: null})}>{t('audit.newest')}</Button>
                )}
                {page.next && (
                    <Button onClick={() => setQuery({cursor: page.next}, {replace: false})}>{t('audit.older')}</Button>
                )}
            </p>
        </>
    );
}

export default function Audit(): JSX.Element {
    const given = place.value.query;
    const path = query('/api/v1/audit', {
        limit: 50,
        action: given.get('action'),
        agent: given.get('agent'),
        from: instantOf(given.get('from')),
        to: instantOf(given.get('to')),
        cursor: given.get('cursor'),
    });
    const loaded = useLoad(() => get<Page<AuditRow>>(path), [path]);
    return (
        <>
            <Filters />
            <Show loaded={loaded}>{(page) => <Rows page={page} />}</Show>
        </>
    );
}
