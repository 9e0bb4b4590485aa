// What a rule did and why not, the last first.
import type {JSX} from 'preact';
import {get} from '../api/http';
import type {Page} from '../api/types';
import {t} from '../i18n/text';
import {Dialog} from '../ui/dialog';
import {Show, useLoad} from '../ui/load';
import {Time} from '../ui/parts';
import {DataTable} from '../ui/table';
import {facts, type Rule} from './rule-tables';

interface Run {
    id: string;
    conversation_id: string;
    outcome: 'fired' | 'not_matched' | 'limited' | 'failed';
    detail: {condition?: {field: string; operator: string}; [member: string]: unknown};
    recorded_at: string;
}

// Which condition decided it, in the words of the builder.
function why({outcome, detail}: Run): string {
    const field = detail.condition?.field;
    if (outcome !== 'not_matched' || !field) return '';
    const row = facts.find((one) => one.field === field);
    return t('rules.because', {field: row ? t(row.title) : field});
}

export function RuleRuns({rule, onClose}: {rule: Rule; onClose: () => void}): JSX.Element {
    const loaded = useLoad(async () => (await get<Page<Run>>(`/api/v1/rules/${rule.id}/runs`)).items, [rule.id]);
    return (
        <Dialog title={t('rules.runs_of', {name: rule.name})} wide onClose={onClose}>
            <p>{t('rules.runs_help')}</p>
            <Show loaded={loaded}>
                {(runs) => (
                    <DataTable<Run>
                        caption={t('rules.runs')}
                        isCaptionHidden
                        columns={[
                            {title: t('rules.at'), cell: (run) => <Time at={run.recorded_at} />},
                            {
                                title: t('dry_run.conversation'),
                                cell: (run) => (
                                    <a href={`/app/inbox/all/${run.conversation_id}`}>{run.conversation_id}</a>
                                ),
                            },
                            {title: t('rules.outcome'), cell: (run) => t(`outcome.${run.outcome}`)},
                            {title: t('rules.why'), cell: why},
                        ]}
                        rows={runs}
                        keyOf={(run) => run.id}
                    />
                )}
            </Show>
        </Dialog>
    );
}
