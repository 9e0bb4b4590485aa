// Something that is shown once: to be copied now, or kept as a file.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {t} from '../i18n/text';
import {Button} from '../ui/parts';

function save(text: string, fileName: string): void {
    const url = URL.createObjectURL(new Blob([`${text}\n`], {type: 'text/plain'}));
    const link = Object.assign(document.createElement('a'), {href: url, download: fileName});
    link.click();
    URL.revokeObjectURL(url);
}

export function Secret({lines, label, fileName}: {lines: string[]; label: string; fileName?: string}): JSX.Element {
    const [isCopied, setCopied] = useState(false);
    const text = lines.join('\n');
    // Plain http on a network has no clipboard: the text can be selected.
    const copy = async () => {
        await navigator.clipboard.writeText(text);
        setCopied(true);
    };
    return (
        <div class="secret">
            <ul aria-label={label}>
                {lines.map((line) => (
                    <li key={line}>
                        <code>{line}</code>
                    </li>
                ))}
            </ul>
            <div class="buttons">
                {navigator.clipboard && <Button onClick={() => void copy()}>{t('secret.copy')}</Button>}
                {fileName && <Button onClick={() => save(text, fileName)}>{t('secret.save')}</Button>}
                <span role="status">{isCopied ? t('secret.copied') : ''}</span>
            </div>
        </div>
    );
}
