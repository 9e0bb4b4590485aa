// Proving once more who it is, before what matters: one dialog for all calls that wait for it.
import {signal} from '@preact/signals';
import {whenConfirmationNeeded} from '../api/http';

let waiting: Promise<boolean> | null = null;

// Ends the dialog that stands; null: none does.
export const confirmation = signal<((isConfirmed: boolean) => void) | null>(null);

whenConfirmationNeeded(() => {
    waiting ??= new Promise<boolean>((resolve) => {
        confirmation.value = resolve;
    }).finally(() => {
        confirmation.value = null;
        waiting = null;
    });
    return waiting;
});
