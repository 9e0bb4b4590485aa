// What is mine alone: language, look, what follows a resolved conversation.
import type {JSX} from 'preact';
import {type Language, language, languages, setLanguage, t} from '../i18n/text';
import {type AfterResolve, afterResolve, type Density, density, type Theme, theme} from '../state/preferences';
import {SelectInput} from '../ui/form';

const themes: readonly Theme[] = ['auto', 'light', 'dark'];
const densities: readonly Density[] = ['comfortable', 'compact'];
const afterwards: readonly AfterResolve[] = ['next', 'list', 'stay'];

export default function MySettings(): JSX.Element {
    return (
        <div class="form">
            <SelectInput
                label={t('me.language')}
                value={language.value}
                choices={languages.map(({code, name}) => ({value: code, text: name}))}
                onChange={(code) => void setLanguage(code as Language)}
            />
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
    );
}
