-- Who did what, and who read what is restricted: rows are added and never changed, each bound to the one before by its hash.
-- No name, no answer, no record: only account, device, what, to which bucket or account, when and how many.
CREATE TABLE audit (
    community BIGINT  NOT NULL,
    -- 1, 2, 3 … without holes.
    n         BIGINT  NOT NULL,
    at        BIGINT  NOT NULL,
    -- Empty for the command line.
    account   TEXT COLLATE "C" NOT NULL,
    -- 0 for none.
    device    BIGINT  NOT NULL,
    what      TEXT COLLATE "C" NOT NULL,
    about     TEXT COLLATE "C" NOT NULL,
    count     BIGINT  NOT NULL,
    -- Of changes: the sequence numbers of the push they came with, and SHA-256 over their JSON. 0 and empty otherwise.
    from_seq  BIGINT  NOT NULL,
    to_seq    BIGINT  NOT NULL,
    digest    BYTEA   NOT NULL,
    -- SHA-256 over the hash of the row before and all of this.
    hash      BYTEA   NOT NULL,
    PRIMARY KEY (community, n)
);

-- Whoever opens the database by hand is at least stopped once; that it was done all the same is told by the hashes.
CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit trail is only added to'; END $$;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_stays();

-- Changes in the order of their effects: what the trail is held against.
CREATE INDEX change_by_seq ON change (community, seq);
