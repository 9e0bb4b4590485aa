// Loads for the reports: what stands is kept while the next is on its way, and answers that come late are dropped.
import {useEffect, useState} from 'preact/hooks';
import {get, Problem} from '../api/http';

export interface Fresh<T> {
    data: T | null;
    problem: Problem | null;
    isLoading: boolean;
    reload: () => void;
}

export function useFresh<T>(path: string): Fresh<T> {
    const [turn, setTurn] = useState(0);
    const [state, setState] = useState<Omit<Fresh<T>, 'reload'>>({data: null, problem: null, isLoading: true});
    useEffect(() => {
        const abort = new AbortController();
        setState((before) => ({...before, problem: null, isLoading: true}));
        get<T>(path, {signal: abort.signal}).then(
            (data) => !abort.signal.aborted && setState({data, problem: null, isLoading: false}),
            (problem) => {
                if (abort.signal.aborted) return;
                if (!(problem instanceof Problem)) throw problem;
                setState((before) => ({...before, problem, isLoading: false}));
            },
        );
        return () => abort.abort();
    }, [path, turn]);
    return {...state, reload: () => setTurn((before) => before + 1)};
}
