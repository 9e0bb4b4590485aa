// Begins the event stream for screens that show no list of conversations, which would tell where the log stands.
import {get, Problem} from '../api/http';
import type {Page} from '../api/types';
import {beginStream} from './stream';

export async function followEvents(): Promise<void> {
    try {
        const {event_seq: seq} = await get<Page<unknown>>('/api/v1/conversations?limit=1');
        if (seq !== undefined) beginStream(seq);
    } catch (refused) {
        if (!(refused instanceof Problem)) throw refused; // the link's state tells
    }
}
