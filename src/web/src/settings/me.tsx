// What is mine alone: name, signature, language, look, what follows a resolved conversation.
import type {JSX} from 'preact';
import {useAct} from '../account/act';
import {language, languages, t} from '../i18n/text';
import {type AfterResolve, afterResolve, type Density, density, type Theme, theme} from '../state/preferences';
import {changeMe, signOut} from '../state/profile';
import {me} from '../state/session';
import {say} from '../state/toasts';
import {Form, SelectInput, TextInput, useForm} from '../ui/form';
import {Button} from '../ui/parts';

const themes: readonly Theme[] = ['auto', 'light', 'dark'];
const densities: readonly Density[] = ['comfortable', 'compact'];
const afterwards: readonly AfterResolve[] = ['next', 'list', 'stay'];

function Profile(): JSX.Element {
    const initial = {name: me.value?.name ?? '', signature: me.value?.signature ?? '', language: language.value};
    const form = useForm<{name: string; signature: string; language: string}>(initial, async (values) => {
        await changeMe(values);
        say(t('done.saved'));
    });
    const {values, set} = form;
    return (
        <section class="part" aria-labelledby="profile">
            <h2 id="profile">{t('me.profile')}</h2>
            <p class="explanation">
                <bdi>{me.value?.email}</bdi>
            </p>
            <Form form={form}>
                <TextInput
                    label={t('field.name')}
                    autocomplete="name"
                    required
                    value={values.name}
                    onChange={(name) => set('name', name)}
                />
                <TextInput
                    label={t('me.signature')}
                    help={t('me.signature_help')}
                    rows={4}
                    value={values.signature}
                    onChange={(signature) => set('signature', signature)}
                />
                <SelectInput
                    label={t('me.language')}
                    help={t('me.language_help')}
                    value={values.language}
                    choices={languages.map(({code, name}) => ({value: code, text: name}))}
                    onChange={(code) => set('language', code)}
                />
            </Form>
        </section>
    );
}

function Look(): JSX.Element {
    return (
        <section class="part" aria-labelledby="look">
            <h2 id="look">{t('me.look')}</h2>
            <p class="explanation">{t('me.look_why')}</p>
            <div class="form">
                <SelectInput
                    label={t('me.theme')}
                    value={theme.value}
                    choices={themes.map((value) => ({value, text: t(`me.theme_${value}`)}))}
                    onChange={(value) => {
                        theme.value = value as Theme;
                    }}
                />
                <SelectInput
                    label={t('me.density')}
                    value={density.value}
                    choices={densities.map((value) => ({value, text: t(`me.density_${value}`)}))}
                    onChange={(value) => {
                        density.value = value as Density;
                    }}
                />
                <SelectInput
                    label={t('me.after')}
                    value={afterResolve.value}
                    choices={afterwards.map((value) => ({value, text: t(`me.after_${value}`)}))}
                    onChange={(value) => {
                        afterResolve.value = value as AfterResolve;
                    }}
                />
            </div>
        </section>
    );
}

export default function MySettings(): JSX.Element {
    const {act, problem} = useAct();
    return (
        <>
            <Profile />
            <Look />
            <section class="part" aria-label={t('me.sign_out')}>
                {problem}
                <Button onClick={() => act(signOut)}>{t('me.sign_out')}</Button>
            </section>
        </>
    );
}
