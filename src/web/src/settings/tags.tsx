// Tags: name, colour, how many conversations bear each; two may become one.
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {post} from '../api/http';
import {formatNumber, t} from '../i18n/text';
import {say} from '../state/toasts';
import {Dialog} from '../ui/dialog';
import {CheckInput, Form, SelectInput, TextInput, useForm} from '../ui/form';
import {Button} from '../ui/parts';
import {Resource} from './resource';

interface Tag {
    id: string;
    name: string;
    color: string; // "": none
    conversations: number;
}

interface Merging {
    tag: Tag;
    reload: () => Promise<void>;
}

const FIRST_COLOUR = '#0a7b83';

function MergeDialog({tag, reload, others, onClose}: Merging & {others: readonly Tag[]; onClose: () => void}) {
    const form = useForm({into: others[0]?.id ?? ''}, async ({into}) => {
        await post(`/api/v1/tags/${tag.id}/merge`, {into});
        onClose();
        await reload();
        say(t('done.saved'));
    });
    return (
        <Dialog title={t('tags.merge_title', {name: tag.name})} onClose={onClose}>
            <Form
                form={form}
                submitText={t('tags.merge')}
                extra={<Button onClick={onClose}>{t('action.cancel')}</Button>}
            >
                <p>{t('tags.merge_help')}</p>
                <SelectInput
                    label={t('tags.into')}
                    required
                    value={form.values.into}
                    choices={others.map(({id, name}) => ({value: id, text: name}))}
                    onChange={(into) => form.set('into', into)}
                />
            </Form>
        </Dialog>
    );
}

export default function Tags(): JSX.Element {
    const [merging, setMerging] = useState<Merging | null>(null);
    const [all, setAll] = useState<readonly Tag[]>([]);
    return (
        <>
            <Resource<Tag, {name: string; color: string}>
                path="/api/v1/tags"
                title={t('settings.tags')}
                addText={t('tags.add')}
                removes
                columns={[
                    {title: t('field.name'), cell: (tag) => <bdi>{tag.name}</bdi>},
                    {title: t('tags.conversations'), cell: (tag) => formatNumber(tag.conversations), isNumber: true},
                ]}
                empty={{name: '', color: ''}}
                valuesOf={({name, color}) => ({name, color})}
                nameOf={({name}) => name}
                after={setAll}
                rowActions={(tag, reload) =>
                    all.length > 1 && <Button onClick={() => setMerging({tag, reload})}>{t('tags.merge')}</Button>
                }
                inputs={(form) => (
                    <>
                        <TextInput
                            label={t('field.name')}
                            required
                            value={form.values.name}
                            onChange={(name) => form.set('name', name)}
                        />
                        <CheckInput
                            label={t('tags.has_colour')}
                            value={form.values.color !== ''}
                            onChange={(has) => form.set('color', has ? FIRST_COLOUR : '')}
                        />
                        {form.values.color !== '' && (
                            <TextInput
                                label={t('tags.colour')}
                                type="color"
                                value={form.values.color}
                                onChange={(color) => form.set('color', color)}
                            />
                        )}
                    </>
                )}
            />
            {merging && (
                <MergeDialog
                    {...merging}
                    others={all.filter(({id}) => id !== merging.tag.id)}
                    onClose={() => setMerging(null)}
                />
            )}
        </>
    );
}
