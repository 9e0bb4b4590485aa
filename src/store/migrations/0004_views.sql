-- Lists that agents live in: a short number for people, what each has read, views, bulk changes.

ALTER TABLE conversation ADD COLUMN number BIGINT; -- short, for people; made with the conversation
ALTER TABLE conversation ADD COLUMN last_inbound_id BIGINT NOT NULL DEFAULT 0; -- projection: the newest message of the customer
UPDATE conversation SET number = numbered.number FROM
    (SELECT id, row_number() OVER (ORDER BY id) AS number FROM conversation) AS numbered
    WHERE numbered.id = conversation.id;
UPDATE conversation SET last_inbound_id = newest.id FROM
    (SELECT conversation_id, max(id) AS id FROM message WHERE direction = 'in' GROUP BY conversation_id) AS newest
    WHERE newest.conversation_id = conversation.id;
CREATE UNIQUE INDEX conversation_number ON conversation (number);
CREATE INDEX conversation_by_created ON conversation (created_at, id) WHERE merged_into IS NULL;
CREATE INDEX conversation_by_priority ON conversation (status, priority, id) WHERE merged_into IS NULL;
CREATE INDEX conversation_by_person ON conversation (assignee_id, status, last_message_at, id) WHERE merged_into IS NULL;
CREATE INDEX identity_address ON identity (address);

-- How far an agent has read. Without a row: up to when the agent was added (their id).
CREATE TABLE conversation_read (
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    read_id BIGINT NOT NULL, -- the newest message that was seen
    mentioned_id BIGINT NOT NULL DEFAULT 0, -- projection: the newest note that speaks to them
    PRIMARY KEY (agent_id, conversation_id)
);
CREATE INDEX conversation_mentioned ON conversation_read (agent_id, conversation_id) WHERE mentioned_id > 0;
CREATE INDEX conversation_read_of ON conversation_read (conversation_id);

-- Saved views beside the built-in ones (model/builtin_view.c).
CREATE TABLE view (
    id BIGINT PRIMARY KEY,
    scope TEXT NOT NULL,      -- own, team, all
    owner_id BIGINT NOT NULL, -- whose own it is, or who made it; 0: dialogctl
    team_id BIGINT REFERENCES team (id), -- of scope team
    name TEXT NOT NULL,
    query TEXT NOT NULL,      -- a line of the search language
    sort TEXT NOT NULL,
    columns TEXT NOT NULL DEFAULT '[]', -- JSON: list of names, for the page
    icon TEXT NOT NULL DEFAULT '',
    position BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX view_owner ON view (owner_id, scope);
CREATE INDEX view_shared ON view (scope, team_id) WHERE scope <> 'own';

-- Changes of all that a search finds, and how to undo each for ten minutes.
CREATE TABLE bulk_job (
    id BIGINT PRIMARY KEY,
    agent_id BIGINT NOT NULL, -- who asked; 0: dialogctl
    view TEXT NOT NULL,       -- search lines; both must hold
    query TEXT NOT NULL,
    change TEXT NOT NULL,     -- JSON: what PATCH takes
    state TEXT NOT NULL,      -- running, done, cancelled, undoing, undone
    until_id BIGINT NOT NULL, -- conversations begun later are not meant
    cursor_id BIGINT NOT NULL DEFAULT 0, -- the last one that was looked at
    total BIGINT NOT NULL,
    changed BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    undone BIGINT NOT NULL DEFAULT 0,
    skipped BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    undo_until BIGINT
);
CREATE INDEX bulk_job_agent ON bulk_job (agent_id, id);
CREATE INDEX bulk_job_running ON bulk_job (id) WHERE state IN ('running', 'undoing');

CREATE TABLE bulk_item (
    job_id BIGINT NOT NULL REFERENCES bulk_job (id),
    conversation_id BIGINT NOT NULL,
    version BIGINT NOT NULL, -- that the change made
    inverse TEXT NOT NULL,   -- JSON: what undoes it
    PRIMARY KEY (job_id, conversation_id)
);
