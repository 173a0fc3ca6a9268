-- The first schema. docs/privacy.md names every column; a test compares the two.
-- Times are milliseconds since 1970-01-01 UTC. Ids are never reused (AUTOINCREMENT).

CREATE TABLE events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    key        TEXT    NOT NULL UNIQUE,
    title      TEXT    NOT NULL, -- JSON object: language to text
    opens_at   INTEGER,
    closes_at  INTEGER,
    closed_at  INTEGER,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE people (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    event      INTEGER NOT NULL REFERENCES events (id),
    name       TEXT    NOT NULL,
    delegation TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    language   TEXT,
    spaces     TEXT,             -- JSON array of space keys; NULL opens every space
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX people_by_event ON people (event, name);

CREATE TABLE invitations (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    person      INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    code_digest BLOB    NOT NULL UNIQUE,
    created_at  INTEGER NOT NULL,
    revoked_at  INTEGER
) STRICT;
CREATE INDEX invitations_by_person ON invitations (person);

CREATE TABLE texts (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    event     INTEGER NOT NULL REFERENCES events (id),
    author    INTEGER NOT NULL REFERENCES people (id),
    space     TEXT    NOT NULL,
    recipient INTEGER REFERENCES people (id),
    body      TEXT    NOT NULL,
    sent_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX texts_by_event ON texts (event);
CREATE INDEX texts_by_author ON texts (author);
CREATE INDEX texts_by_recipient ON texts (recipient);

CREATE TABLE presence (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    event  INTEGER NOT NULL REFERENCES events (id),
    person INTEGER NOT NULL REFERENCES people (id),
    space  TEXT    NOT NULL,
    change TEXT    NOT NULL, -- joined, moved, left
    at     INTEGER NOT NULL
) STRICT;
CREATE INDEX presence_by_event ON presence (event);
CREATE INDEX presence_by_person ON presence (person);

CREATE TABLE moderation (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    event  INTEGER NOT NULL REFERENCES events (id),
    person INTEGER REFERENCES people (id) ON DELETE SET NULL,
    action TEXT    NOT NULL, -- revoked
    reason TEXT    NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
CREATE INDEX moderation_by_person ON moderation (person);

-- Sums that outlive the people: texts, visits, invited.
CREATE TABLE counters (
    event INTEGER NOT NULL REFERENCES events (id),
    name  TEXT    NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (event, name)
) STRICT;

-- What the command line changed, for the running server to read.
CREATE TABLE changes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT    NOT NULL, -- revoked, closed, erased
    event      INTEGER,
    person     INTEGER,
    invitation INTEGER,
    at         INTEGER NOT NULL
) STRICT;
