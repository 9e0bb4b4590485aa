// A search of a screen of its own: one field, asked by Enter or the button.
import type {JSX} from 'preact';
import {t} from '../i18n/text';
import {Button} from './parts';

interface SearchFormProps {
    label: string;
    value: string;
    onSearch: (wanted: string) => void;
    placeholder?: string;
}

export function SearchForm({label, value, onSearch, placeholder}: SearchFormProps): JSX.Element {
    return (
        <form
            class="sheet-search"
            role="search"
            aria-label={label}
            onSubmit={(event) => {
                event.preventDefault();
                onSearch(String(new FormData(event.currentTarget).get('q') ?? '').trim());
            }}
        >
            <input
                key={value}
                name="q"
                type="search"
                aria-label={label}
                placeholder={placeholder}
                defaultValue={value}
                autocomplete="off"
            />
            <Button type="submit" icon="search">
                {t('search.label')}
            </Button>
        </form>
    );
}
