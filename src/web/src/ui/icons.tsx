// The icons of the page: paths on a 24 grid, stroked in the colour of the text (shapes after Lucide, ISC licence).
import type {JSX} from 'preact';

const paths = {
    mail: 'M4 5h16a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM3 7l9 6 9-6',
    chat: 'M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5z',
    hook: 'M9 17a4 4 0 1 1-4-6M12 7a4 4 0 1 1 6 4M15 17h4M12 7l-4 7M15 17l-3-6',
    phone: 'M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A16 16 0 0 1 4 5a1 1 0 0 1 1-1z',
    people: 'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21v-1a6 6 0 0 1 6-6h2a6 6 0 0 1 6 6v1M17 4a4 4 0 0 1 0 7M19 15a5 5 0 0 1 3 5v1',
    inbox: 'M3 13h5l1.5 3h5L16 13h5M5 5h14l2 8v5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-5z',
    search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4',
    check: 'M4 12l5 5L20 6',
    checks: 'M2 13l4 4L15 8M11 15l2 2 9-9',
    clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2',
    question: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 17v.1',
    warning: 'M12 4l9 16H3zM12 10v4M12 17v.1',
    cross: 'M6 6l12 12M18 6L6 18',
    paperclip: 'M20 11l-8 8a5 5 0 0 1-7-7l8-8a3.5 3.5 0 0 1 5 5l-8 8a2 2 0 0 1-3-3l7-7',
    back: 'M15 5l-7 7 7 7',
    more: 'M5 12h.1M12 12h.1M19 12h.1',
    note: 'M5 4h14v11l-5 5H5zM14 20v-5h5',
    chart: 'M4 20V10M10 20V4M16 20v-7M21 20H3',
    settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4',
    menu: 'M4 6h16M4 12h16M4 18h16',
    panel: 'M4 5h16v14H4zM15 5v14',
    undo: 'M8 8H15a5 5 0 0 1 0 10H9M8 8l3-3M8 8l3 3',
    send: 'M4 12l16-8-6 16-3-7z',
    image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.1',
    down: 'M6 9l6 6 6-6',
} as const;

export type IconName = keyof typeof paths;

export function Icon({name, label}: {name: IconName; label?: string}): JSX.Element {
    const named: JSX.SVGAttributes<SVGSVGElement> = label ? {role: 'img', 'aria-label': label} : {'aria-hidden': true};
    return (
        <svg class="icon" viewBox="0 0 24 24" {...named}>
            <path d={paths[name]} />
        </svg>
    );
}

const kinds: Record<string, IconName> = {
    email: 'mail',
    telegram: 'chat',
    generic: 'hook',
    phone: 'phone',
    meeting: 'people',
};

export const kindIcon = (kind: string | undefined): IconName => kinds[kind ?? ''] ?? 'chat';
