-- A random text for each version (see store.ChangeView): restored copies of a file that go
-- their own ways have the same versions, but other marks.
ALTER TABLE graph_version ADD COLUMN mark TEXT NOT NULL DEFAULT '';
UPDATE graph_version SET mark = lower(hex(randomblob(16)));

-- What each of the latest versions changed, as changelog.Pack has it. A version whose
-- changes were too many has no row.
DROP TABLE graph_change;
CREATE TABLE graph_change (
  version INTEGER PRIMARY KEY,
  base    TEXT NOT NULL, -- the mark of the version before
  bytes   INTEGER NOT NULL,
  changes BLOB NOT NULL
) STRICT;
