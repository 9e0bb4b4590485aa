// The state of the board: loaded again soon after something happened, and every 15 seconds; when that fails the
// figures stay and say how old they are.
import {useEffect, useState} from 'preact/hooks';
import {get, Problem} from '../api/http';
import {now, setServerNow} from '../i18n/format';
import {listen} from '../live/stream';
import type {Board} from './types';

const SOON_MS = 1000; // after an event; many events make one load
const AGAIN_MS = 15_000;
export const STALE_MS = 30_000;

export interface BoardState {
    board: Board | null;
    problem: Problem | null; // of the last load
    at: number; // the server's now, each second
}

export function useBoard(): BoardState {
    const [state, setState] = useState<Omit<BoardState, 'at'>>({board: null, problem: null});
    const [at, setAt] = useState(now());
    useEffect(() => {
        let soon: ReturnType<typeof setTimeout> | undefined;
        const load = async () => {
            try {
                const board = await get<Board>('/api/v1/reports/board');
                setServerNow(board.at);
                setState({board, problem: null});
            } catch (refused) {
                if (!(refused instanceof Problem)) throw refused;
                setState((before) => ({...before, problem: refused}));
            }
        };
        const happened = () => {
            soon ??= setTimeout(() => {
                soon = undefined;
                void load();
            }, SOON_MS);
        };
        const stop = listen({log: happened, reset: happened});
        const again = setInterval(() => void load(), AGAIN_MS);
        const second = setInterval(() => setAt(now()), 1000);
        void load();
        return () => {
            stop();
            clearTimeout(soon);
            clearInterval(again);
            clearInterval(second);
        };
    }, []);
    return {...state, at};
}

// The screen stays on while the board is looked at, where the browser can do that.
export function useWakeLock(): void {
    useEffect(() => {
        let lock: WakeLockSentinel | undefined;
        let isOver = false;
        const take = () => {
            if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
            navigator.wakeLock.request('screen').then(
                (got) => {
                    lock = got;
                    if (isOver) void got.release();
                },
                () => {}, // refused, such as when the battery is low: the board works without
            );
        };
        take();
        document.addEventListener('visibilitychange', take);
        return () => {
            isOver = true;
            document.removeEventListener('visibilitychange', take);
            void lock?.release();
        };
    }, []);
}
