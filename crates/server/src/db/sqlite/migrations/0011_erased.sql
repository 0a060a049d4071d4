-- SHA-256 of a change's body that was erased at a resident's request, so that the audit trail still fits: `body` is NULL then.
ALTER TABLE change ADD COLUMN erased BLOB;
