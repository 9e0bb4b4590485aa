// The page before one is in: a column in the middle, with the choice of language below.
import type {ComponentChildren, JSX} from 'preact';
import {language, languages, setLanguage, t} from '../i18n/text';

function Languages(): JSX.Element {
    return (
        <nav class="languages" aria-label={t('me.language')}>
            {languages.map(({code, name}) => (
                <button
                    key={code}
                    type="button"
                    class="link"
                    lang={code}
                    aria-pressed={language.value === code}
                    onClick={() => void setLanguage(code)}
                >
                    {name}
                </button>
            ))}
        </nav>
    );
}

export function Outside({
    title,
    wide,
    children,
}: {
    title?: string;
    wide?: boolean;
    children: ComponentChildren;
}): JSX.Element {
    return (
        <main class={`sign-in${wide ? ' wide' : ''}`}>
            <p class="sign-in-name">dialogd</p>
            <div class="sign-in-card">
                <h1>{title ?? t('sign_in.title')}</h1>
                {children}
            </div>
            <Languages />
        </main>
    );
}
