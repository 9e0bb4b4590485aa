// Over the list while rows are picked: how many, what to do with them; and how far a change of many is.
import type {JSX} from 'preact';
import {t} from '../i18n/text';
import {hasMore, rows} from '../state/list';
import {may} from '../state/session';
import {Button} from '../ui/parts';
import {cancelJob, changeMany, job, undoJob} from './bulk';
import {choose} from './choosing';
import {clearPicks, picked, picksAll} from './selection';

function Progress(): JSX.Element | null {
    const now = job.value;
    if (!now) return null;
    const isMoving = now.state === 'running' || now.state === 'undoing';
    return (
        <div class="bulk-bar">
            <p role="status">{t(`bulk.state_${now.state}`, {changed: now.changed, total: now.total})}</p>
            {isMoving && <progress aria-label={t('bulk.progress')} max={now.total || 1} value={now.changed} />}
            <div class="bulk-actions">
                {now.state === 'running' && <Button onClick={() => void cancelJob(now.id)}>{t('bulk.cancel')}</Button>}
                {now.state === 'done' && now.undo_until && (
                    <Button icon="undo" onClick={() => void undoJob(now.id)}>
                        {t('action.undo')}
                    </Button>
                )}
                {!isMoving && (
                    <Button
                        kind="quiet"
                        icon="cross"
                        title={t('action.close')}
                        onClick={() => {
                            job.value = null;
                        }}
                    />
                )}
            </div>
        </div>
    );
}

function Picks(): JSX.Element {
    const isWhole = picked.value.size === rows.value.length && hasMore.value && !picksAll.value;
    return (
        <div class="bulk-bar">
            <p role="status">{picksAll.value ? t('bulk.all_picked') : t('bulk.picked', {count: picked.value.size})}</p>
            {isWhole && may('conversation_bulk') && (
                <Button
                    kind="quiet"
                    onClick={() => {
                        picksAll.value = true;
                    }}
                >
                    {t('bulk.pick_all')}
                </Button>
            )}
            <div class="bulk-actions">
                <Button kind="main" onClick={() => changeMany({status: 'resolved'})}>
                    {t('action.resolve')}
                </Button>
                <Button onClick={choose('assign')}>{t('choose.assign')}</Button>
                <Button onClick={choose('tags')}>{t('choose.tags')}</Button>
                <Button onClick={choose('place')}>{t('choose.place')}</Button>
                <Button onClick={choose('priority')}>{t('choose.priority')}</Button>
                <Button kind="quiet" icon="cross" title={t('bulk.clear')} onClick={clearPicks} />
            </div>
        </div>
    );
}

export default function BulkBar(): JSX.Element {
    return (
        <>
            <Progress />
            {picked.value.size > 0 && <Picks />}
        </>
    );
}
