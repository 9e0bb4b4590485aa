// What the mail server holds against what is stored, a row a folder.
import type {JSX} from 'preact';
import {get} from '../api/http';
import {formatNumber, t} from '../i18n/text';
import {Show, useLoad} from '../ui/load';
import {Time} from '../ui/parts';
import {DataTable} from '../ui/table';

interface Folder {
    folder: string;
    looked_at: string | null;
    server?: number;
    stored?: number;
    duplicate?: number;
    quarantined?: number;
    refused?: number;
    missing?: number;
    gone?: number;
}

const counts = ['server', 'stored', 'duplicate', 'quarantined', 'refused', 'missing', 'gone'] as const;

export function ChannelLedger({id}: {id: string}): JSX.Element {
    const loaded = useLoad(async () => (await get<{items: Folder[]}>(`/api/v1/channels/${id}/ledger`)).items, [id]);
    return (
        <Show loaded={loaded}>
            {(rows) => (
                <DataTable<Folder>
                    caption={t('channels.ledger')}
                    rows={rows}
                    keyOf={({folder}) => folder}
                    empty={t('channels.ledger_empty')}
                    columns={[
                        {title: t('channels.folder'), cell: ({folder}) => <bdi>{folder}</bdi>},
                        ...counts.map((name) => ({
                            title: t(`ledger.${name}`),
                            cell: (row: Folder) => (row[name] === undefined ? '' : formatNumber(row[name])),
                            isNumber: true,
                        })),
                        {
                            title: t('channels.looked_at'),
                            cell: ({looked_at: at}) => (at ? <Time at={at} /> : t('answer.never')),
                        },
                    ]}
                />
            )}
        </Show>
    );
}
