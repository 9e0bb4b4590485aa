// What a reader chose for this browser: theme, density, what follows a resolved conversation.
import {computed, effect, type Signal, signal} from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';
export type AfterResolve = 'next' | 'list' | 'stay';

function stored<T extends string>(name: string, choices: readonly T[]): Signal<T> {
    let initial = choices[0]!;
    try {
        const kept = localStorage.getItem(`dialogd-${name}`) as T;
        if (choices.includes(kept)) initial = kept;
    } catch {
        // storage may be closed to us
    }
    const value = signal<T>(initial);
    effect(() => {
        try {
            localStorage.setItem(`dialogd-${name}`, value.value);
        } catch {
            // kept for this visit alone
        }
    });
    return value;
}

export const theme = stored<Theme>('theme', ['auto', 'light', 'dark']);
export const density = stored<Density>('density', ['comfortable', 'compact']);
export const afterResolve = stored<AfterResolve>('after-resolve', ['next', 'list', 'stay']);
const wantsPanel = stored<'yes' | 'no'>('panel', ['yes', 'no']);
const isWide = window.matchMedia('(min-width: 1200px)');
const drawerIsOpen = signal(false);
const wide = signal(isWide.matches);
isWide.addEventListener('change', () => {
    wide.value = isWide.matches;
});

// Beside the conversation where there is room, else a drawer that begins closed.
export const showsPanel = computed(() => (wide.value ? wantsPanel.value === 'yes' : drawerIsOpen.value));

export function togglePanel(): void {
    if (wide.value) wantsPanel.value = wantsPanel.value === 'yes' ? 'no' : 'yes';
    else drawerIsOpen.value = !drawerIsOpen.value;
}

effect(() => {
    if (theme.value === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme.value;
});
