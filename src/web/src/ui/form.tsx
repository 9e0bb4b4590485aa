// Forms: values in one signal-free state, one submission at a time, problems shown at the field that they name or
// above all. The parts are labelled inputs; what a form sends is decided by its screen.
import type {ComponentChildren, JSX} from 'preact';
import {useRef, useState} from 'preact/hooks';
import {Problem} from '../api/http';
import {t} from '../i18n/text';
import {problemText} from '../state/problems';
import {Button} from './parts';

export type Values = Record<string, unknown>;

export interface FormState<V extends Values> {
    values: V;
    set: <K extends keyof V>(name: K, value: V[K]) => void;
    problem: Problem | null;
    isBusy: boolean;
    isChanged: boolean;
    submit: () => Promise<void>;
}

export function useForm<V extends Values>(initial: V, send: (values: V) => Promise<void>): FormState<V> {
    const [values, setValues] = useState(initial);
    const [problem, setProblem] = useState<Problem | null>(null);
    const [isBusy, setBusy] = useState(false);
    const [isChanged, setChanged] = useState(false);
    const submit = async () => {
        if (isBusy) return;
        setBusy(true);
        setProblem(null);
        try {
            await send(values);
            setChanged(false);
        } catch (refused) {
            if (!(refused instanceof Problem)) throw refused;
            setProblem(refused);
        } finally {
            setBusy(false);
        }
    };
    return {
        values,
        set: (name, value) => {
            setChanged(true);
            setValues((before) => ({...before, [name]: value}));
        },
        problem,
        isBusy,
        isChanged,
        submit,
    };
}

interface FormProps<V extends Values> {
    form: FormState<V>;
    children: ComponentChildren;
    submitText?: string;
    extra?: ComponentChildren; // further buttons
    label?: string;
}

export function Form<V extends Values>({form, children, submitText, extra, label}: FormProps<V>): JSX.Element {
    const alert = useRef<HTMLParagraphElement>(null);
    return (
        <form
            class="form"
            aria-label={label}
            noValidate={false}
            onSubmit={(event) => {
                event.preventDefault();
                void form.submit().then(() => alert.current?.focus());
            }}
        >
            {form.problem && (
                <p ref={alert} tabIndex={-1} class="remark bad" role="alert">
                    {problemText(form.problem)}
                </p>
            )}
            {children}
            <div class="buttons">
                <Button kind="main" type="submit" disabled={form.isBusy}>
                    {submitText ?? t('action.save')}
                </Button>
                {extra}
            </div>
        </form>
    );
}

let nextId = 1;

function useId(): string {
    const [id] = useState(() => `input-${nextId++}`);
    return id;
}

interface InputProps {
    label: string;
    help?: string | undefined;
    required?: boolean | undefined;
}

function Labelled({id, label, help, children}: InputProps & {id: string; children: ComponentChildren}): JSX.Element {
    return (
        <div class="field">
            <label for={id}>{label}</label>
            {children}
            {help && <small id={`${id}-help`}>{help}</small>}
        </div>
    );
}

interface TextProps extends InputProps {
    value: string;
    onChange: (value: string) => void;
    type?: 'text' | 'email' | 'password' | 'url' | 'number' | 'search' | 'date' | 'time' | 'datetime-local' | 'color';
    autocomplete?: string;
    rows?: number; // a text of many lines
    inputMode?: 'text' | 'numeric';
    min?: number | string;
    max?: number | string;
    placeholder?: string;
}

export function TextInput({value, onChange, type = 'text', rows, ...props}: TextProps): JSX.Element {
    const id = useId();
    const shared = {
        id,
        value,
        required: props.required ?? false,
        placeholder: props.placeholder,
        'aria-describedby': props.help ? `${id}-help` : undefined,
    };
    return (
        <Labelled id={id} {...props}>
            {rows ? (
                <textarea {...shared} rows={rows} onInput={(event) => onChange(event.currentTarget.value)} />
            ) : (
                <input
                    {...shared}
                    type={type}
                    autocomplete={props.autocomplete ?? 'off'}
                    inputMode={props.inputMode}
                    min={props.min}
                    max={props.max}
                    onInput={(event) => onChange(event.currentTarget.value)}
                />
            )}
        </Labelled>
    );
}

export interface Choice {
    value: string;
    text: string;
}

interface SelectProps extends InputProps {
    value: string;
    choices: readonly Choice[];
    onChange: (value: string) => void;
}

export function SelectInput({value, choices, onChange, ...props}: SelectProps): JSX.Element {
    const id = useId();
    return (
        <Labelled id={id} {...props}>
            <select
                id={id}
                value={value}
                required={props.required ?? false}
                aria-describedby={props.help ? `${id}-help` : undefined}
                onChange={(event) => onChange(event.currentTarget.value)}
            >
                {choices.map((choice) => (
                    <option key={choice.value} value={choice.value}>
                        {choice.text}
                    </option>
                ))}
            </select>
        </Labelled>
    );
}

interface CheckProps {
    label: string;
    help?: string | undefined;
    value: boolean;
    onChange: (value: boolean) => void;
}

export function CheckInput({label, help, value, onChange}: CheckProps): JSX.Element {
    const id = useId();
    return (
        <div class="field check">
            <label for={id}>
                <input
                    id={id}
                    type="checkbox"
                    checked={value}
                    onChange={(event) => onChange(event.currentTarget.checked)}
                />{' '}
                {label}
            </label>
            {help && <small>{help}</small>}
        </div>
    );
}

interface ChecksProps {
    label: string;
    choices: readonly Choice[];
    value: readonly string[];
    onChange: (value: string[]) => void;
}

// Several of a few.
export function ChecksInput({label, choices, value, onChange}: ChecksProps): JSX.Element {
    const toggle = (one: string, on: boolean) =>
        onChange(on ? [...value, one] : value.filter((other) => other !== one));
    return (
        <fieldset class="field checks">
            <legend>{label}</legend>
            {choices.map((choice) => (
                <label key={choice.value}>
                    <input
                        type="checkbox"
                        checked={value.includes(choice.value)}
                        onChange={(event) => toggle(choice.value, event.currentTarget.checked)}
                    />{' '}
                    {choice.text}
                </label>
            ))}
        </fieldset>
    );
}
