-- Changes whose clock was further ahead than can be true: what they said, and what they are merged under. What their
-- writers saw is read through it too. Few: a tablet with a wrong year makes a row for each change it then writes.
CREATE TABLE stamp (
    community BIGINT NOT NULL,
    said      BYTEA  NOT NULL,
    counts_as BYTEA  NOT NULL,
    PRIMARY KEY (community, said)
);

-- A hash of the pack in force: one that differs from what a server holds was put in force by another.
ALTER TABLE community ADD COLUMN pack_print TEXT NOT NULL DEFAULT '';
