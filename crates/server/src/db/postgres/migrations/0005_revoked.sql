-- The buckets a device was last told it holds, separated by spaces, as its cursor names them.
ALTER TABLE device ADD COLUMN held TEXT NOT NULL DEFAULT '';

-- When the device was revoked: from then on it may hand in what waits on it, and is told to destroy the rest.
ALTER TABLE device ADD COLUMN revoked_at BIGINT;

-- When it said that it holds nothing any more.
ALTER TABLE device ADD COLUMN emptied_at BIGINT;
