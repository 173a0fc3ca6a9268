-- The writer's own number of a text: one that is sent again after a crash is found and not stored twice.
-- Texts of before have none.

ALTER TABLE texts ADD COLUMN client_ref INTEGER;
DROP INDEX texts_by_author;
CREATE INDEX texts_by_author ON texts (author, client_ref);

-- When the server was last known to run; what a crash left open in the presence record ended then.
CREATE TABLE heartbeat (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL
) STRICT;

-- The invitation counts until then; NULL for as long as the event is open.
ALTER TABLE invitations ADD COLUMN expires_at INTEGER;

-- The newest text or presence entry as of the last sweep: an event without an end is kept from then on.
ALTER TABLE events ADD COLUMN last_active_at INTEGER;
