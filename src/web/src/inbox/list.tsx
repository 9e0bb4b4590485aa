// The list of conversations: a list box over a window of rows of one height. Only the rows in sight stand in the
// document, and the current one, so that it can be spoken.
import {effect, signal} from '@preact/signals';
import type {JSX} from 'preact';
import {useEffect, useRef} from 'preact/hooks';
import {t} from '../i18n/text';
import {hasMore, listState, loadMore, reloadList, rows, waitingRows} from '../state/list';
import {density} from '../state/preferences';
import {Button, EmptyState, ErrorState, Skeleton} from '../ui/parts';
import {Row} from './row';
import {current, openRow, pick, picked} from './selection';

const HEIGHTS = {comfortable: 84, compact: 60} as const;
const BEYOND = 6;

const scroll = signal({top: 0, height: 800});

export const rowHeight = (): number => HEIGHTS[density.value];

function range(): [number, number] {
    const height = rowHeight();
    const first = Math.max(0, Math.floor(scroll.value.top / height) - BEYOND);
    return [first, Math.min(rows.value.length, first + Math.ceil(scroll.value.height / height) + 2 * BEYOND)];
}

function Rows(): JSX.Element {
    const [first, end] = range();
    const at = rows.value.findIndex(({id}) => id === current.value);
    const shown = Array.from({length: end - first}, (_, offset) => first + offset);
    if (at >= 0 && (at < first || at >= end)) shown.push(at);
    return (
        <>
            {shown.map((index) => {
                const row = rows.value[index]!;
                return (
                    <Row
                        key={row.id}
                        row={row}
                        index={index}
                        top={index * rowHeight()}
                        total={rows.value.length}
                        isCurrent={row.id === current.value}
                        isPicked={picked.value.has(row.id)}
                        onOpen={() => openRow(row.id)}
                        onPick={() => pick(row.id)}
                    />
                );
            })}
        </>
    );
}

// Scrolls just so far that the row is in sight.
function reveal(box: HTMLElement, id: string | null): void {
    const at = rows.value.findIndex((row) => row.id === id);
    if (at < 0) return;
    const height = rowHeight();
    const top = at * height;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + height > box.scrollTop + box.clientHeight) box.scrollTop = top + height - box.clientHeight;
}

function useWindow(box: {current: HTMLDivElement | null}): void {
    useEffect(() => {
        const element = box.current;
        if (!element) return;
        const look = () => {
            scroll.value = {top: element.scrollTop, height: element.clientHeight};
            const left = rows.value.length * rowHeight() - element.scrollTop - element.clientHeight;
            if (left < 2 * element.clientHeight && hasMore.value) void loadMore();
        };
        const watch = new ResizeObserver(look);
        watch.observe(element);
        element.addEventListener('scroll', look, {passive: true});
        const stop = effect(() => reveal(element, current.value));
        return () => {
            watch.disconnect();
            element.removeEventListener('scroll', look);
            stop();
        };
    }, []);
}

export function ConversationList(): JSX.Element {
    const box = useRef<HTMLDivElement>(null);
    useWindow(box);
    const isEmpty = listState.value === 'ready' && rows.value.length === 0;
    return (
        <div class="list">
            {waitingRows.value > 0 && (
                <Button kind="quiet" onClick={() => void reloadList()}>
                    {t('list.newer', {count: waitingRows.value})}
                </Button>
            )}
            <div
                ref={box}
                class="list-box"
                role="listbox"
                tabIndex={0}
                aria-label={t('list.label')}
                aria-activedescendant={current.value ? `row-${current.value}` : undefined}
                hidden={isEmpty || listState.value === 'failed'}
            >
                <div class="list-space" style={{height: `${rows.value.length * rowHeight()}px`}}>
                    <Rows />
                </div>
                {listState.value === 'loading' && <Skeleton lines={8} />}
            </div>
            {isEmpty && (
                <EmptyState text={t('list.empty')}>
                    <a href="/app/inbox/unassigned">{t('list.empty_next')}</a>
                </EmptyState>
            )}
            {listState.value === 'failed' && <ErrorState text={t('list.failed')} retry={() => void reloadList()} />}
        </div>
    );
}
