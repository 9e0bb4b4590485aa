-- Customers as people: company, notes, consent, fields; calls and meetings that are logged by hand;
-- erasure and retention.

CREATE TABLE company (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);

-- Mail domains of a company, lower case: a new customer of one belongs to it.
CREATE TABLE company_domain (
    domain TEXT PRIMARY KEY,
    company_id BIGINT NOT NULL REFERENCES company (id)
);
CREATE INDEX company_domain_of ON company_domain (company_id);

ALTER TABLE customer ADD COLUMN company_id BIGINT REFERENCES company (id);
ALTER TABLE customer ADD COLUMN preferred_channel_id BIGINT REFERENCES channel (id);
ALTER TABLE customer ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE customer ADD COLUMN is_held SMALLINT NOT NULL DEFAULT 0; -- retention leaves it alone
ALTER TABLE customer ADD COLUMN erased_at BIGINT;
ALTER TABLE customer ADD COLUMN is_indexed SMALLINT NOT NULL DEFAULT 0; -- its words stand in customer_word
CREATE INDEX customer_company ON customer (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX customer_not_indexed ON customer (id) WHERE is_indexed = 0;

-- Projection: the folded words of names, addresses and companies, for finding by their beginnings.
CREATE TABLE customer_word (
    word TEXT NOT NULL,
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    PRIMARY KEY (word, customer_id)
);
CREATE INDEX customer_word_of ON customer_word (customer_id);

-- The values of customers' fields (field.object = 'customer'), as JSON.
CREATE TABLE customer_field (
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    field_id BIGINT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (customer_id, field_id)
);
CREATE INDEX customer_field_value ON customer_field (field_id, value, customer_id);

CREATE TABLE customer_note (
    id BIGINT PRIMARY KEY,
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    agent_id BIGINT REFERENCES agent (id), -- its writer; NULL: the local administrator
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX customer_note_of ON customer_note (customer_id, id);

-- What a customer has agreed to and withdrawn. Rows are never changed: the newest of a purpose holds.
CREATE TABLE customer_consent (
    id BIGINT PRIMARY KEY,
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    purpose TEXT NOT NULL, -- marketing, research, storage ...
    state TEXT NOT NULL,   -- given, withdrawn
    occurred_at BIGINT NOT NULL,
    source TEXT NOT NULL DEFAULT '', -- where it was said
    agent_id BIGINT REFERENCES agent (id), -- who wrote it down
    recorded_at BIGINT NOT NULL
);
CREATE INDEX customer_consent_of ON customer_consent (customer_id, occurred_at, id);

-- What a logged call or meeting is beside its message.
CREATE TABLE call_log (
    message_id BIGINT PRIMARY KEY REFERENCES message (id),
    kind TEXT NOT NULL,    -- phone, meeting
    outcome TEXT NOT NULL, -- model/call_outcome.h
    duration_ms BIGINT NOT NULL DEFAULT 0,
    event_id BIGINT,       -- the event that counts it; NULL: it counts for nothing
    version BIGINT NOT NULL DEFAULT 1
);

-- How it stood before each change.
CREATE TABLE call_log_version (
    message_id BIGINT NOT NULL REFERENCES message (id),
    version BIGINT NOT NULL,
    direction TEXT NOT NULL,
    outcome TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    changed_by BIGINT REFERENCES agent (id), -- who made the next version
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (message_id, version)
);

ALTER TABLE conversation ADD COLUMN is_held SMALLINT NOT NULL DEFAULT 0; -- retention leaves it alone
ALTER TABLE message ADD COLUMN erased_at BIGINT;
ALTER TABLE conversation ADD COLUMN erased_at BIGINT;
CREATE INDEX message_identity ON message (identity_id) WHERE identity_id IS NOT NULL;
CREATE INDEX message_html ON message (html_sha256) WHERE html_sha256 IS NOT NULL;
CREATE INDEX attachment_blob ON attachment (sha256) WHERE sha256 IS NOT NULL;

-- What must be forgotten, until it is done: ids and counts alone. desk/erasure.h
CREATE TABLE erasure (
    id BIGINT PRIMARY KEY,
    customer_id BIGINT,    -- a person with all that is theirs
    message_id BIGINT,     -- or one message; NULL for both: what retention took, to be purged
    state TEXT NOT NULL,   -- erasing, purging, done
    message_count BIGINT NOT NULL DEFAULT 0, -- erased so far
    requested_by BIGINT,   -- agent; NULL: the system
    requested_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX erasure_running ON erasure (id) WHERE finished_at IS NULL;

-- Files of bytes that nothing names any longer: removed once that is committed.
CREATE TABLE blob_doomed (
    sha256 BYTEA PRIMARY KEY,
    doomed_at BIGINT NOT NULL
);

-- Takes free pages while they are overwritten (store/db_sqlite_secure.c); empty else.
CREATE TABLE scrub (
    id BIGINT PRIMARY KEY,
    bytes BYTEA
);

-- How long what is kept (desk/retention.h), and how far the present run has come.
CREATE TABLE retention_rule (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    what TEXT NOT NULL,     -- texts, attachments, raw_mails, audit, unread_mails, rule_runs
    days BIGINT NOT NULL,   -- kept so long
    channel_id BIGINT REFERENCES channel (id), -- of conversations: only these; NULL: any
    channel_kind TEXT,
    is_active SMALLINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    is_running SMALLINT NOT NULL DEFAULT 0,
    cursor_at BIGINT NOT NULL DEFAULT 0, -- last_message_at and id of the last conversation done
    cursor_id BIGINT NOT NULL DEFAULT 0,
    run_count BIGINT NOT NULL DEFAULT 0, -- of the present or last run
    last_run_at BIGINT
);
