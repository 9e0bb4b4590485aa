-- Roles made by administrators, and what is hidden from whom.

CREATE TABLE role (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,  -- agent.role bears it
    permissions TEXT NOT NULL,  -- names with spaces between (model/permission.h)
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);

-- A restricted channel is for the agents and teams below; a private team's conversations for its members.
ALTER TABLE channel ADD COLUMN is_restricted SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE team ADD COLUMN is_private SMALLINT NOT NULL DEFAULT 0;

CREATE TABLE channel_agent (
    channel_id BIGINT NOT NULL REFERENCES channel (id),
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    PRIMARY KEY (channel_id, agent_id)
);

CREATE TABLE channel_team (
    channel_id BIGINT NOT NULL REFERENCES channel (id),
    team_id BIGINT NOT NULL REFERENCES team (id),
    PRIMARY KEY (channel_id, team_id)
);

-- Projections of the above (store/visibility.c): what each agent must not see. Empty for most.
CREATE TABLE hidden_channel (
    agent_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    PRIMARY KEY (agent_id, channel_id)
);

CREATE TABLE hidden_team (
    agent_id BIGINT NOT NULL,
    team_id BIGINT NOT NULL,
    PRIMARY KEY (agent_id, team_id)
);
