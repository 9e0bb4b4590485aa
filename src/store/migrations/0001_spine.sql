-- The spine: everything from a raw delivery to a counted wait and a reply on its way out.
-- Ids are time-ordered 63-bit integers made by dialogd; instants are milliseconds since 1970 UTC; JSON is
-- opaque to the database. Common subset of SQLite and PostgreSQL. event is the truth; what is marked
-- "projection" can be rebuilt from it.

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- People who work here.
CREATE TABLE team (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE agent (
    id BIGINT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL, -- agent, supervisor, administrator
    password_hash TEXT,
    signature TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    disabled_at BIGINT
);

CREATE TABLE agent_team (
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    team_id BIGINT NOT NULL REFERENCES team (id),
    PRIMARY KEY (agent_id, team_id)
);

CREATE TABLE token (
    id BIGINT PRIMARY KEY,
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    name TEXT NOT NULL,
    hash BYTEA NOT NULL UNIQUE, -- SHA-256 of the token
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    last_used_at BIGINT
);

-- Opening hours; a change adds a version (metrics.md "Business time").
CREATE TABLE calendar (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE calendar_version (
    id BIGINT PRIMARY KEY,
    calendar_id BIGINT NOT NULL REFERENCES calendar (id),
    valid_from BIGINT NOT NULL,
    zone TEXT NOT NULL,
    hours TEXT NOT NULL, -- JSON: weekly intervals, dated exceptions, holiday sets
    UNIQUE (calendar_id, valid_from)
);

-- One connected address of a kind.
CREATE TABLE channel (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL DEFAULT '', -- normalized; "" when the kind has none
    key TEXT NOT NULL UNIQUE,         -- the unguessable part of its webhook URL
    settings TEXT NOT NULL,           -- JSON object of texts, without secrets
    secrets BYTEA,                    -- sealed JSON object of texts
    state TEXT NOT NULL DEFAULT 'active', -- active, paused, needs_sign_in, failing
    state_reason TEXT,
    calendar_id BIGINT REFERENCES calendar (id),
    team_id BIGINT REFERENCES team (id),
    waits_from BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    removed_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX channel_address ON channel (address);

-- Where fetching stands: an IMAP folder, a POP3 drop, or the cursor of a poll ("" as folder).
CREATE TABLE mailbox (
    channel_id BIGINT NOT NULL REFERENCES channel (id),
    folder TEXT NOT NULL,
    uid_validity BIGINT NOT NULL DEFAULT 0,
    last_uid BIGINT NOT NULL DEFAULT 0,
    cursor TEXT,
    server_count BIGINT NOT NULL DEFAULT 0, -- messages that the server listed at the last look
    counts TEXT, -- JSON: what the last look found of them (the ledger)
    looked_at BIGINT,
    PRIMARY KEY (channel_id, folder)
);

-- Bytes, once each, named by their SHA-256.
CREATE TABLE blob (
    sha256 BYTEA PRIMARY KEY,
    size BIGINT NOT NULL,              -- of the plain bytes
    encoding SMALLINT NOT NULL,        -- 0 plain, 1 zstd
    bytes BYTEA                        -- NULL: a file in blobs/ of the data directory
);

-- The durable record of a raw delivery, whatever became of it.
CREATE TABLE intake (
    id BIGINT PRIMARY KEY,
    channel_id BIGINT NOT NULL REFERENCES channel (id),
    source TEXT NOT NULL,       -- imap, pop3, lmtp, webhook, poll, import, deliver
    delivery_key TEXT NOT NULL, -- mail: folder;uidvalidity;uid; webhook: the provider's id or the body's hash
    folder TEXT,                -- ledger: the mailbox it came from, with uid_validity and uid
    uid_validity BIGINT,
    uid BIGINT,
    state TEXT NOT NULL,        -- stored, duplicate, quarantined, refused
    reason TEXT,                -- why not stored: one line
    raw BYTEA,                  -- a small web hook as it came
    raw_sha256 BYTEA,           -- or the blob of it; both NULL when refused unread
    envelope TEXT,              -- JSON: what the transport said (return path, recipients, INTERNALDATE)
    message_id BIGINT,          -- the message made of it, or that it repeats
    occurred_at BIGINT,
    received_at BIGINT NOT NULL,
    decoded_at BIGINT,
    UNIQUE (channel_id, delivery_key)
);
CREATE INDEX intake_state ON intake (state, id) WHERE state IN ('quarantined', 'refused');
CREATE INDEX intake_ledger ON intake (channel_id, folder, uid_validity, uid) WHERE uid IS NOT NULL;
CREATE INDEX intake_message ON intake (message_id) WHERE message_id IS NOT NULL;

CREATE TABLE customer (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL DEFAULT '',
    language TEXT,
    merged_into BIGINT REFERENCES customer (id), -- the step that can be undone
    root_id BIGINT NOT NULL,  -- the customer that stands for it now; its own id when not merged
    created_at BIGINT NOT NULL
);
CREATE INDEX customer_root ON customer (root_id);
CREATE INDEX customer_merged ON customer (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE identity (
    id BIGINT PRIMARY KEY,
    customer_id BIGINT NOT NULL REFERENCES customer (id), -- the customer it was made for; see root_id
    kind TEXT NOT NULL,
    scope TEXT NOT NULL DEFAULT '', -- channel id where addresses mean something only within one channel
    address TEXT NOT NULL,          -- normalized
    name TEXT NOT NULL DEFAULT '',
    blocked_at BIGINT,              -- takes no messages from us
    block_version BIGINT NOT NULL DEFAULT 0, -- the instant of the last such change, whatever order they come in
    created_at BIGINT NOT NULL,
    UNIQUE (kind, scope, address)
);
CREATE INDEX identity_customer ON identity (customer_id);

CREATE TABLE conversation (
    id BIGINT PRIMARY KEY,
    channel_id BIGINT NOT NULL REFERENCES channel (id), -- its home
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    identity_id BIGINT REFERENCES identity (id),
    thread_key TEXT,                 -- the provider's chat; NULL for mail
    subject TEXT NOT NULL DEFAULT '',
    base_subject TEXT NOT NULL DEFAULT '', -- RFC 5256
    status TEXT NOT NULL DEFAULT 'open',   -- open, pending, snoozed, resolved
    snoozed_until BIGINT,
    assignee_id BIGINT REFERENCES agent (id),
    team_id BIGINT REFERENCES team (id),
    priority SMALLINT NOT NULL DEFAULT 0,  -- -1 low, 0 normal, 1 high, 2 urgent
    related_to BIGINT REFERENCES conversation (id),  -- a match that did not count (threading)
    merged_into BIGINT REFERENCES conversation (id), -- joined or merged; kept as an alias
    is_split SMALLINT NOT NULL DEFAULT 0, -- divided by hand: threading joins nothing to it by itself
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    -- projections for lists
    last_message_at BIGINT NOT NULL,
    message_count BIGINT NOT NULL DEFAULT 0, -- without notes
    waiting_since BIGINT,            -- start of the open wait
    preview TEXT NOT NULL DEFAULT ''
);
CREATE INDEX conversation_by_status ON conversation (status, last_message_at, id) WHERE merged_into IS NULL;
CREATE INDEX conversation_by_channel ON conversation (channel_id, last_message_at, id) WHERE merged_into IS NULL;
CREATE INDEX conversation_by_assignee ON conversation (assignee_id, last_message_at, id)
    WHERE assignee_id IS NOT NULL AND merged_into IS NULL;
CREATE INDEX conversation_by_time ON conversation (last_message_at, id) WHERE merged_into IS NULL;
CREATE INDEX conversation_by_customer ON conversation (customer_id); -- few each: sorted when asked
CREATE INDEX conversation_waiting ON conversation (waiting_since, id) WHERE waiting_since IS NOT NULL AND merged_into IS NULL;
CREATE INDEX conversation_thread ON conversation (channel_id, thread_key) WHERE thread_key IS NOT NULL;
CREATE INDEX conversation_merged ON conversation (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX conversation_related ON conversation (related_to) WHERE related_to IS NOT NULL;
CREATE INDEX conversation_snoozed ON conversation (snoozed_until) WHERE snoozed_until IS NOT NULL;

-- One mail can reach several channels: the others show the conversation too (metrics.md Waits 8).
CREATE TABLE conversation_channel (
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    channel_id BIGINT NOT NULL REFERENCES channel (id),
    PRIMARY KEY (conversation_id, channel_id)
);
CREATE INDEX conversation_channel_by_channel ON conversation_channel (channel_id, conversation_id);

CREATE TABLE message (
    id BIGINT PRIMARY KEY,
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    channel_id BIGINT NOT NULL REFERENCES channel (id),
    identity_id BIGINT REFERENCES identity (id), -- who wrote it, when a customer did
    agent_id BIGINT REFERENCES agent (id),       -- who wrote it, when one of us did
    direction TEXT NOT NULL,  -- in, out, note
    author TEXT NOT NULL,     -- customer, agent, bot, rule, campaign, survey, system
    class TEXT NOT NULL,      -- ordinary, auto_reply, bounce, feedback_report, receipt, list
    is_automatic SMALLINT NOT NULL DEFAULT 0,
    client_key TEXT,          -- out: made by the writer's page, so that nothing is written twice
    message_key TEXT,         -- provider's id; mail: Message-ID
    content_sha256 TEXT,      -- mail: tells different mails of one Message-ID apart (desk/prepared.h)
    group_key TEXT,           -- album
    subject TEXT NOT NULL DEFAULT '',
    text TEXT NOT NULL DEFAULT '',
    new_text TEXT,            -- NULL: the same as text
    html_sha256 BYTEA,        -- blob: cleaned HTML
    quoted_message_id BIGINT, -- the message that it quotes
    headers TEXT NOT NULL DEFAULT '{}', -- JSON: from, reply_to, to, cc, date, references, placement, extra ...
    raw_sha256 BYTEA,         -- blob: the original
    state TEXT NOT NULL,      -- in: received; out: held, queued, sending, accepted, delivered, read, refused, unknown, cancelled
    state_reason TEXT,
    occurred_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    edited_version BIGINT NOT NULL DEFAULT 0,
    removed_at BIGINT
);
CREATE INDEX message_timeline ON message (conversation_id, occurred_at, id);
CREATE UNIQUE INDEX message_client_key ON message (client_key) WHERE client_key IS NOT NULL;
CREATE INDEX message_by_key ON message (message_key) WHERE message_key IS NOT NULL;
CREATE INDEX message_by_group ON message (channel_id, group_key) WHERE group_key IS NOT NULL;

-- The channels that a message reached beside its own (message.channel_id).
CREATE TABLE delivery (
    message_id BIGINT NOT NULL REFERENCES message (id),
    channel_id BIGINT NOT NULL REFERENCES channel (id),
    PRIMARY KEY (message_id, channel_id)
);

-- Every id that a mail bears or names, so that late parents join (model/threading).
CREATE TABLE thread_reference (
    reference TEXT NOT NULL,  -- Message-ID without <>
    message_id BIGINT NOT NULL REFERENCES message (id),
    position BIGINT NOT NULL, -- 0: its own id; 1: In-Reply-To or newest reference; then older ones
    PRIMARY KEY (reference, message_id)
);
CREATE INDEX thread_reference_message ON thread_reference (message_id);

-- What threading looks at in a mail (model/threading.h); one row a mail.
CREATE TABLE thread_mail (
    message_id BIGINT PRIMARY KEY REFERENCES message (id),
    sender TEXT NOT NULL,     -- normalized
    parties TEXT NOT NULL,    -- normalized addresses, one a line
    base_subject TEXT NOT NULL,
    is_ours SMALLINT NOT NULL
);

-- Further provider's ids of one message: the parts of an album.
CREATE TABLE message_alias (
    channel_id BIGINT NOT NULL REFERENCES channel (id),
    message_key TEXT NOT NULL,
    message_id BIGINT NOT NULL REFERENCES message (id),
    PRIMARY KEY (channel_id, message_key)
);

-- A happening about a message that has not arrived yet: edit, removal, delivered, read (channels.md 0.5).
CREATE TABLE pending_happening (
    channel_id BIGINT NOT NULL REFERENCES channel (id),
    message_key TEXT NOT NULL,
    event_key TEXT NOT NULL,
    incoming TEXT NOT NULL, -- JSON
    received_at BIGINT NOT NULL,
    PRIMARY KEY (channel_id, message_key, event_key)
);

-- Keys of happenings already applied: dedupes what makes no message of its own.
CREATE TABLE happening (
    channel_id BIGINT NOT NULL REFERENCES channel (id),
    event_key TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (channel_id, event_key)
);

-- A provider's chat that has another name now (Telegram: group -> supergroup).
CREATE TABLE thread_alias (
    channel_id BIGINT NOT NULL REFERENCES channel (id),
    thread_key TEXT NOT NULL, -- its former name
    moved_to TEXT NOT NULL,
    PRIMARY KEY (channel_id, thread_key)
);

CREATE INDEX happening_age ON happening (received_at);

CREATE TABLE reaction (
    message_id BIGINT NOT NULL REFERENCES message (id),
    identity_id BIGINT NOT NULL REFERENCES identity (id),
    emoji TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (message_id, identity_id)
);

CREATE TABLE attachment (
    id BIGINT PRIMARY KEY,
    message_id BIGINT NOT NULL REFERENCES message (id),
    position BIGINT NOT NULL,
    name TEXT,
    type TEXT NOT NULL,
    size BIGINT NOT NULL,    -- -1: not known yet
    content_id TEXT,
    is_inline SMALLINT NOT NULL DEFAULT 0,
    sha256 BYTEA,            -- blob; NULL while it must still be fetched
    reference TEXT,          -- where the provider keeps it
    state TEXT NOT NULL,     -- stored, pending, failed
    attempts BIGINT NOT NULL DEFAULT 0,
    next_at BIGINT,
    UNIQUE (message_id, position)
);
CREATE INDEX attachment_pending ON attachment (next_at) WHERE state = 'pending';

-- The truth. Ids and values, never texts or addresses.
CREATE TABLE event (
    seq BIGINT PRIMARY KEY,  -- dense; made in the same transaction
    id BIGINT NOT NULL UNIQUE,
    conversation_id BIGINT,
    channel_id BIGINT,
    type TEXT NOT NULL,      -- desk/event.h lists them
    actor TEXT NOT NULL,     -- customer, agent, bot, rule, system ...
    actor_id BIGINT,
    message_id BIGINT,
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    data TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX event_of_conversation ON event (conversation_id, occurred_at, id) WHERE conversation_id IS NOT NULL;

-- Projections: waits and episodes (metrics.md), folded from event by model/wait_fold. Durations in ms.
CREATE TABLE episode (
    id BIGINT PRIMARY KEY,        -- the id of the event that began it
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    channel_id BIGINT NOT NULL,   -- home channel at the start
    number BIGINT NOT NULL,       -- 1 is the conversation's first
    began_by TEXT NOT NULL,       -- customer, us
    started_at BIGINT NOT NULL,
    first_wait_id BIGINT,         -- its wait of kind first
    first_response_ms BIGINT,     -- of that wait, once answered
    first_resolved_at BIGINT,
    last_resolved_at BIGINT,
    first_resolved_event_id BIGINT,
    last_resolved_event_id BIGINT,
    resolved_by BIGINT,           -- agent of the last resolution
    assignee_at_resolution BIGINT,
    team_at_resolution BIGINT,
    reopens BIGINT NOT NULL,
    open_since BIGINT,            -- NULL: resolved, or merged into another
    open_spans TEXT NOT NULL,     -- "from-to,from-to": when it was open, up to the last resolution
    open_ms BIGINT NOT NULL,      -- their sum; what runs since open_since is not in it
    first_resolution_business_ms BIGINT, -- business times are NULL without a calendar
    last_resolution_business_ms BIGINT,
    open_business_ms BIGINT,
    merged_into BIGINT            -- the episode that went on in its place after a merge by hand
);
CREATE INDEX episode_of_conversation ON episode (conversation_id, number);
CREATE INDEX episode_started ON episode (started_at);
CREATE INDEX episode_resolved ON episode (last_resolved_at) WHERE last_resolved_at IS NOT NULL;

CREATE TABLE wait (
    id BIGINT PRIMARY KEY,        -- the id of the event that opened it
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    episode_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,   -- home channel at the start; further ones in wait_channel
    kind TEXT NOT NULL,           -- first, next
    is_first_ever SMALLINT NOT NULL, -- the first wait of the conversation's first episode
    state TEXT NOT NULL,          -- open, answered, dismissed
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    elapsed_ms BIGINT,            -- NULL while open
    business_ms BIGINT,           -- NULL while open and without a calendar
    calendar_version_id BIGINT,   -- in force at the end
    snoozed_ms BIGINT NOT NULL,   -- within the wait; of an open one, up to the last unsnooze
    bot_ms BIGINT,                -- start to the first message of each automatic kind; never ends it
    rule_ms BIGINT,
    campaign_ms BIGINT,
    survey_ms BIGINT,
    delivery_lag_ms BIGINT,       -- of the answer: written to accepted
    fetch_lag_ms BIGINT NOT NULL, -- of the opening message
    message_count BIGINT NOT NULL,
    last_received_at BIGINT NOT NULL, -- the latest receipt of its messages
    last_event_id BIGINT NOT NULL,    -- the last customer message that joined it
    ended_event_id BIGINT,
    resolved_event_id BIGINT,     -- open, resolved while a reply was under way: what dismisses it if that fails
    resolved_at BIGINT,
    opening_message_id BIGINT,
    answering_message_id BIGINT,
    answered_by BIGINT,           -- agent
    answering_channel_id BIGINT,
    assignee_at_start BIGINT,
    assignee_at_end BIGINT,
    team_at_start BIGINT,
    team_at_end BIGINT,
    priority_at_start SMALLINT NOT NULL,
    rule_version BIGINT NOT NULL
);
CREATE INDEX wait_of_conversation ON wait (conversation_id, started_at);
CREATE INDEX wait_started ON wait (started_at, id);
CREATE INDEX wait_ended ON wait (ended_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX wait_open ON wait (started_at, id) WHERE state = 'open';

-- The other channels that one of its messages reached (metrics.md Waits 8): in each one's figures, once in the total.
CREATE TABLE wait_channel (
    wait_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    PRIMARY KEY (wait_id, channel_id)
);

-- Where the fold of a conversation stands, so that the next event costs a few statements.
CREATE TABLE wait_lane (
    conversation_id BIGINT PRIMARY KEY,
    last_occurred_at BIGINT NOT NULL, -- of the last event folded, and its id
    last_event_id BIGINT NOT NULL,
    begun_by SMALLINT NOT NULL,       -- who wrote first: 0 nobody yet, 1 the customer, 2 we
    episodes BIGINT NOT NULL,         -- how many there were
    episode_id BIGINT,                -- the present one, open or resolved
    wait_id BIGINT,                   -- the open wait
    is_complex SMALLINT NOT NULL,     -- merged, joined, split, or a wait in suspense: folded again each time
    assignee_id BIGINT,
    team_id BIGINT,
    priority SMALLINT NOT NULL,
    snoozed_ms BIGINT NOT NULL,       -- snoozed time that is over
    snoozed_since BIGINT,
    replies TEXT NOT NULL             -- JSON: ids of the replies that are written and not settled
);

-- Conversations that were ever merged, joined or split with another: they are folded together.
CREATE TABLE wait_link (
    conversation_id BIGINT NOT NULL,
    other_id BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, other_id)
);

-- What must still be sent. One row a part (architecture.md "Store").
CREATE TABLE outbox (
    id BIGINT PRIMARY KEY,
    message_id BIGINT NOT NULL REFERENCES message (id),
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    channel_id BIGINT NOT NULL REFERENCES channel (id),
    part BIGINT NOT NULL,
    recipient TEXT NOT NULL DEFAULT '', -- mail: one row a recipient
    state TEXT NOT NULL,       -- queued, claimed, sending, accepted, refused, retry, unknown, cancelled
    not_before BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT,
    epoch BIGINT NOT NULL DEFAULT 0, -- raised with each claim: fences a late answer
    began_at BIGINT,           -- when the last attempt's first byte was about to leave
    provider_id TEXT,
    response TEXT,             -- the provider's words
    created_at BIGINT NOT NULL,
    settled_at BIGINT,
    UNIQUE (message_id, part, recipient)
);
CREATE INDEX outbox_due ON outbox (not_before, id) WHERE state IN ('queued', 'retry');
CREATE INDEX outbox_busy ON outbox (state) WHERE state IN ('claimed', 'sending', 'unknown');
CREATE INDEX outbox_conversation ON outbox (conversation_id, id) WHERE state IN ('queued', 'retry', 'claimed', 'sending');
CREATE INDEX outbox_provider ON outbox (channel_id, provider_id) WHERE provider_id IS NOT NULL;

-- One POST, one effect.
CREATE TABLE idempotency (
    agent_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    request_sha256 BYTEA NOT NULL,
    status BIGINT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (agent_id, key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);

CREATE TABLE tag (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

CREATE TABLE conversation_tag (
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    tag_id BIGINT NOT NULL REFERENCES tag (id),
    PRIMARY KEY (conversation_id, tag_id)
);
CREATE INDEX conversation_tag_by_tag ON conversation_tag (tag_id, conversation_id);

-- Who did what that matters to security. No contents.
CREATE TABLE audit (
    id BIGINT PRIMARY KEY,
    actor TEXT NOT NULL,
    actor_id BIGINT,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    object_id BIGINT,
    recorded_at BIGINT NOT NULL,
    data TEXT NOT NULL DEFAULT '{}'
);
