-- What tablets' recovery keys are worked out from: 32 random bytes, made when first asked for.
ALTER TABLE community ADD COLUMN recovery BLOB;
