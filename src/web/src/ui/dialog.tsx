// A modal dialog on the platform's own element: focus stays inside, Escape closes, focus returns.
import type {ComponentChildren, JSX} from 'preact';
import {useLayoutEffect, useRef} from 'preact/hooks';
import {t} from '../i18n/text';
import {Button} from './parts';

interface DialogProps {
    title: string;
    onClose: () => void;
    children: ComponentChildren;
    wide?: boolean;
    isFixed?: boolean; // cannot be closed: signing in again
}

export function Dialog({title, onClose, children, wide, isFixed}: DialogProps): JSX.Element {
    const element = useRef<HTMLDialogElement>(null);
    // Before the next key press: letters typed right after must land inside.
    useLayoutEffect(() => {
        const before = document.activeElement as HTMLElement | null;
        element.current?.showModal();
        element.current?.querySelector<HTMLElement>('.body input, .body textarea, .body select, .body button')?.focus();
        return () => before?.focus?.();
    }, []);
    return (
        // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the key that closes it (onCancel)
        <dialog
            ref={element}
            class={wide ? 'wide' : ''}
            aria-label={title}
            onCancel={(event) => {
                event.preventDefault();
                if (!isFixed) onClose();
            }}
            onClick={(event) => !isFixed && event.target === element.current && onClose()}
        >
            <header>
                <h2>{title}</h2>
                {!isFixed && <Button icon="cross" kind="quiet" title={t('action.close')} onClick={onClose} />}
            </header>
            <div class="body">{children}</div>
        </dialog>
    );
}
