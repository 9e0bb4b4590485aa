// The views of the left column: fixed ones with their texts, and saved ones from the server.
import type {Key} from '../i18n/text';

export interface FixedView {
    id: string;
    title: Key;
    chord?: string;
}

export const fixedViews: readonly FixedView[] = [
    {id: 'open', title: 'view.open', chord: 'g i'},
    {id: 'mine', title: 'view.mine', chord: 'g m'},
    {id: 'unassigned', title: 'view.unassigned', chord: 'g u'},
    {id: 'waiting', title: 'view.waiting', chord: 'g s'},
    {id: 'mentions', title: 'view.mentions', chord: 'g n'},
    {id: 'drafts', title: 'view.drafts', chord: 'g d'},
    {id: 'pending', title: 'view.pending'},
    {id: 'snoozed', title: 'view.snoozed'},
    {id: 'resolved', title: 'view.resolved'},
    {id: 'all', title: 'view.all'},
];
