// The frame of a chart: its title, the drawing with a sentence for those who do not see it, and the same figures as
// a table: read by screen readers always, shown to all by a button.
import type {ComponentChildren, JSX} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {t} from '../../i18n/text';
import {Button} from '../parts';
import {type Column, DataTable} from '../table';

interface ChartProps<T> {
    title: string;
    remark?: string | undefined; // what the figures are taken over
    columns: (isLinked: boolean) => readonly Column<T>[]; // of the table; the one that is only heard has no links
    rows: readonly T[];
    keyOf: (row: T) => string;
    children: ComponentChildren; // the drawing
}

type TableProps<T> = Pick<ChartProps<T>, 'title' | 'rows' | 'keyOf'> & {columns: readonly Column<T>[]};

// Made a moment later: the drawing does not wait for it.
function HeardTable<T>({title, columns, rows, keyOf}: TableProps<T>): JSX.Element | null {
    const [isDue, setDue] = useState(false);
    useEffect(() => {
        const timer = setTimeout(() => setDue(true), 50);
        return () => clearTimeout(timer);
    }, []);
    if (!isDue) return null;
    return (
        <div class="hidden">
            <table>
                <caption>{title}</caption>
                <thead>
                    <tr>
                        {columns.map((column) => (
                            <th key={column.title} scope="col">
                                {column.title}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {rows.map((row) => (
                        <tr key={keyOf(row)}>
                            {columns.map((column) => (
                                <td key={column.title}>{column.cell(row)}</td>
                            ))}
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

export function Chart<T>({title, remark, columns, rows, keyOf, children}: ChartProps<T>): JSX.Element {
    const [isTable, setTable] = useState(false);
    return (
        <section class="chart">
            <header>
                <h2>{title}</h2>
                <Button kind="quiet" pressed={isTable} onClick={() => setTable(!isTable)}>
                    {t('chart.table')}
                </Button>
            </header>
            {remark && <p class="chart-remark">{remark}</p>}
            {isTable ? (
                <DataTable caption={title} isCaptionHidden columns={columns(true)} rows={rows} keyOf={keyOf} />
            ) : (
                <>
                    {children}
                    <HeardTable title={title} columns={columns(false)} rows={rows} keyOf={keyOf} />
                </>
            )}
        </section>
    );
}
