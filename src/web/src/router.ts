// Where the reader is: the path and query of the address bar as a signal. Screens are chosen by app.tsx; links are
// ordinary <a>, caught here.
import {signal} from '@preact/signals';

export interface Place {
    path: string; // without /app, "/inbox/open"
    query: URLSearchParams;
    hash: string;
}

function read(): Place {
    const {pathname, search, hash} = window.location;
    return {path: pathname.replace(/^\/app/, '') || '/', query: new URLSearchParams(search), hash: hash.slice(1)};
}

export const place = signal<Place>(read());

window.addEventListener('popstate', () => {
    place.value = read();
});

// path as in Place, or with its query.
export function go(path: string, {replace = false}: {replace?: boolean} = {}): void {
    const target = `/app${path}`;
    if (target === window.location.pathname + window.location.search) return;
    if (replace) history.replaceState(null, '', target);
    else history.pushState(null, '', target);
    place.value = read();
}

// Sets or clears (null) members of the query of the present place.
export function setQuery(changes: Record<string, string | null>, options: {replace?: boolean} = {replace: true}): void {
    const query = new URLSearchParams(place.value.query);
    for (const [name, value] of Object.entries(changes)) {
        if (value === null) query.delete(name);
        else query.set(name, value);
    }
    const text = query.toString();
    go(place.value.path + (text ? `?${text}` : ''), options);
}

document.addEventListener('click', (event) => {
    if (
        event.defaultPrevented ||
        event.button !== 0 ||
        event.metaKey ||
        event.ctrlKey ||
        event.shiftKey ||
        event.altKey
    )
        return;
    const link = (event.target as Element | null)?.closest?.('a[href^="/app/"]') as HTMLAnchorElement | null;
    if (!link || (link.target && link.target !== '_self')) return;
    event.preventDefault();
    go(link.pathname.replace(/^\/app/, '') + link.search);
});

// "/customers/{id}" against the path: its parameters, or null.
export function match(pattern: string, path: string): Record<string, string> | null {
    const wanted = pattern.split('/');
    const given = path.split('/');
    const found: Record<string, string> = {};
    if (wanted.length !== given.length) return null;
    for (const [at, part] of wanted.entries()) {
        const value = given[at]!;
        if (part.startsWith('{')) found[part.slice(1, -1)] = decodeURIComponent(value);
        else if (part !== value) return null;
    }
    return found;
}
