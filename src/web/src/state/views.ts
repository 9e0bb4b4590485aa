// The views that the reader may use, the built-in ones and the saved, with their counts as the server tells them.
import {signal} from '@preact/signals';
import {get} from '../api/http';
import {listen} from '../live/stream';

export interface View {
    id: string;
    scope: 'built_in' | 'own' | 'team' | 'all';
    team_id: string | null;
    name: string;
    query: string;
    sort: string;
    count?: number | null;
    count_exact?: boolean;
}

export const views = signal<readonly View[]>([]);

export async function loadViews(): Promise<void> {
    try {
        views.value = (await get<{items: View[]}>('/api/v1/views')).items;
    } catch {
        // those that stand go on standing; the next load brings them
    }
}

listen({
    live: ({type, counts}) => {
        if (type !== 'counts') return;
        const news = counts as Record<string, number>;
        views.value = views.value.map((view) => (view.id in news ? {...view, count: news[view.id]!} : view));
    },
    reset: () => void loadViews(),
});

export const savedViews = (): readonly View[] => views.value.filter(({scope}) => scope !== 'built_in');
