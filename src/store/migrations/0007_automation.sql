-- What answers and acts by itself or at one touch: canned replies, macros, rules and what they did.

-- Shelves of canned replies.
CREATE TABLE canned_folder (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    position BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

-- A text that is used again and again. Whose it is: agent_id, or team_id, or everybody's.
CREATE TABLE canned (
    id BIGINT PRIMARY KEY,
    agent_id BIGINT REFERENCES agent (id),
    team_id BIGINT REFERENCES team (id),
    folder_id BIGINT REFERENCES canned_folder (id),
    shortcut TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL,
    position BIGINT NOT NULL DEFAULT 0,
    use_count BIGINT NOT NULL DEFAULT 0,
    used_at BIGINT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX canned_order ON canned (position, id);
CREATE INDEX canned_by_folder ON canned (folder_id, position, id) WHERE folder_id IS NOT NULL;

-- One for each language; position 0 is taken where none fits.
CREATE TABLE canned_text (
    canned_id BIGINT NOT NULL REFERENCES canned (id),
    position BIGINT NOT NULL,
    language TEXT NOT NULL DEFAULT '', -- BCP 47, "" for any
    subject TEXT,
    text TEXT NOT NULL,
    html TEXT,
    PRIMARY KEY (canned_id, position)
);

-- The words of shortcut, name and texts, folded: what a search's words are the beginnings of.
CREATE TABLE canned_word (
    word TEXT NOT NULL,
    canned_id BIGINT NOT NULL REFERENCES canned (id),
    PRIMARY KEY (word, canned_id)
);
CREATE INDEX canned_word_of ON canned_word (canned_id);

-- Several actions at one touch (model/action.h).
CREATE TABLE macro (
    id BIGINT PRIMARY KEY,
    agent_id BIGINT REFERENCES agent (id),
    team_id BIGINT REFERENCES team (id),
    name TEXT NOT NULL,
    position BIGINT NOT NULL DEFAULT 0,
    actions TEXT NOT NULL, -- JSON
    use_count BIGINT NOT NULL DEFAULT 0,
    used_at BIGINT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX macro_order ON macro (position, id);

-- When, if, then (model/rule.h).
CREATE TABLE rule (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    position BIGINT NOT NULL,
    is_active SMALLINT NOT NULL DEFAULT 1,
    trigger_on TEXT NOT NULL,  -- JSON: the event, or the time
    conditions TEXT NOT NULL,  -- JSON
    actions TEXT NOT NULL,     -- JSON
    stops SMALLINT NOT NULL DEFAULT 0, -- no later rule sees what this one acted on
    active_since BIGINT,       -- what happened before does not concern it; NULL: never active
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX rule_order ON rule (position, id);

-- What each rule made of each thing that it looked at; kept for a while, also of rules that are gone.
CREATE TABLE rule_run (
    id BIGINT PRIMARY KEY,
    rule_id BIGINT NOT NULL,
    rule_version BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    customer_id BIGINT,       -- who was written to; NULL: nobody
    event_id BIGINT,          -- that it looked at; NULL: time
    outcome TEXT NOT NULL,    -- fired, not_matched, limited, failed
    detail TEXT NOT NULL,     -- JSON: which condition failed, what was done; ids and flags
    recorded_at BIGINT NOT NULL
);
CREATE INDEX rule_run_of_rule ON rule_run (rule_id, id);
CREATE INDEX rule_run_of_conversation ON rule_run (conversation_id, id);
CREATE INDEX rule_run_written ON rule_run (rule_id, customer_id, id) WHERE customer_id IS NOT NULL;
CREATE INDEX rule_run_fired ON rule_run (rule_id, conversation_id, id) WHERE outcome = 'fired';

-- Time: what was decided about a conversation's present episode, so that nothing is done twice.
CREATE TABLE rule_mark (
    rule_id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    episode BIGINT NOT NULL,  -- the instant from which the time was counted
    conversation_version BIGINT NOT NULL,
    is_settled SMALLINT NOT NULL, -- fired, or never will
    PRIMARY KEY (rule_id, conversation_id)
);
