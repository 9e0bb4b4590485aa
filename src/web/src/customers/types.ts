// What the API says about customers (doc/openapi.yaml).

export interface CustomerRow {
    id: string;
    version: number;
    name: string;
    language: string | null;
    company_id: string | null;
    created_at: string;
    address: string | null;
}

export interface Identity {
    id: string;
    kind: string;
    address: string;
    name: string;
    blocked_at: string | null;
}

export interface Consent {
    id: string;
    purpose: string;
    state: 'given' | 'withdrawn';
    occurred_at: string;
    source: string;
    agent_id: string | null;
}

export interface Customer extends CustomerRow {
    company_name: string | null;
    preferred_channel_id: string | null;
    is_held: boolean;
    identities: Identity[];
    consents: Consent[];
}

export interface CustomerNote {
    id: string;
    version: number;
    agent_id: string | null;
    text: string;
    created_at: string;
    changed_at: string | null;
}

// What each part of the customer's page is given.
export interface PartProps {
    customer: Customer;
    reload: () => Promise<void>;
}
