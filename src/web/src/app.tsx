// The frame: who may be here, navigation, the screen that the address names, and what lies over all of them.
import type {JSX} from 'preact';
import {useEffect} from 'preact/hooks';
import {t, textOf} from './i18n/text';
import {InboxScreen} from './inbox/screen';
import {Count, SavedViews} from './inbox/view-nav';
import {fixedViews} from './inbox/views';
import {addCommands} from './keys/commands';
import {startKeys} from './keys/dispatch';
import {followEvents} from './live/follow';
import {linkState} from './live/stream';
import {HelpSheet, helpIsOpen} from './overlay/help';
import {Palette, paletteIsOpen} from './overlay/palette';
import {go, place} from './router';
import {outsideScreenOf, screenOf} from './screens';
import {SignIn, SignInAgain} from './sign-in/screen';
import {confirmation} from './state/confirmation';
import {isOffline, pendingCount} from './state/pending';
import {problemText} from './state/problems';
import {signOut} from './state/profile';
import {failure, gate, may, me, needsSignIn} from './state/session';
import {dropToast, say, toasts} from './state/toasts';
import {Icon} from './ui/icons';
import {Lazy} from './ui/lazy';
import {Avatar, Button, EmptyState} from './ui/parts';

const supervising = [
    {path: '/reports/response-times', title: 'command.reports', keys: 'g r'},
    {path: '/wall', title: 'command.wall', keys: 'g w'},
] as const;

function Navigation(): JSX.Element {
    return (
        <nav class="navigation" aria-label={t('navigation.label')}>
            <a class="brand" href="/app/inbox">
                dialogd
            </a>
            <ul>
                {fixedViews.map((view) => {
                    const isHere =
                        place.value.path === `/inbox/${view.id}` ||
                        (view.id === 'open' && place.value.path === '/inbox');
                    return (
                        <li key={view.id}>
                            <a href={`/app/inbox/${view.id}`} aria-current={isHere ? 'page' : undefined}>
                                {t(view.title)} <Count id={view.id} />
                            </a>
                        </li>
                    );
                })}
                {may('report_read') &&
                    supervising.map(({path, title}) => (
                        <li key={path}>
                            <a href={`/app${path}`} aria-current={place.value.path === path ? 'page' : undefined}>
                                {t(title)}
                            </a>
                        </li>
                    ))}
            </ul>
            <SavedViews />
            <footer>
                {may('customer_read') && (
                    <a class="settings-link" href="/app/customers">
                        <Icon name="people" /> {t('customers.title')}
                    </a>
                )}
                <a class="settings-link" href="/app/settings/me">
                    <Icon name="settings" /> {t('settings.label')}
                </a>
                <Link />
                {me.value && (
                    <a class="me" href="/app/settings/me">
                        <Avatar name={me.value.name} /> <bdi>{me.value.name}</bdi>
                    </a>
                )}
            </footer>
        </nav>
    );
}

function Link(): JSX.Element {
    return (
        <span class={`link-state ${linkState.value}`} role="status">
            <i aria-hidden="true" /> {t(`link.${linkState.value}`)}
        </span>
    );
}

function Banner(): JSX.Element | null {
    if (!isOffline.value) return null;
    return (
        <p class="banner" role="alert">
            <Icon name="warning" /> {t('banner.offline', {count: pendingCount.value})}
        </p>
    );
}

function Toasts(): JSX.Element {
    return (
        <div class="toasts" role="status">
            {toasts.value.map((toast) => (
                <p key={toast.id} class={`toast ${toast.kind}`}>
                    <span>{toast.text}</span>
                    {toast.undo && (
                        <Button
                            kind="quiet"
                            icon="undo"
                            command="undo"
                            onClick={() => {
                                dropToast(toast.id);
                                toast.undo?.();
                            }}
                        >
                            {t('action.undo')}
                        </Button>
                    )}
                    <Button kind="quiet" icon="cross" title={t('action.close')} onClick={() => dropToast(toast.id)} />
                </p>
            ))}
        </div>
    );
}

function Screen(): JSX.Element {
    const {path} = place.value;
    if (path === '/' || path === '/inbox' || path.startsWith('/inbox/')) return <InboxScreen />;
    const route = screenOf(path);
    if (route) return <Lazy key={route.pattern} load={route.load} />;
    return (
        <EmptyState text={t('screen.unknown')}>
            <a href="/app/inbox">{t('view.open')}</a>
        </EmptyState>
    );
}

const general = [
    {
        id: 'palette',
        title: 'command.palette',
        keys: ['Mod+K'],
        group: 'general',
        inFields: true,
        run: () => {
            paletteIsOpen.value = true;
        },
    },
    {
        id: 'help',
        title: 'command.help',
        keys: ['?'],
        group: 'general',
        run: () => {
            helpIsOpen.value = true;
        },
    },
    {
        id: 'sign-out',
        title: 'me.sign_out',
        keys: [],
        group: 'general',
        run: () => void signOut().catch((problem) => say(problemText(problem), {kind: 'failed'})),
    },
    ...supervising.map(({path, title, keys}) => ({
        id: title.slice('command.'.length),
        title,
        keys: [keys],
        group: 'go',
        when: () => may('report_read'),
        run: () => go(path),
    })),
] as Parameters<typeof addCommands>[0];

const loadConfirm = () => import('./account/confirm');

function Inside(): JSX.Element {
    const isInbox = /^\/(inbox(\/|$)|$)/.test(place.value.path); // its list begins the stream
    useEffect(() => {
        if (!isInbox) void followEvents();
    }, [isInbox]);
    useEffect(() => {
        const stops = [startKeys(), addCommands(general)];
        const refusal = place.value.query.get('sign_in_error'); // of a provider whose account was to be linked
        if (refusal) say(textOf(`problem.${refusal}`) ?? t('problem.unknown', {code: refusal}), {kind: 'failed'});
        if (['/', '/sign-in'].includes(place.value.path)) go('/inbox', {replace: true});
        return () => {
            for (const stop of stops) stop();
        };
    }, []);
    return (
        <div class="frame">
            <a class="skip" href="#main">
                {t('action.skip')}
            </a>
            <Navigation />
            <main id="main">
                <Banner />
                <Screen />
            </main>
            <Toasts />
            {paletteIsOpen.value && <Palette />}
            {helpIsOpen.value && <HelpSheet />}
            {needsSignIn.value && <SignInAgain />}
            {confirmation.value && <Lazy load={loadConfirm} />}
        </div>
    );
}

export function App(): JSX.Element {
    const outside = outsideScreenOf(place.value.path);
    if (outside) return <Lazy key={outside.pattern} load={outside.load} />;
    if (gate.value === 'starting') return <div class="starting" aria-busy="true" />;
    if (gate.value === 'failed')
        return (
            <EmptyState text={t('start.failed', {code: failure.value?.code ?? ''})}>
                <Button onClick={() => location.reload()}>{t('action.retry')}</Button>
            </EmptyState>
        );
    if (gate.value === 'in' || me.value) return <Inside />;
    return <SignIn />;
}
