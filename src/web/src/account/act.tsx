// A button's act that may be refused: the refusal stands where it was asked for.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {Problem} from '../api/http';
import {problemText} from '../state/problems';

export function useAct(): {act: (run: () => Promise<void>) => void; problem: JSX.Element | null} {
    const [refusal, setRefusal] = useState<Problem | null>(null);
    const act = (run: () => Promise<void>) => {
        setRefusal(null);
        run().catch((refused) => {
            if (!(refused instanceof Problem)) throw refused;
            setRefusal(refused);
        });
    };
    const problem = refusal && (
        <p class="remark bad" role="alert">
            {problemText(refusal)}
        </p>
    );
    return {act, problem};
}
