// One tab of a browser holds the event stream for all: HTTP/1.1 gives a host six connections, and ten tabs would use
// them up. Web Locks choose it where there are (secure contexts), a lease in localStorage elsewhere.
const LOCK = 'dialogd-events';
const LEASE_MS = 3000;

// Calls lead when this tab is chosen; the signal ends with the tab or stop().
export function whenLeader(lead: (signal: AbortSignal) => Promise<void>): () => void {
    const ending = new AbortController();
    if (navigator.locks) {
        navigator.locks.request(LOCK, {signal: ending.signal}, () => lead(ending.signal)).catch(() => {});
    } else {
        leaseLoop(lead, ending.signal);
    }
    return () => ending.abort();
}

interface Lease {
    tab: string;
    until: number;
}

function readLease(): Lease | null {
    try {
        return JSON.parse(localStorage.getItem(LOCK) ?? 'null') as Lease | null;
    } catch {
        return null;
    }
}

function leaseLoop(lead: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): void {
    const tab = String(Math.random());
    let leading: AbortController | null = null;
    const beat = () => {
        const lease = readLease();
        const isMine = lease?.tab === tab;
        if (lease && !isMine && lease.until > Date.now()) {
            leading?.abort();
            leading = null;
            return;
        }
        localStorage.setItem(LOCK, JSON.stringify({tab, until: Date.now() + LEASE_MS}));
        if (leading || !isMine) return; // leads from the second beat on: two tabs may have written at once
        leading = new AbortController();
        void lead(leading.signal);
    };
    const timer = setInterval(beat, LEASE_MS / 3);
    signal.addEventListener('abort', () => {
        clearInterval(timer);
        leading?.abort();
        if (readLease()?.tab === tab) localStorage.removeItem(LOCK);
    });
}
