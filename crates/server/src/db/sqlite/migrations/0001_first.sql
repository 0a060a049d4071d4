-- The office's whole memory. Read this file first: everything else in the server moves rows of these tables.
--
-- Every key leads with the community, so that a database that spreads over machines can spread communities.
-- Times are milliseconds since 1970 UTC. 64-bit unsigned numbers (devices, digests, sums) are kept as the signed
-- integer of the same bits. Money, names and answers live only inside JSON bodies: no column knows a kind's fields.

-- A residents' community and its counter. `head` is the last sequence number given out; it is moved by one UPDATE that
-- holds its lock to the commit, so nobody ever sees number n before everything up to n is there to be read.
CREATE TABLE community (
    id           INTEGER PRIMARY KEY,
    name         TEXT    NOT NULL,
    -- Names this history. A restored backup gets a new one, and every device then reads anew.
    epoch        TEXT    NOT NULL,
    head         INTEGER NOT NULL DEFAULT 0,
    -- The pack in force, as JSON, and its version.
    pack         TEXT    NOT NULL,
    pack_version INTEGER NOT NULL,
    made_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE account (
    community INTEGER NOT NULL REFERENCES community (id),
    -- What is typed at sign-in, and the author written into changes.
    name      TEXT    NOT NULL,
    -- The person.
    person    TEXT    NOT NULL,
    -- A post of the pack; a post the pack does not know has no rights.
    post      TEXT    NOT NULL,
    -- Argon2id in PHC form.
    password  TEXT    NOT NULL,
    made_at   INTEGER NOT NULL,
    PRIMARY KEY (community, name)
) STRICT, WITHOUT ROWID;

-- A tablet, known from its first sign-in on.
CREATE TABLE device (
    community   INTEGER NOT NULL REFERENCES community (id),
    id          INTEGER NOT NULL,
    name        TEXT    NOT NULL,
    -- The largest change number the office has of it. A device that is behind has lost its store.
    last_number INTEGER NOT NULL DEFAULT 0,
    seen_at     INTEGER NOT NULL,
    PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;

-- A sign-in. The token itself is only in the browser; a stolen database opens no door.
CREATE TABLE session (
    community INTEGER NOT NULL,
    -- SHA-256 of the token.
    token     BLOB    NOT NULL,
    account   TEXT    NOT NULL,
    device    INTEGER NOT NULL,
    made_at   INTEGER NOT NULL,
    -- Moves at most once an hour; thirty days of silence end the session.
    seen_at   INTEGER NOT NULL,
    PRIMARY KEY (community, token),
    FOREIGN KEY (community, account) REFERENCES account (community, name) ON DELETE CASCADE,
    FOREIGN KEY (community, device) REFERENCES device (community, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Every change a device said and the verdict it got: what makes pushing idempotent. Written in one transaction with
-- the change's effect.
CREATE TABLE change (
    community   INTEGER NOT NULL,
    device      INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    -- XXH3-128 of the change's canonical JSON: tells a repeat from another change under the same number.
    content     BLOB    NOT NULL,
    author      TEXT    NOT NULL,
    record      BLOB    NOT NULL,
    kind        TEXT    NOT NULL,
    clock       BLOB    NOT NULL,
    received_at INTEGER NOT NULL,
    -- Sequence number of the effect when accepted; NULL when refused, and then `problems` says why.
    seq         INTEGER,
    problems    TEXT,
    -- The change as JSON when accepted; a refused one is in `quarantine`.
    body        TEXT,
    PRIMARY KEY (community, device, number),
    CHECK ((seq IS NULL) = (problems IS NOT NULL))
) STRICT;

-- A record's history, and who wrote it.
CREATE INDEX change_of_record ON change (community, record);

-- What was refused, kept word for word until someone mends it, even when it does not parse or reuses a number.
CREATE TABLE quarantine (
    community   INTEGER NOT NULL,
    device      INTEGER NOT NULL,
    -- 0 when none can be read.
    number      INTEGER NOT NULL,
    content     BLOB    NOT NULL,
    -- Who was signed in when it came.
    account     TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    problems    TEXT    NOT NULL,
    body        TEXT    NOT NULL,
    -- The number of the same device's change that put it right.
    mended_by   INTEGER,
    PRIMARY KEY (community, device, number, content)
) STRICT;

CREATE INDEX quarantine_of_account ON quarantine (community, account, received_at);

-- Each record as the merge of its accepted changes.
CREATE TABLE record (
    community INTEGER NOT NULL,
    -- The sixteen bytes of its UUID: sorts by the time it was made.
    id        BLOB    NOT NULL,
    kind      TEXT    NOT NULL,
    -- Sensitivity class and kind: the unit of permission.
    bucket    TEXT    NOT NULL,
    -- Sequence number of the last change merged into it.
    seq       INTEGER NOT NULL,
    -- Hash of the merged state, part of its bucket's checksum.
    digest    INTEGER NOT NULL,
    -- The merged state as JSON, as it goes over the wire.
    state     TEXT    NOT NULL,
    PRIMARY KEY (community, id)
) STRICT;

-- The tail a reader has not seen, bucket by bucket.
CREATE INDEX record_feed ON record (community, bucket, seq);

-- Each bucket's checksum, kept in the transaction that moves its records.
CREATE TABLE bucket (
    community INTEGER NOT NULL,
    name      TEXT    NOT NULL,
    count     INTEGER NOT NULL,
    -- Wrapping sum of the digests.
    sum       INTEGER NOT NULL,
    -- Sequence number of the last change in it.
    seq       INTEGER NOT NULL,
    PRIMARY KEY (community, name)
) STRICT, WITHOUT ROWID;

-- A bucket as it was at `seq`, as blocks for a first sync. Rebuilt when too much has been written since.
CREATE TABLE snapshot (
    community INTEGER NOT NULL,
    bucket    TEXT    NOT NULL,
    seq       INTEGER NOT NULL,
    made_at   INTEGER NOT NULL,
    PRIMARY KEY (community, bucket)
) STRICT, WITHOUT ROWID;

-- Immutable, named by the hash of their bytes.
CREATE TABLE block (
    community INTEGER NOT NULL,
    id        TEXT    NOT NULL,
    bucket    TEXT    NOT NULL,
    -- Its place in the bucket's snapshot, from 0; NULL once a newer snapshot does without it. It stays a while for
    -- tablets in the middle of a first sync.
    place     INTEGER,
    records   INTEGER NOT NULL,
    left_at   INTEGER,
    bytes     BLOB    NOT NULL,
    PRIMARY KEY (community, id)
) STRICT;

CREATE INDEX block_of_snapshot ON block (community, bucket, place);
