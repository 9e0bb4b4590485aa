// The files of what is being written: chosen, dropped or pasted, brought at once, with their progress.
import type {JSX} from 'preact';
import {newKey, Problem, remove} from '../api/http';
import {formatNumber, t} from '../i18n/text';
import {changed, type DraftFile, files} from '../state/draft';
import {problemText} from '../state/problems';
import {say} from '../state/toasts';
import {Icon} from '../ui/icons';
import {Button} from '../ui/parts';
import {fileSize} from './message';

const MAX_BYTES = 25 * 1024 * 1024;
const running = new Map<string, XMLHttpRequest>();

const without = (id: string): readonly DraftFile[] => files.value.filter((file) => file.id !== id);

function set(id: string, file: DraftFile): void {
    changed({files: files.value.map((one) => (one.id === id ? file : one))});
}

function failed(name: string, problem: Problem): void {
    say(t('file.failed', {name, reason: problemText(problem)}), {kind: 'failed'});
}

function ended(call: XMLHttpRequest, file: DraftFile): void {
    running.delete(file.id);
    if (!files.value.some(({id}) => id === file.id)) return; // another conversation is open, or it was removed
    if (call.status === 201) {
        const stored = JSON.parse(call.responseText) as {id: string; size: number};
        set(file.id, {id: stored.id, name: file.name, size: stored.size});
        return;
    }
    changed({files: without(file.id)});
    failed(file.name, new Problem({code: call.status === 0 ? 'offline' : 'upload_refused', status: call.status}));
}

// fetch() tells no progress of what it sends.
function bring(given: File): void {
    const file = {id: `local-${newKey()}`, name: given.name || t('attachment.unnamed'), size: given.size, progress: 0};
    if (given.size > MAX_BYTES) {
        say(t('file.too_big', {name: file.name, size: fileSize(MAX_BYTES)}), {kind: 'failed'});
        return;
    }
    changed({files: [...files.value, file]});
    const call = new XMLHttpRequest();
    running.set(file.id, call);
    call.upload.onprogress = ({loaded, total}) => {
        files.value = files.value.map((one) => (one.id === file.id ? {...one, progress: loaded / total} : one));
    };
    call.onloadend = () => ended(call, file);
    call.open('POST', `/api/v1/uploads?name=${encodeURIComponent(file.name)}`);
    call.setRequestHeader('x-requested-with', 'dialogd');
    call.setRequestHeader('idempotency-key', newKey());
    call.setRequestHeader('content-type', given.type || 'application/octet-stream');
    call.send(given);
}

export function addFiles(list: Iterable<File> | null | undefined): boolean {
    const given = [...(list ?? [])];
    for (const file of given) bring(file);
    return given.length > 0;
}

function drop(file: DraftFile): void {
    changed({files: without(file.id)});
    running.get(file.id)?.abort();
    if (file.progress === undefined) remove(`/api/v1/uploads/${file.id}`).catch(() => {});
}

export function FileTiles(): JSX.Element | null {
    if (files.value.length === 0) return null;
    return (
        <ul class="plain tiles" aria-label={t('file.list')}>
            {files.value.map((file) => (
                <li key={file.id} class="tile">
                    <Icon name="paperclip" /> <bdi>{file.name}</bdi>{' '}
                    <small>
                        {file.progress === undefined
                            ? fileSize(file.size)
                            : t('file.progress', {percent: formatNumber(Math.round(file.progress * 100))})}
                    </small>
                    <Button
                        kind="quiet"
                        icon="cross"
                        title={t('file.remove', {name: file.name})}
                        onClick={() => drop(file)}
                    />
                </li>
            ))}
        </ul>
    );
}

export function FileButton(): JSX.Element {
    return (
        <label class="button quiet only-icon file-button" title={t('file.add')}>
            <Icon name="paperclip" />
            <input
                type="file"
                multiple
                aria-label={t('file.add')}
                onChange={(event) => {
                    addFiles(event.currentTarget.files);
                    event.currentTarget.value = '';
                }}
            />
        </label>
    );
}
