// Loads something for a screen: shows what stands, a skeleton, or the failure with a way on.
import type {JSX} from 'preact';
import {useCallback, useEffect, useState} from 'preact/hooks';
import {Problem} from '../api/http';
import {problemText} from '../state/problems';
import {ErrorState, Skeleton} from './parts';

export interface Loaded<T> {
    data: T | null;
    problem: Problem | null;
    reload: () => Promise<void>;
    set: (data: T) => void;
}

export function useLoad<T>(load: () => Promise<T>, dependencies: readonly unknown[] = []): Loaded<T> {
    const [data, set] = useState<T | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);
    const reload = useCallback(async () => {
        setProblem(null);
        try {
            set(await load());
        } catch (refused) {
            if (!(refused instanceof Problem)) throw refused;
            setProblem(refused);
        }
    }, dependencies);
    useEffect(() => {
        void reload();
    }, [reload]);
    return {data, problem, reload, set};
}

export function Show<T>({loaded, children}: {loaded: Loaded<T>; children: (data: T) => JSX.Element}): JSX.Element {
    if (loaded.problem) return <ErrorState text={problemText(loaded.problem)} retry={() => void loaded.reload()} />;
    return loaded.data === null ? <Skeleton lines={5} /> : children(loaded.data);
}
