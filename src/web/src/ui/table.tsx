// A table of rows with real headers; wide ones scroll in their own box.
import type {ComponentChildren, JSX} from 'preact';
import {t} from '../i18n/text';

export interface Column<T> {
    title: string;
    cell: (row: T) => ComponentChildren;
    isNumber?: boolean;
}

interface TableProps<T> {
    caption: string;
    columns: readonly Column<T>[];
    rows: readonly T[];
    keyOf: (row: T) => string;
    empty?: string;
    isCaptionHidden?: boolean;
}

export function DataTable<T>({caption, columns, rows, keyOf, empty, isCaptionHidden}: TableProps<T>): JSX.Element {
    return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the keys
        <div class="table-box" role="region" aria-label={caption} tabIndex={0}>
            <table>
                <caption class={isCaptionHidden ? 'hidden' : ''}>{caption}</caption>
                <thead>
                    <tr>
                        {columns.map((column) => (
                            <th key={column.title} scope="col" class={column.isNumber ? 'number' : ''}>
                                {column.title}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {rows.map((row) => (
                        <tr key={keyOf(row)}>
                            {columns.map((column) => (
                                <td key={column.title} class={column.isNumber ? 'number' : ''}>
                                    {column.cell(row)}
                                </td>
                            ))}
                        </tr>
                    ))}
                </tbody>
            </table>
            {rows.length === 0 && <p class="table-empty">{empty ?? t('state.nothing')}</p>}
        </div>
    );
}
