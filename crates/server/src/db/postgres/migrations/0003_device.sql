-- The account that last signed in on the device. Guesses from a device of the account's own are counted apart from those of
-- strangers.
ALTER TABLE device ADD COLUMN account TEXT COLLATE "C";

UPDATE device SET account = (
    SELECT s.account FROM session s
    WHERE s.community = device.community AND s.device = device.id ORDER BY s.seen_at DESC LIMIT 1
);
