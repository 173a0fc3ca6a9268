-- Who does not want to meet whom. Both vanish for each other; only the blocker ends it.
CREATE TABLE blocks (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    event   INTEGER NOT NULL REFERENCES events (id),
    blocker INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    blocked INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    UNIQUE (blocker, blocked)
) STRICT;
CREATE INDEX blocks_by_blocked ON blocks (blocked);

-- What people reported to the moderators, and what was answered.
CREATE TABLE reports (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    event       INTEGER NOT NULL REFERENCES events (id),
    reporter    INTEGER REFERENCES people (id) ON DELETE SET NULL,
    about       INTEGER REFERENCES people (id) ON DELETE SET NULL,
    space       TEXT    NOT NULL,
    words       TEXT    NOT NULL,
    quotes      TEXT    NOT NULL, -- JSON array: by_reporter, body, sent_at
    at          INTEGER NOT NULL,
    answer      TEXT,
    answered_at INTEGER,
    answered_by INTEGER REFERENCES people (id) ON DELETE SET NULL, -- NULL for the command line
    told_at     INTEGER           -- when the answer was sent to the reporter
) STRICT;
CREATE INDEX reports_by_event ON reports (event);
CREATE INDEX reports_by_reporter ON reports (reporter);
CREATE INDEX reports_by_about ON reports (about);
CREATE INDEX reports_by_answerer ON reports (answered_by);
