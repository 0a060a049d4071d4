-- How much each account handed in on a day: what a day's bound is held against. Days count from 1970 where the community is;
-- those past are not kept.
CREATE TABLE taken (
    community INTEGER NOT NULL,
    account   TEXT    NOT NULL,
    day       INTEGER NOT NULL,
    changes   INTEGER NOT NULL,
    PRIMARY KEY (community, account, day)
) STRICT, WITHOUT ROWID;

-- Photos and papers that were begun, by whom and how long they are, and whether the office has them whole. Those of before this
-- table was made are not in it.
CREATE TABLE file (
    community INTEGER NOT NULL,
    record    BLOB    NOT NULL,
    hash      TEXT    NOT NULL,
    account   TEXT    NOT NULL,
    bytes     INTEGER NOT NULL,
    whole     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (community, record, hash)
) STRICT, WITHOUT ROWID;

-- What was refused, page by page, the latest first.
CREATE INDEX quarantine_by_time ON quarantine (community, received_at);
