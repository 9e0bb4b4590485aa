// Where to go once somebody is in: where the address bar points, unless that is a page about signing in.
const OUTSIDE = /^\/app\/(sign-in|forgot-password|reset-password|accept-invitation|setup)?$/;

export function returnPath(): string {
    const {pathname, search} = window.location;
    return OUTSIDE.test(pathname) ? '/app/inbox' : pathname + search;
}
