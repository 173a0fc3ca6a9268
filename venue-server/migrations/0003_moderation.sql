-- Acts of chairs and moderators: who did it, in which space, and when and by whom it was taken back.
-- What the command line does has no moderator.

ALTER TABLE moderation ADD COLUMN moderator INTEGER REFERENCES people (id) ON DELETE SET NULL;
ALTER TABLE moderation ADD COLUMN space TEXT;
ALTER TABLE moderation ADD COLUMN undone_at INTEGER;
ALTER TABLE moderation ADD COLUMN undone_by INTEGER REFERENCES people (id) ON DELETE SET NULL;
CREATE INDEX moderation_by_moderator ON moderation (moderator);
CREATE INDEX moderation_by_undoer ON moderation (undone_by);
