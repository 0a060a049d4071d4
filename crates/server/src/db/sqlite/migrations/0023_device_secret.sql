-- SHA-256 of what the browser proves the device with: made at the first sign-in, kept in a cookie that no script reads. NULL for a
-- tablet of before, until it is next heard of; empty for devices of the office's own, on which nobody signs in.
ALTER TABLE device ADD COLUMN secret BLOB;

UPDATE device SET secret = x'' WHERE account IS NULL;
