-- The line of the database's own history that the epoch is of (PostgreSQL's timeline). Another one means that a copy of the
-- database took over, or was put back, which may lack the last things that were acknowledged. SQLite has none.
ALTER TABLE community ADD COLUMN timeline TEXT;
