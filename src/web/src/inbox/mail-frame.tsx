// A mail's own markup in a document of its own: sandboxed, without scripts, its policy in the answer's header (ui.md
// 2.1). The page only measures its height and hands its keys on.
import type {JSX} from 'preact';
import {useEffect, useRef, useState} from 'preact/hooks';
import {t} from '../i18n/text';

const MIN_HEIGHT = 40;
const MAX_HEIGHT = 6000;

function forwardKeys(frame: Document): void {
    frame.addEventListener('keydown', (event) => {
        const copy = new KeyboardEvent('keydown', {
            key: event.key,
            ctrlKey: event.ctrlKey,
            metaKey: event.metaKey,
            shiftKey: event.shiftKey,
            altKey: event.altKey,
            bubbles: true,
            cancelable: true,
        });
        if (!document.dispatchEvent(copy)) event.preventDefault();
    });
}

export function MailFrame({message, title}: {message: string; title: string}): JSX.Element {
    const frame = useRef<HTMLIFrameElement>(null);
    const [height, setHeight] = useState(MIN_HEIGHT);
    useEffect(() => {
        const element = frame.current;
        if (!element) return;
        let watch: ResizeObserver | null = null;
        const measure = () => {
            const inner = element.contentDocument;
            if (!inner?.documentElement) return;
            setHeight(Math.min(MAX_HEIGHT, Math.max(MIN_HEIGHT, inner.documentElement.scrollHeight)));
        };
        const loaded = () => {
            const inner = element.contentDocument;
            if (!inner?.body) return;
            forwardKeys(inner);
            measure();
            watch = new ResizeObserver(measure);
            watch.observe(inner.body);
        };
        element.addEventListener('load', loaded);
        return () => {
            element.removeEventListener('load', loaded);
            watch?.disconnect();
        };
    }, [message]);
    return (
        <iframe
            ref={frame}
            class="mail-frame"
            title={t('message.frame', {title})}
            src={`/api/v1/messages/${message}/html`}
            sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
            referrerpolicy="no-referrer"
            loading="lazy"
            height={height}
        />
    );
}
