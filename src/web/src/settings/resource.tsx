// A resource with few rows, whole: its list, a dialog to add or change one, removal after a question. What a row looks
// like and which inputs it has are its screen's to say.
import type {ComponentChildren, JSX} from 'preact';
import {useState} from 'preact/hooks';
import {get, patch, post, put, remove} from '../api/http';
import type {Page} from '../api/types';
import {t} from '../i18n/text';
import {say} from '../state/toasts';
import {Dialog} from '../ui/dialog';
import {Form, type FormState, useForm, type Values} from '../ui/form';
import {Show, useLoad} from '../ui/load';
import {Button} from '../ui/parts';
import {type Column, DataTable} from '../ui/table';

export interface ResourceProps<T extends {id: string | null; version?: number}, V extends Values> {
    path: string; // GET gives {items}, POST adds, PATCH or PUT and DELETE path/{id}
    title: string;
    columns: readonly Column<T>[];
    addText?: string | undefined; // absent: nothing is added here
    empty: V;
    valuesOf: (row: T) => V;
    bodyOf?: (values: V, row: T | null) => unknown; // the values themselves without it
    inputs: (form: FormState<V>, row: T | null) => ComponentChildren;
    method?: 'PATCH' | 'PUT';
    isFixed?: (row: T) => boolean; // cannot be changed here
    removes?: boolean;
    isWide?: boolean; // its dialog
    nameOf: (row: T) => string;
    after?: (rows: readonly T[]) => void; // each time it was loaded
    rowActions?: (row: T, reload: () => Promise<void>) => ComponentChildren; // beside change and remove
}

interface EditorProps<T extends {id: string | null; version?: number}, V extends Values> {
    resource: ResourceProps<T, V>;
    row: T | null; // null: a new one
    onClose: () => void;
    onSaved: () => void;
}

function Editor<T extends {id: string | null; version?: number}, V extends Values>({
    resource,
    row,
    onClose,
    onSaved,
}: EditorProps<T, V>): JSX.Element {
    const form = useForm<V>(row ? resource.valuesOf(row) : resource.empty, async (values) => {
        const body = resource.bodyOf ? resource.bodyOf(values, row) : values;
        const options = row?.version === undefined ? {} : {version: row.version};
        if (!row) await post(resource.path, body);
        else await (resource.method === 'PUT' ? put : patch)(`${resource.path}/${row.id}`, body, options);
        onClose();
        onSaved();
        say(t('done.saved'));
    });
    return (
        <Dialog
            title={row ? resource.nameOf(row) : (resource.addText ?? '')}
            wide={resource.isWide ?? false}
            onClose={onClose}
        >
            <Form form={form} extra={<Button onClick={onClose}>{t('action.cancel')}</Button>}>
                {resource.inputs(form, row)}
            </Form>
        </Dialog>
    );
}

export function ConfirmRemoval({
    name,
    onClose,
    onConfirmed,
}: {
    name: string;
    onClose: () => void;
    onConfirmed: () => Promise<void>;
}): JSX.Element {
    const form = useForm({}, async () => {
        await onConfirmed();
        onClose();
    });
    return (
        <Dialog title={t('action.remove')} onClose={onClose}>
            <Form
                form={form}
                submitText={t('action.remove')}
                extra={<Button onClick={onClose}>{t('action.cancel')}</Button>}
            >
                <p>{t('question.remove', {name})}</p>
            </Form>
        </Dialog>
    );
}

export function Resource<T extends {id: string | null; version?: number}, V extends Values>(
    resource: ResourceProps<T, V>,
): JSX.Element {
    const loaded = useLoad(async () => {
        const page = await get<Page<T>>(resource.path);
        resource.after?.(page.items);
        return page.items as readonly T[];
    }, [resource.path]);
    const [edited, setEdited] = useState<T | null | 'new'>(null);
    const [removed, setRemoved] = useState<T | null>(null);
    const actions: Column<T> = {
        title: t('table.actions'),
        cell: (row) =>
            !resource.isFixed?.(row) && (
                <div class="buttons">
                    <Button onClick={() => setEdited(row)}>{t('action.change')}</Button>
                    {resource.rowActions?.(row, loaded.reload)}
                    {resource.removes && (
                        <Button kind="danger" onClick={() => setRemoved(row)}>
                            {t('action.remove')}
                        </Button>
                    )}
                </div>
            ),
    };
    return (
        <>
            {resource.addText && (
                <p class="buttons">
                    <Button kind="main" onClick={() => setEdited('new')}>
                        {resource.addText}
                    </Button>
                </p>
            )}
            <Show loaded={loaded}>
                {(rows) => (
                    <DataTable
                        caption={resource.title}
                        isCaptionHidden
                        columns={[...resource.columns, actions]}
                        rows={rows}
                        keyOf={(row) => row.id ?? resource.nameOf(row)}
                    />
                )}
            </Show>
            {edited && (
                <Editor
                    resource={resource}
                    row={edited === 'new' ? null : edited}
                    onClose={() => setEdited(null)}
                    onSaved={() => void loaded.reload()}
                />
            )}
            {removed && (
                <ConfirmRemoval
                    name={resource.nameOf(removed)}
                    onClose={() => setRemoved(null)}
                    onConfirmed={async () => {
                        await remove(`${resource.path}/${removed.id}`);
                        await loaded.reload();
                    }}
                />
            )}
        </>
    );
}
