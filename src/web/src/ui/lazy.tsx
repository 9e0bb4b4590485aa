// A screen of another chunk, loaded when it is shown first.
import type {ComponentType, JSX} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {loadAllTexts, t} from '../i18n/text';
import {ErrorState, Skeleton} from './parts';

const loaded = new Map<() => Promise<{default: ComponentType}>, ComponentType>();

export function Lazy({load}: {load: () => Promise<{default: ComponentType}>}): JSX.Element {
    const [, setTurn] = useState(0);
    const [isFailed, setFailed] = useState(false);
    const Screen = loaded.get(load);
    useEffect(() => {
        if (loaded.has(load)) return;
        setFailed(false);
        Promise.all([load(), loadAllTexts()]).then(
            ([module]) => {
                loaded.set(load, module.default);
                setTurn((turn) => turn + 1);
            },
            () => setFailed(true),
        );
    }, [load]);
    if (Screen) return <Screen />;
    return isFailed ? (
        <ErrorState text={t('state.chunk_failed')} retry={() => location.reload()} />
    ) : (
        <Skeleton lines={5} />
    );
}
