-- The post that an account had before it was given another, for each device of its own: what was written on it under the old
-- post is judged by that one when the device hands it in. A device has its day for that from when it first hears of the change.
CREATE TABLE former_post (
    community INTEGER NOT NULL,
    account   TEXT    NOT NULL,
    device    INTEGER NOT NULL,
    post      TEXT    NOT NULL,
    until     INTEGER NOT NULL,
    heard_at  INTEGER,
    PRIMARY KEY (community, account, device, until)
) STRICT, WITHOUT ROWID;

-- When two different changes came under one number of the device: its store was copied to another machine, or put back.
ALTER TABLE device ADD COLUMN copied_at INTEGER;
