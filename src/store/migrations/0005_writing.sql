-- Working together in a conversation: fields, drafts, uploads, notices, followers, mentions, links.

-- What a workspace wants to know of conversations and customers beside what everybody knows.
CREATE TABLE field (
    id BIGINT PRIMARY KEY,
    object TEXT NOT NULL,     -- conversation, customer
    key TEXT NOT NULL,        -- as the API and searches name it; never changes
    label TEXT NOT NULL,
    kind TEXT NOT NULL,       -- text, number, date, boolean, choice, url; never changes
    choices TEXT NOT NULL DEFAULT '[]', -- JSON: list of texts
    is_required SMALLINT NOT NULL DEFAULT 0, -- cannot be emptied
    position BIGINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    removed_at BIGINT         -- values stay, unseen, until a person or their conversation goes
);
CREATE UNIQUE INDEX field_key ON field (object, key) WHERE removed_at IS NULL;

-- Values as model/custom_field.h writes them, so that equality is equality of texts.
CREATE TABLE conversation_field (
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    field_id BIGINT NOT NULL REFERENCES field (id),
    value TEXT NOT NULL,
    PRIMARY KEY (conversation_id, field_id)
);
CREATE INDEX conversation_field_value ON conversation_field (field_id, value, conversation_id);

-- What somebody has begun to write. It stays with the conversation that it was written for, also when that
-- is merged into another.
CREATE TABLE draft (
    id BIGINT PRIMARY KEY,
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    owner_id BIGINT NOT NULL, -- the agent whose own it is; 0: the team's shared one
    agent_id BIGINT NOT NULL REFERENCES agent (id), -- who wrote in it last
    mode TEXT NOT NULL,       -- reply, note, forward
    content TEXT NOT NULL,    -- JSON: text, html, subject, to, cc, bcc, attachments
    rev BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    told_at BIGINT NOT NULL,  -- when the others last heard of it
    message_id BIGINT REFERENCES message (id) -- sent as this message; kept while that can be taken back
);
CREATE UNIQUE INDEX draft_place ON draft (conversation_id, owner_id) WHERE message_id IS NULL;
CREATE INDEX draft_owner ON draft (owner_id, updated_at, id) WHERE message_id IS NULL;
CREATE INDEX draft_sent ON draft (message_id) WHERE message_id IS NOT NULL;

-- Bytes that an agent has brought for something that is not sent yet.
CREATE TABLE upload (
    id BIGINT PRIMARY KEY,
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 BYTEA NOT NULL, -- blob
    conversation_id BIGINT REFERENCES conversation (id), -- whose shared draft names it: all who see that may use it
    used_at BIGINT NOT NULL -- made, or last named by a draft
);
CREATE INDEX upload_agent ON upload (agent_id, id);
CREATE INDEX upload_age ON upload (used_at);

-- Replies that leave at a time that their writer chose.
CREATE TABLE scheduled (
    message_id BIGINT PRIMARY KEY REFERENCES message (id),
    send_at BIGINT NOT NULL,
    cancel_on_reply SMALLINT NOT NULL DEFAULT 0 -- a message of the customer cancels it
);

-- Whom a note speaks to.
CREATE TABLE mention (
    message_id BIGINT NOT NULL REFERENCES message (id),
    agent_id BIGINT NOT NULL DEFAULT 0, -- 0: a team
    team_id BIGINT NOT NULL DEFAULT 0,  -- 0: an agent
    PRIMARY KEY (message_id, agent_id, team_id)
);

-- What a note said before it was changed or removed.
CREATE TABLE note_version (
    message_id BIGINT NOT NULL REFERENCES message (id),
    number BIGINT NOT NULL,
    text TEXT NOT NULL,
    agent_id BIGINT, -- who replaced it
    replaced_at BIGINT NOT NULL,
    PRIMARY KEY (message_id, number)
);

-- Who wants to hear of a conversation, or no longer does.
CREATE TABLE follower (
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    is_following SMALLINT NOT NULL, -- 0: left; nothing makes a follower of them by itself
    PRIMARY KEY (conversation_id, agent_id)
);

CREATE TABLE notice (
    id BIGINT PRIMARY KEY,
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    kind TEXT NOT NULL, -- mentioned, assigned, reply_failed, unsnoozed, updated
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    message_id BIGINT,
    actor TEXT NOT NULL,
    actor_id BIGINT,
    created_at BIGINT NOT NULL,
    read_at BIGINT
);
CREATE INDEX notice_of_agent ON notice (agent_id, id);
CREATE INDEX notice_unread ON notice (agent_id, id) WHERE read_at IS NULL;
CREATE INDEX notice_age ON notice (created_at);
CREATE UNIQUE INDEX notice_once ON notice (agent_id, conversation_id) WHERE read_at IS NULL AND kind = 'updated';

-- Who is to take part from now on, or no longer, whatever the mails say.
CREATE TABLE participant (
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    address TEXT NOT NULL, -- normalized
    name TEXT NOT NULL DEFAULT '',
    is_removed SMALLINT NOT NULL,
    agent_id BIGINT, -- who decided
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, address)
);

-- Conversations that have to do with each other, and things elsewhere.
CREATE TABLE conversation_link (
    id BIGINT PRIMARY KEY,
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    other_id BIGINT REFERENCES conversation (id), -- the younger of two; NULL: url
    title TEXT NOT NULL DEFAULT '',
    url TEXT NOT NULL DEFAULT '', -- https, or "" with other_id
    agent_id BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (conversation_id, other_id, url)
);
CREATE INDEX conversation_link_other ON conversation_link (other_id) WHERE other_id IS NOT NULL;

ALTER TABLE tag ADD COLUMN color TEXT NOT NULL DEFAULT '';
