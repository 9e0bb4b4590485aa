// Which screen an address shows. The inbox is here at once; all others are chunks of their own.
import type {ComponentType} from 'preact';

export interface ScreenRoute {
    pattern: string; // of router.match, or a prefix that ends with /*
    load: () => Promise<{default: ComponentType}>;
}

export const screens: readonly ScreenRoute[] = [
    {pattern: '/settings/*', load: () => import('./settings/screen')},
    {pattern: '/reports/response-times', load: () => import('./reports/screen')},
    {pattern: '/waits', load: () => import('./reports/waits')},
    {pattern: '/waits/{wait}', load: () => import('./reports/wait')},
    {pattern: '/wall', load: () => import('./reports/wall')},
    {pattern: '/customers', load: () => import('./customers/list')},
    {pattern: '/customers/{customer}', load: () => import('./customers/page')},
    {pattern: '/contacts', load: () => import('./customers/redirect')},
    {pattern: '/contacts/{customer}', load: () => import('./customers/redirect')},
    {pattern: '/search', load: () => import('./search/screen')},
    {pattern: '/c/{number}', load: () => import('./search/permalink')},
];

export function screenOf(path: string): ScreenRoute | undefined {
    return screens.find(({pattern}) => {
        if (pattern.endsWith('/*')) return path === pattern.slice(0, -2) || path.startsWith(pattern.slice(0, -1));
        const wanted = pattern.split('/');
        const given = path.split('/');
        return wanted.length === given.length && wanted.every((part, at) => part.startsWith('{') || part === given[at]);
    });
}

const linkScreen = (name: 'ResetPassword' | 'AcceptInvitation') => async () => ({
    default: (await import('./sign-in/link'))[name],
});

// Screens outside the frame, for who is not in yet.
const outside: readonly ScreenRoute[] = [
    {pattern: '/forgot-password', load: () => import('./sign-in/forgotten')},
    {pattern: '/reset-password', load: linkScreen('ResetPassword')},
    {pattern: '/accept-invitation', load: linkScreen('AcceptInvitation')},
    {pattern: '/setup', load: () => import('./setup/screen')},
];

export const outsideScreenOf = (path: string): ScreenRoute | undefined => outside.find(({pattern}) => pattern === path);
