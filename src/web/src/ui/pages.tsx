// Lists of many pages, of one address of the API: what stands so far, and a button for more.
import type {JSX} from 'preact';
import {useEffect, useRef, useState} from 'preact/hooks';
import {get, Problem, query} from '../api/http';
import type {Page} from '../api/types';
import {problemText} from '../state/problems';
import {Button, ErrorState, Skeleton} from './parts';

type Parameters = Record<string, string | number | null>;

export interface Pages<T> {
    rows: readonly T[] | null; // null: the first page is on its way
    problem: Problem | null;
    hasMore: boolean;
    more: () => Promise<void>;
}

// path null: nothing is asked. The newest question wins.
export function usePages<T>(path: string | null, parameters: Parameters = {}): Pages<T> {
    const [rows, setRows] = useState<readonly T[] | null>(null);
    const [next, setNext] = useState<string | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);
    const asked = path === null ? '' : query(path, parameters);
    const newest = useRef(asked);
    const load = async (cursor: string | null, before: readonly T[]) => {
        setProblem(null);
        try {
            const page = await get<Page<T>>(query(path!, {...parameters, cursor}));
            if (newest.current !== asked) return;
            setRows([...before, ...page.items]);
            setNext(page.next);
        } catch (refused) {
            if (!(refused instanceof Problem)) throw refused;
            if (newest.current === asked) setProblem(refused);
        }
    };
    useEffect(() => {
        newest.current = asked;
        setRows(null);
        setNext(null);
        if (path !== null) void load(null, []);
        return () => {
            newest.current = '';
        };
    }, [asked]);
    return {rows, problem, hasMore: next !== null, more: () => load(rows ? next : null, rows ?? [])};
}

interface ShowPagesProps<T> {
    pages: Pages<T>;
    moreText: string;
    children: (rows: readonly T[]) => JSX.Element;
}

export function ShowPages<T>({pages, moreText, children}: ShowPagesProps<T>): JSX.Element {
    const {rows, problem, hasMore, more} = pages;
    return (
        <>
            {rows && children(rows)}
            {problem && <ErrorState text={problemText(problem)} retry={() => void more()} />}
            {!rows && !problem && <Skeleton lines={5} />}
            {rows && hasMore && !problem && (
                <p class="buttons">
                    <Button onClick={() => void more()}>{moreText}</Button>
                </p>
            )}
        </>
    );
}
