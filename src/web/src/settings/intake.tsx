// Deliveries that made no message: why, what came as it came, decoding it again, setting it aside.
import type {JSX} from 'preact';
import {get, post, query} from '../api/http';
import type {Page} from '../api/types';
import {t, textOf} from '../i18n/text';
import {place, setQuery} from '../router';
import {channels} from '../state/session';
import {say} from '../state/toasts';
import {SelectInput} from '../ui/form';
import {Show, useLoad} from '../ui/load';
import {Button, Time} from '../ui/parts';
import {DataTable} from '../ui/table';
import {useAct} from './act';

interface Delivery {
    id: string;
    channel_id: string;
    source: string;
    state: 'stored' | 'duplicate' | 'quarantined' | 'refused';
    reason: string | null;
    received_at: string;
    has_raw: boolean;
}

const states = ['quarantined', 'refused'] as const;

function Acts({delivery, onDone}: {delivery: Delivery; onDone: () => void}): JSX.Element {
    const act = useAct();
    const path = `/api/v1/intake/${delivery.id}`;
    const replay = async () => {
        const after = await post<Delivery>(`${path}/replay`, {});
        say(textOf(`intake.after_${after.state}`) ?? after.state);
        onDone();
    };
    const dismiss = async () => {
        await post(`${path}/dismiss`, {});
        say(t('intake.after_refused'));
        onDone();
    };
    return (
        <>
            <div class="buttons">
                {delivery.has_raw && (
                    <a class="button" href={`${path}/raw`} download={`${delivery.id}.eml`}>
                        {t('intake.raw')}
                    </a>
                )}
                {delivery.state === 'quarantined' && (
                    <>
                        <Button disabled={act.isBusy} onClick={() => act.run(replay)}>
                            {t('intake.replay')}
                        </Button>
                        <Button disabled={act.isBusy} onClick={() => act.run(dismiss)}>
                            {t('intake.dismiss')}
                        </Button>
                    </>
                )}
            </div>
            {act.remark}
        </>
    );
}

export default function Intake(): JSX.Element {
    const state = place.value.query.get('state') ?? 'quarantined';
    const path = query('/api/v1/intake', {state, limit: 50, cursor: place.value.query.get('cursor')});
    const loaded = useLoad(() => get<Page<Delivery>>(path), [path]);
    return (
        <>
            <p class="explanation">{t('intake.why')}</p>
            <div class="filters">
                <SelectInput
                    label={t('channels.state')}
                    value={state}
                    choices={states.map((value) => ({value, text: t(`ledger.${value}`)}))}
                    onChange={(value) => setQuery({state: value, cursor: null})}
                />
            </div>
            <Show loaded={loaded}>
                {(page) => (
                    <>
                        <DataTable<Delivery>
                            caption={t('settings.intake')}
                            isCaptionHidden
                            rows={page.items}
                            keyOf={({id}) => id}
                            empty={t('intake.empty')}
                            columns={[
                                {title: t('intake.received'), cell: ({received_at: at}) => <Time at={at} />},
                                {
                                    title: t('intake.channel'),
                                    cell: ({channel_id: id, source}) => (
                                        <bdi>{channels.value.get(id)?.name ?? source}</bdi>
                                    ),
                                },
                                {title: t('intake.reason'), cell: ({reason}) => <bdi>{reason}</bdi>},
                                {
                                    title: t('table.actions'),
                                    cell: (delivery) => (
                                        <Acts delivery={delivery} onDone={() => void loaded.reload()} />
                                    ),
                                },
                            ]}
                        />
                        {page.next && (
                            <p class="buttons">
                                <Button onClick={() => setQuery({cursor: page.next}, {replace: false})}>
                                    {t('audit.older')}
                                </Button>
                            </p>
                        )}
                    </>
                )}
            </Show>
        </>
    );
}
