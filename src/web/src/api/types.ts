// What the API answers (doc/openapi.yaml), as far as the page uses it. Ids are strings, instants ISO 8601.

export interface Agent {
    id: string;
    email: string;
    name: string;
    role: string;
    signature: string;
    disabled_at: string | null;
    teams: string[];
}

export interface Me extends Omit<Agent, 'id'> {
    id: string | null;
    language: string; // of the local administrator there is none
    permissions: string[];
}

export interface Team {
    id: string;
    name: string;
    private: boolean;
    agents: string[];
}

export interface Channel {
    id: string;
    kind: string;
    name: string;
    address: string;
    state: string;
    state_reason: string | null;
    team_id: string | null;
    calendar_id: string | null;
    version: number;
}

export type Status = 'open' | 'pending' | 'snoozed' | 'resolved';

export interface Conversation {
    id: string;
    number?: number;
    version: number;
    channel_id: string;
    status: Status;
    snoozed_until: string | null;
    subject: string;
    preview: string;
    assignee_id: string | null;
    team_id: string | null;
    priority: number;
    created_at: string;
    last_message_at: string;
    waiting_since: string | null;
    message_count: number;
    related_to: string | null;
    customer: {id: string; name: string; address: string | null};
    tags: string[];
    unread?: boolean;
    followers?: string[]; // of one alone
}

export interface Attachment {
    id: string;
    name: string | null;
    type: string;
    size: number;
    content_id: string | null;
    is_inline: boolean;
    state: 'stored' | 'pending' | 'failed';
}

export interface Party {
    name?: string;
    address: string;
}

export interface Message {
    id: string;
    conversation_id: string;
    channel_id: string;
    direction: 'in' | 'out' | 'note';
    author: string;
    agent_id: string | null;
    identity_id: string | null;
    address: string | null;
    name: string | null;
    class: string;
    is_automatic: boolean;
    subject: string;
    has_more_text: boolean;
    text: string;
    has_html: boolean;
    has_raw: boolean;
    quoted_message_id: string | null;
    state: string;
    state_reason: string | null;
    occurred_at: string;
    received_at: string;
    is_edited: boolean;
    removed_at: string | null;
    send_at?: string; // held until then
    headers: {from?: Party; to?: Party[]; cc?: Party[]; placement?: {rule?: string; reference?: string}};
    attachments: Attachment[];
    reactions: {emoji: string; identity_id: string}[];
}

export interface Page<T> {
    items: T[];
    next: string | null;
    previous?: string | null;
    event_seq?: number;
    total?: number;
    total_exact?: boolean;
}
