// Custom fields of conversations and customers. What kind one is and how it is called by programs stays for good.
import type {JSX} from 'preact';
import {formatNumber, t} from '../i18n/text';
import {CheckInput, type FormState, SelectInput, TextInput} from '../ui/form';
import {Resource} from './resource';

const kinds = ['text', 'number', 'date', 'boolean', 'choice', 'url'] as const;
const objects = ['conversation', 'customer'] as const;

interface Field {
    id: string;
    version: number;
    object: (typeof objects)[number];
    key: string;
    label: string;
    kind: (typeof kinds)[number];
    choices: string[];
    required: boolean;
    position: number;
}

// choices: a line each; position as it is typed.
type FieldValues = {
    object: string;
    key: string;
    label: string;
    kind: string;
    choices: string;
    required: boolean;
    position: string;
};

const linesOf = (text: string): string[] =>
    text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean);

function bodyOf({choices, position, object, key, kind, ...values}: FieldValues, row: Field | null): unknown {
    const list = kind === 'choice' ? {choices: linesOf(choices)} : {};
    const change = {...values, ...list, position: Number(position)};
    return row ? change : {...change, object, key, kind};
}

function NewInputs({form: {values, set}}: {form: FormState<FieldValues>}): JSX.Element {
    return (
        <>
            <SelectInput
                label={t('fields.object')}
                value={values.object}
                choices={objects.map((value) => ({value, text: t(`fields.of_${value}`)}))}
                onChange={(value) => set('object', value)}
            />
            <TextInput
                label={t('fields.key')}
                help={t('fields.key_help')}
                required
                value={values.key}
                onChange={(value) => set('key', value)}
            />
            <SelectInput
                label={t('fields.kind')}
                value={values.kind}
                choices={kinds.map((value) => ({value, text: t(`fields.kind_${value}`)}))}
                onChange={(value) => set('kind', value)}
            />
        </>
    );
}

function FieldInputs({form, isNew}: {form: FormState<FieldValues>; isNew: boolean}): JSX.Element {
    const {values, set} = form;
    return (
        <>
            <TextInput
                label={t('fields.label')}
                required
                value={values.label}
                onChange={(value) => set('label', value)}
            />
            {isNew && <NewInputs form={form} />}
            {values.kind === 'choice' && (
                <TextInput
                    label={t('fields.choices')}
                    help={t('fields.choices_help')}
                    rows={4}
                    required
                    value={values.choices}
                    onChange={(value) => set('choices', value)}
                />
            )}
            <TextInput
                label={t('fields.position')}
                type="number"
                min={0}
                required
                value={values.position}
                onChange={(value) => set('position', value)}
            />
            <CheckInput
                label={t('fields.required')}
                help={t('fields.required_help')}
                value={values.required}
                onChange={(value) => set('required', value)}
            />
        </>
    );
}

export default function Fields(): JSX.Element {
    return (
        <Resource<Field, FieldValues>
            path="/api/v1/fields"
            title={t('settings.fields')}
            addText={t('fields.add')}
            removes
            columns={[
                {title: t('fields.label'), cell: (field) => <bdi>{field.label}</bdi>},
                {title: t('fields.object'), cell: (field) => t(`fields.of_${field.object}`)},
                {title: t('fields.kind'), cell: (field) => t(`fields.kind_${field.kind}`)},
                {title: t('fields.position'), cell: (field) => formatNumber(field.position), isNumber: true},
            ]}
            empty={{
                object: 'conversation',
                key: '',
                label: '',
                kind: 'text',
                choices: '',
                required: false,
                position: '0',
            }}
            valuesOf={({object, key, label, kind, choices, required, position}) => ({
                object,
                key,
                label,
                kind,
                choices: choices.join('\n'),
                required,
                position: String(position),
            })}
            bodyOf={bodyOf}
            nameOf={({label}) => label}
            inputs={(form, row) => <FieldInputs form={form} isNew={!row} />}
        />
    );
}
