-- How much each account handed in on a day: what a day's bound is held against. Days count from 1970 where the community is;
-- those past are not kept.
CREATE TABLE taken (
    community BIGINT  NOT NULL,
    account   TEXT    NOT NULL,
    day       BIGINT  NOT NULL,
    changes   BIGINT  NOT NULL,
    PRIMARY KEY (community, account, day)
);

-- Photos and papers that were begun, by whom and how long they are, and whether the office has them whole. Those of before this
-- table was made are not in it.
CREATE TABLE file (
    community BIGINT  NOT NULL,
    record    BYTEA   NOT NULL,
    hash      TEXT    NOT NULL,
    account   TEXT    NOT NULL,
    bytes     BIGINT  NOT NULL,
    whole     BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (community, record, hash)
);

-- What was refused, page by page, the latest first.
CREATE INDEX quarantine_by_time ON quarantine (community, received_at);
