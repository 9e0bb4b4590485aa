-- Who takes conversations and how they are given out; when what waits is due.

ALTER TABLE agent ADD COLUMN availability TEXT NOT NULL DEFAULT 'available'; -- by hand: available, busy, away, offline
ALTER TABLE agent ADD COLUMN availability_since BIGINT NOT NULL DEFAULT 0;
ALTER TABLE agent ADD COLUMN availability_until BIGINT;  -- then available again; NULL: until set anew
ALTER TABLE agent ADD COLUMN availability_reason TEXT;
ALTER TABLE agent ADD COLUMN calendar_id BIGINT REFERENCES calendar (id); -- working hours; NULL: any
ALTER TABLE agent ADD COLUMN capacity BIGINT;            -- open conversations at once; NULL: any number

ALTER TABLE team ADD COLUMN assignment_mode TEXT NOT NULL DEFAULT 'none'; -- none, round_robin, least_loaded
ALTER TABLE team ADD COLUMN assignment_last BIGINT;      -- round robin: who got the last one
ALTER TABLE team ADD COLUMN reassign_after_minutes BIGINT; -- of absence; NULL: never

CREATE INDEX agent_team_by_team ON agent_team (team_id, agent_id);

-- Open conversations of an agent: the load, and what waits at somebody who is away.
CREATE INDEX conversation_load ON conversation (assignee_id, waiting_since)
    WHERE status = 'open' AND assignee_id IS NOT NULL AND merged_into IS NULL;
-- What waits in a team for somebody to take it.
CREATE INDEX conversation_unassigned ON conversation (team_id, waiting_since, id)
    WHERE status = 'open' AND assignee_id IS NULL AND waiting_since IS NOT NULL AND merged_into IS NULL;

-- SLA policies (metrics.md). A change adds a version; versions are never changed but for valid_to.
CREATE TABLE sla_policy (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE UNIQUE INDEX sla_policy_name ON sla_policy (name) WHERE removed_at IS NULL;

CREATE TABLE sla_policy_version (
    id BIGINT PRIMARY KEY,
    policy_id BIGINT NOT NULL REFERENCES sla_policy (id),
    valid_from BIGINT NOT NULL,
    valid_to BIGINT,               -- NULL: it holds
    is_active SMALLINT NOT NULL,
    position BIGINT NOT NULL,
    warning_permille BIGINT NOT NULL,
    targets TEXT NOT NULL,         -- JSON (model/sla_policy.h)
    conditions TEXT NOT NULL       -- JSON: ids of channels, teams, tags
);
CREATE INDEX sla_policy_version_of_policy ON sla_policy_version (policy_id, valid_from);

-- Projection: when waits and episodes are due, by which policy, and from when on they are missed
-- (model/sla_clock.h). No timer writes here: missed is what has a breach_at that is past.
CREATE TABLE sla_due (
    subject_id BIGINT NOT NULL,    -- a wait; of resolution an episode
    target TEXT NOT NULL,          -- first_response, next_response, resolution
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    channel_id BIGINT NOT NULL,
    policy_id BIGINT NOT NULL,
    version_id BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,               -- NULL: goes on
    due_at BIGINT,                 -- NULL: misconfigured, no opening hours in the next 400 days
    warn_at BIGINT,
    breach_at BIGINT,              -- NULL: ended in time, or not due
    team_id BIGINT,                -- charged with it
    assignee_id BIGINT,
    warned_event_id BIGINT,        -- that said so, once
    breached_event_id BIGINT,
    PRIMARY KEY (subject_id, target)
);
CREATE INDEX sla_due_of_conversation ON sla_due (conversation_id);
CREATE INDEX sla_due_at ON sla_due (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX sla_due_to_warn ON sla_due (warn_at)
    WHERE warned_event_id IS NULL AND ended_at IS NULL AND warn_at IS NOT NULL;
CREATE INDEX sla_due_to_breach ON sla_due (breach_at) WHERE breached_event_id IS NULL AND breach_at IS NOT NULL;
-- Conversations to be judged again after a policy was changed, in batches.
CREATE TABLE sla_pending (
    conversation_id BIGINT PRIMARY KEY
);
CREATE INDEX episode_open ON episode (conversation_id) WHERE open_since IS NOT NULL;

-- Projection for lists: of what goes on in the conversation, the target that is due first. Sort by
-- sla_due_at; missed: sla_due_at <= now; at risk: sla_warn_at <= now and sla_due_at > now.
ALTER TABLE conversation ADD COLUMN sla_due_at BIGINT;
ALTER TABLE conversation ADD COLUMN sla_warn_at BIGINT;
ALTER TABLE conversation ADD COLUMN sla_target TEXT;
CREATE INDEX conversation_by_due ON conversation (sla_due_at, id) WHERE sla_due_at IS NOT NULL AND merged_into IS NULL;
