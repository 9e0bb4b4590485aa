// One act of a button in the settings: busy while it lasts, its refusal in words where it was asked for.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {Problem} from '../api/http';
import {t} from '../i18n/text';
import {problemText} from '../state/problems';
import {say} from '../state/toasts';
import {Button} from '../ui/parts';

export interface Act {
    run: (act: () => Promise<void>) => void;
    isBusy: boolean;
    remark: JSX.Element | null; // the refusal of the last act
}

export function useAct(): Act {
    const [problem, setProblem] = useState<Problem | null>(null);
    const [isBusy, setBusy] = useState(false);
    const run = async (act: () => Promise<void>) => {
        setBusy(true);
        setProblem(null);
        try {
            await act();
        } catch (refused) {
            if (!(refused instanceof Problem)) throw refused;
            setProblem(refused);
        } finally {
            setBusy(false);
        }
    };
    const remark = problem && (
        <p class="remark bad" role="alert">
            {problemText(problem)}
        </p>
    );
    return {run: (act) => void run(act), isBusy, remark};
}

// Something to take along: shown whole, copied by a button.
export function Copyable({label, value}: {label: string; value: string}): JSX.Element {
    const copy = () =>
        navigator.clipboard?.writeText(value).then(
            () => say(t('done.copied')),
            () => say(t('done.not_copied')),
        ) ?? say(t('done.not_copied'));
    return (
        <p class="copyable">
            <span>{label}</span>
            <code>{value}</code>
            <Button title={`${t('action.copy')}: ${label}`} onClick={() => void copy()}>
                {t('action.copy')}
            </Button>
        </p>
    );
}
