-- Which conversation of ours one of another help desk became, so that a repeated import finds it.
CREATE TABLE foreign_conversation (
    source TEXT NOT NULL,    -- the name of the other installation
    source_id TEXT NOT NULL, -- its name for the conversation
    conversation_id BIGINT NOT NULL REFERENCES conversation (id),
    channel_id BIGINT NOT NULL REFERENCES channel (id), -- into which it was imported
    is_settled SMALLINT NOT NULL DEFAULT 0, -- status, people and tags have been taken over
    PRIMARY KEY (source, source_id)
);
