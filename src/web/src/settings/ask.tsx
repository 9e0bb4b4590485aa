// A question before something that others will notice.
import type {JSX} from 'preact';
import {t} from '../i18n/text';
import {say} from '../state/toasts';
import {Dialog} from '../ui/dialog';
import {Form, useForm} from '../ui/form';
import {Button} from '../ui/parts';

export interface Ask {
    title: string; // also of the button that does it
    text: string;
    done: string;
    run: () => Promise<unknown>;
}

export function AskDialog({ask, onClose}: {ask: Ask; onClose: () => void}): JSX.Element {
    const form = useForm({}, async () => {
        await ask.run();
        onClose();
        say(ask.done);
    });
    return (
        <Dialog title={ask.title} onClose={onClose}>
            <Form form={form} submitText={ask.title} extra={<Button onClick={onClose}>{t('action.cancel')}</Button>}>
                <p>{ask.text}</p>
            </Form>
        </Dialog>
    );
}
