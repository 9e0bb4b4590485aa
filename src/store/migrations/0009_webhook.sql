-- Web hooks out: whom we tell what happens, and every delivery.

CREATE TABLE webhook (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    event_types TEXT NOT NULL,  -- JSON list of names; ["*"]: all, []: only what rules send
    channel_ids TEXT NOT NULL,  -- JSON list; []: any
    team_ids TEXT NOT NULL,     -- JSON list; []: any
    include TEXT NOT NULL,      -- JSON list: conversation, message
    secrets BYTEA,              -- sealed JSON object: secret, former
    former_until BIGINT,        -- until when the former secret signs too
    state TEXT NOT NULL DEFAULT 'paused', -- active, paused, disabled
    state_reason TEXT,
    failing_since BIGINT,       -- the first failure that no success followed
    event_seq BIGINT NOT NULL,  -- of the log, up to here it was told
    created_at BIGINT NOT NULL,
    removed_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1
);

CREATE TABLE webhook_delivery (
    id BIGINT PRIMARY KEY,      -- the webhook-id that the receiver sees, at every attempt the same
    webhook_id BIGINT NOT NULL REFERENCES webhook (id),
    type TEXT NOT NULL,         -- an event's type, rule_fired, ping
    event_seq BIGINT,           -- the event; NULL: data says it
    conversation_id BIGINT,     -- deliveries about one keep their order
    data TEXT,
    state TEXT NOT NULL,        -- pending, delivered, failed
    attempts BIGINT NOT NULL DEFAULT 0,
    not_before BIGINT NOT NULL,
    attempted_at BIGINT,        -- of the last attempt, and what came of it:
    status BIGINT,              -- of its answer
    milliseconds BIGINT,
    answer TEXT,                -- the first 1,024 bytes
    reason TEXT,                -- why there was no good answer
    created_at BIGINT NOT NULL
);
CREATE INDEX webhook_delivery_log ON webhook_delivery (webhook_id, id);
CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, not_before, id) WHERE state = 'pending';
CREATE INDEX webhook_delivery_failed ON webhook_delivery (webhook_id, id) WHERE state = 'failed';
CREATE INDEX webhook_delivery_order ON webhook_delivery (webhook_id, conversation_id, id)
    WHERE state = 'pending' AND conversation_id IS NOT NULL;
