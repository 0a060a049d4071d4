-- A roster that was imported, so that it can be taken back, also after a restart. What it wrote is not here: each import
-- has a device of its own, and `change` holds every change of it; what was there before is the merge of all other changes.
CREATE TABLE roster (
    community BIGINT  NOT NULL,
    -- The sixteen bytes of its UUID: sorts by the time it was uploaded.
    id        BYTEA   NOT NULL,
    -- The file's name. The file itself is never kept: it is full of people.
    file      TEXT    NOT NULL,
    -- Who imported it.
    account   TEXT COLLATE "C" NOT NULL,
    -- The device its changes were made on.
    device    BIGINT  NOT NULL,
    at        BIGINT  NOT NULL,
    -- running, stopped, done, undoing, undone. One that is running or undoing while no server works on it was cut off.
    state     TEXT    NOT NULL,
    -- Records to be written (running) or to be taken back (undoing).
    total     BIGINT  NOT NULL,
    -- Changes the office refused.
    refused   BIGINT  NOT NULL DEFAULT 0,
    -- JSON: what was planned; what was not taken back.
    counts    TEXT    NOT NULL,
    kept      TEXT    NOT NULL DEFAULT '[]',
    PRIMARY KEY (community, id)
);
