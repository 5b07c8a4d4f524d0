-- What each of the latest versions changed, as JSON (see store.ChangeSet); NULL when it was
-- too much to be worth remembering.
CREATE TABLE graph_change (
  version INTEGER PRIMARY KEY,
  changes TEXT
) STRICT;
