-- Who did what, and who read what is restricted: rows are added and never changed, each bound to the one before by its hash.
-- No name, no answer, no record: only account, device, what, to which bucket or account, when and how many.
CREATE TABLE audit (
    community INTEGER NOT NULL,
    -- 1, 2, 3 … without holes.
    n         INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    -- Empty for the command line.
    account   TEXT    NOT NULL,
    -- 0 for none.
    device    INTEGER NOT NULL,
    what      TEXT    NOT NULL,
    about     TEXT    NOT NULL,
    count     INTEGER NOT NULL,
    -- Of changes: the sequence numbers of the push they came with, and SHA-256 over their JSON. 0 and empty otherwise.
    from_seq  INTEGER NOT NULL,
    to_seq    INTEGER NOT NULL,
    digest    BLOB    NOT NULL,
    -- SHA-256 over the hash of the row before and all of this.
    hash      BLOB    NOT NULL,
    PRIMARY KEY (community, n)
) STRICT, WITHOUT ROWID;

-- Whoever opens the database by hand is at least stopped once; that it was done all the same is told by the hashes.
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
    BEGIN SELECT raise(ABORT, 'the audit trail is only added to'); END;
CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit
    BEGIN SELECT raise(ABORT, 'the audit trail is only added to'); END;

-- Changes in the order of their effects: what the trail is held against.
CREATE INDEX change_by_seq ON change (community, seq);
