-- The office's whole memory. Read this file first: everything else in the server moves rows of these tables.
--
-- Every key leads with the community, so that a database that spreads over machines can spread communities.
-- Times are milliseconds since 1970 UTC. 64-bit unsigned numbers (devices, digests, sums) are kept as the signed
-- integer of the same bits. Money, names and answers live only inside JSON bodies: no column knows a kind's fields.

-- A residents' community and its counter. `head` is the last sequence number given out; it is moved by one UPDATE that
-- holds its lock to the commit, so nobody ever sees number n before everything up to n is there to be read.
CREATE TABLE community (
    id           BIGINT  PRIMARY KEY,
    name         TEXT COLLATE "C" NOT NULL,
    -- Names this history. A restored backup gets a new one, and every device then reads anew.
    epoch        TEXT    NOT NULL,
    head         BIGINT  NOT NULL DEFAULT 0,
    -- The pack in force, as JSON, and its version.
    pack         TEXT    NOT NULL,
    pack_version BIGINT  NOT NULL,
    made_at      BIGINT  NOT NULL
);

CREATE TABLE account (
    community BIGINT  NOT NULL REFERENCES community (id),
    -- What is typed at sign-in, and the author written into changes.
    name      TEXT COLLATE "C" NOT NULL,
    -- The person.
    person    TEXT    NOT NULL,
    -- A post of the pack; a post the pack does not know has no rights.
    post      TEXT    NOT NULL,
    -- Argon2id in PHC form.
    password  TEXT    NOT NULL,
    made_at   BIGINT  NOT NULL,
    PRIMARY KEY (community, name)
);

-- A tablet, known from its first sign-in on.
CREATE TABLE device (
    community   BIGINT  NOT NULL REFERENCES community (id),
    id          BIGINT  NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    -- The largest change number the office has of it. A device that is behind has lost its store.
    last_number BIGINT  NOT NULL DEFAULT 0,
    seen_at     BIGINT  NOT NULL,
    PRIMARY KEY (community, id)
);

-- A sign-in. The token itself is only in the browser; a stolen database opens no door.
CREATE TABLE session (
    community BIGINT  NOT NULL,
    -- SHA-256 of the token.
    token     BYTEA   NOT NULL,
    account   TEXT COLLATE "C" NOT NULL,
    device    BIGINT  NOT NULL,
    made_at   BIGINT  NOT NULL,
    -- Moves at most once an hour; thirty days of silence end the session.
    seen_at   BIGINT  NOT NULL,
    PRIMARY KEY (community, token),
    FOREIGN KEY (community, account) REFERENCES account (community, name) ON DELETE CASCADE,
    FOREIGN KEY (community, device) REFERENCES device (community, id) ON DELETE CASCADE
);

-- Every change a device said and the verdict it got: what makes pushing idempotent. Written in one transaction with
-- the change's effect.
CREATE TABLE change (
    community   BIGINT  NOT NULL,
    device      BIGINT  NOT NULL,
    number      BIGINT  NOT NULL,
    -- XXH3-128 of the change's canonical JSON: tells a repeat from another change under the same number.
    content     BYTEA   NOT NULL,
    author      TEXT    NOT NULL,
    record      BYTEA   NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    clock       BYTEA   NOT NULL,
    received_at BIGINT  NOT NULL,
    -- Sequence number of the effect when accepted; NULL when refused, and then `problems` says why.
    seq         BIGINT,
    problems    TEXT,
    -- The change as JSON when accepted; a refused one is in `quarantine`.
    body        TEXT,
    PRIMARY KEY (community, device, number),
    CHECK ((seq IS NULL) = (problems IS NOT NULL))
);

-- A record's history, and who wrote it.
CREATE INDEX change_of_record ON change (community, record);

-- What was refused, kept word for word until someone mends it, even when it does not parse or reuses a number.
CREATE TABLE quarantine (
    community   BIGINT  NOT NULL,
    device      BIGINT  NOT NULL,
    -- 0 when none can be read.
    number      BIGINT  NOT NULL,
    content     BYTEA   NOT NULL,
    -- Who was signed in when it came.
    account     TEXT COLLATE "C" NOT NULL,
    received_at BIGINT  NOT NULL,
    problems    TEXT    NOT NULL,
    body        TEXT    NOT NULL,
    -- The number of the same device's change that put it right.
    mended_by   BIGINT,
    PRIMARY KEY (community, device, number, content)
);

CREATE INDEX quarantine_of_account ON quarantine (community, account, received_at);

-- Each record as the merge of its accepted changes.
CREATE TABLE record (
    community BIGINT  NOT NULL,
    -- The sixteen bytes of its UUID: sorts by the time it was made.
    id        BYTEA   NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    -- Sensitivity class and kind: the unit of permission.
    bucket    TEXT COLLATE "C" NOT NULL,
    -- Sequence number of the last change merged into it.
    seq       BIGINT  NOT NULL,
    -- Hash of the merged state, part of its bucket's checksum.
    digest    BIGINT  NOT NULL,
    -- The merged state as JSON, as it goes over the wire.
    state     TEXT    NOT NULL,
    PRIMARY KEY (community, id)
);

-- The tail a reader has not seen, bucket by bucket.
CREATE INDEX record_feed ON record (community, bucket, seq);

-- Each bucket's checksum, kept in the transaction that moves its records.
CREATE TABLE bucket (
    community BIGINT  NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    count     BIGINT  NOT NULL,
    -- Wrapping sum of the digests.
    sum       BIGINT  NOT NULL,
    -- Sequence number of the last change in it.
    seq       BIGINT  NOT NULL,
    PRIMARY KEY (community, name)
);

-- A bucket as it was at `seq`, as blocks for a first sync. Rebuilt when too much has been written since.
CREATE TABLE snapshot (
    community BIGINT  NOT NULL,
    bucket    TEXT COLLATE "C" NOT NULL,
    seq       BIGINT  NOT NULL,
    made_at   BIGINT  NOT NULL,
    PRIMARY KEY (community, bucket)
);

-- Immutable, named by the hash of their bytes.
CREATE TABLE block (
    community BIGINT  NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    bucket    TEXT COLLATE "C" NOT NULL,
    -- Its place in the bucket's snapshot, from 0; NULL once a newer snapshot does without it. It stays a while for
    -- tablets in the middle of a first sync.
    place     BIGINT,
    records   BIGINT  NOT NULL,
    left_at   BIGINT,
    bytes     BYTEA   NOT NULL,
    PRIMARY KEY (community, id)
);

CREATE INDEX block_of_snapshot ON block (community, bucket, place);
