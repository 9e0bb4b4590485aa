// Which chooser stands over the inbox; the choosers themselves are a chunk of their own.
import {signal} from '@preact/signals';

export type Choice = 'assign' | 'place' | 'tags' | 'priority' | 'status' | 'snooze' | 'more' | 'save-view';

export const choosing = signal<Choice | null>(null);

export const choose = (what: Choice) => (): void => {
    choosing.value = what;
};
