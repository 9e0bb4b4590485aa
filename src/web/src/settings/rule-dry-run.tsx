// What the rule would do to the conversations that are there; nothing is written.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {get, Problem, post} from '../api/http';
import type {Conversation} from '../api/types';
import {t, textOf} from '../i18n/text';
import {problemText} from '../state/problems';
import {Button} from '../ui/parts';
import {DataTable} from '../ui/table';

const SHOWN = 20;

interface Would {
    conversation: Conversation;
    actions: readonly string[];
}

interface Result {
    looked_at: number;
    matched: number;
    is_complete: boolean;
    items: readonly {conversation_id: string; actions: readonly string[]}[];
}

type Outcome = {result: Result; rows: readonly Would[]} | {problem: Problem};

async function ask(rule: unknown): Promise<Outcome> {
    const result = await post<Result>('/api/v1/rules/dry-run', {rule, limit: SHOWN});
    const rows = await Promise.all(
        result.items.map(async ({conversation_id, actions}) => ({
            conversation: await get<Conversation>(`/api/v1/conversations/${conversation_id}`),
            actions,
        })),
    );
    return {result, rows};
}

const actionText = (name: string): string => textOf(`act.${name}`) ?? name;

function Found({result, rows}: {result: Result; rows: readonly Would[]}): JSX.Element {
    return (
        <>
            <p role="status" class="remark">
                {t(result.is_complete ? 'dry_run.found' : 'dry_run.found_in_time', {
                    matched: result.matched,
                    looked: result.looked_at,
                })}
            </p>
            {rows.length > 0 && (
                <DataTable<Would>
                    caption={t('dry_run.title')}
                    isCaptionHidden
                    columns={[
                        {title: t('dry_run.conversation'), cell: (row) => <bdi>{row.conversation.subject}</bdi>},
                        {title: t('dry_run.customer'), cell: (row) => <bdi>{row.conversation.customer.name}</bdi>},
                        {title: t('rules.then'), cell: (row) => row.actions.map(actionText).join(', ')},
                    ]}
                    rows={rows}
                    keyOf={(row) => row.conversation.id}
                />
            )}
        </>
    );
}

export function DryRun({draft}: {draft: () => unknown}): JSX.Element {
    const [outcome, setOutcome] = useState<Outcome | null>(null);
    const [isBusy, setBusy] = useState(false);
    const run = async () => {
        setBusy(true);
        const answer = await ask(draft()).catch((problem) => {
            if (!(problem instanceof Problem)) throw problem;
            return {problem};
        });
        setOutcome(answer);
        setBusy(false);
    };
    return (
        <div class="field">
            <Button disabled={isBusy} onClick={() => void run()}>
                {t('dry_run.run')}
            </Button>
            {outcome &&
                ('problem' in outcome ? (
                    <p class="remark bad" role="alert">
                        {problemText(outcome.problem)}
                    </p>
                ) : (
                    <Found {...outcome} />
                ))}
        </div>
    );
}
