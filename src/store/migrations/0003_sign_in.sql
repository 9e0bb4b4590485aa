-- Signing in: sessions, second factors, one-use tickets, mails of our own, providers of OpenID Connect.

ALTER TABLE agent ADD COLUMN language TEXT NOT NULL DEFAULT 'en'; -- of mails to them: en, fi, sv
ALTER TABLE agent ADD COLUMN password_set_at BIGINT;

-- NULL: all that its agent may. JSON list of permission names.
ALTER TABLE token ADD COLUMN scopes TEXT;

CREATE TABLE session (
    id BIGINT PRIMARY KEY,
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    hash BYTEA NOT NULL UNIQUE,    -- SHA-256 of the cookie's value
    method TEXT NOT NULL,          -- password, oidc, setup, invitation
    address TEXT NOT NULL,         -- where it was begun from, shown to its owner
    browser TEXT NOT NULL,         -- the User-Agent, cut
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,       -- within minutes
    confirmed_at BIGINT NOT NULL,  -- when its owner last proved who they are
    ends_at BIGINT NOT NULL,       -- whatever happens
    ended_at BIGINT
);
CREATE INDEX session_agent ON session (agent_id, id);
CREATE INDEX session_ends ON session (ends_at);

-- One-use secrets that stand for a step on the way in.
CREATE TABLE ticket (
    id BIGINT PRIMARY KEY,
    purpose TEXT NOT NULL,         -- second_factor, invitation, reset, setup
    agent_id BIGINT REFERENCES agent (id), -- NULL: setup
    hash BYTEA NOT NULL UNIQUE,
    tries BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX ticket_agent ON ticket (agent_id, purpose, created_at);
CREATE INDEX ticket_expires ON ticket (expires_at);

CREATE TABLE totp (
    agent_id BIGINT PRIMARY KEY REFERENCES agent (id),
    seed BYTEA NOT NULL,           -- sealed
    last_step BIGINT NOT NULL DEFAULT 0, -- no code of this step or an earlier one counts again
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT            -- NULL: not in force yet
);

CREATE TABLE recovery_code (
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    mac BYTEA NOT NULL,            -- HMAC under the key file
    used_at BIGINT,
    PRIMARY KEY (agent_id, mac)
);

-- Mails of dialogd itself to agents: invitations, resets.
CREATE TABLE system_mail (
    id BIGINT PRIMARY KEY,
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    purpose TEXT NOT NULL,         -- invitation, reset, password_changed
    secret BYTEA,                  -- sealed token of its link; forgotten once it is sent
    state TEXT NOT NULL DEFAULT 'queued', -- queued, sent, failed
    reason TEXT,                   -- of the last failure: one line
    attempts BIGINT NOT NULL DEFAULT 0,
    not_before BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,    -- of no use later
    created_at BIGINT NOT NULL,
    settled_at BIGINT
);
CREATE INDEX system_mail_due ON system_mail (not_before) WHERE state = 'queued';
CREATE INDEX system_mail_agent ON system_mail (agent_id, id);

CREATE TABLE oidc_provider (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    issuer TEXT NOT NULL,
    client_id TEXT NOT NULL,
    client_secret BYTEA,           -- sealed; NULL: a public client
    domains TEXT NOT NULL DEFAULT '[]', -- JSON: of email addresses that may be let in by themselves
    new_role TEXT,                 -- role of whom it lets in by itself; NULL: only known agents
    created_at BIGINT NOT NULL,
    removed_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1
);

-- Who somebody is at a provider: issuer and subject, never the email address.
CREATE TABLE oidc_identity (
    id BIGINT PRIMARY KEY,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    UNIQUE (issuer, subject)
);
CREATE INDEX oidc_identity_agent ON oidc_identity (agent_id);

CREATE INDEX audit_action ON audit (action, id);
CREATE INDEX audit_actor ON audit (actor_id, id);
