-- Times are INTEGER microseconds since 1970 UTC, NULL when there is none. Three-valued
-- flags are 1, 0 or NULL for unknown. Lists and maps are JSON text, NULL when empty. What
-- ends in _fold is the text as access.Fold has it, written by Go.
-- Entities, integrations and grants refer to each other by the integer n: an entity id is
-- 28 bytes, and every grant holds two, in the table and again in its index.

CREATE TABLE graph_version (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  version INTEGER NOT NULL
) STRICT;
INSERT INTO graph_version VALUES (1, 0);

CREATE TABLE application (
  id   TEXT PRIMARY KEY,
  name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE integration (
  n           INTEGER PRIMARY KEY,
  key         TEXT NOT NULL UNIQUE,
  id          TEXT NOT NULL,
  name        TEXT NOT NULL,
  name_fold   TEXT NOT NULL,
  application TEXT NOT NULL,
  description TEXT NOT NULL,
  extraction  TEXT NOT NULL,
  status      TEXT NOT NULL,
  message     TEXT NOT NULL,
  column_map  TEXT,
  defaults    TEXT,
  created_at  INTEGER,
  last_sync   INTEGER,
  revision    INTEGER NOT NULL
) STRICT;

CREATE TABLE integration_owner (
  integration INTEGER NOT NULL,
  rank        INTEGER NOT NULL, -- 0 = primary
  employee    TEXT NOT NULL,
  PRIMARY KEY (integration, rank)
) STRICT, WITHOUT ROWID;

CREATE TABLE entity (
  n                      INTEGER PRIMARY KEY,
  id                     TEXT NOT NULL UNIQUE,
  integration            INTEGER NOT NULL,
  removed_at             INTEGER,
  project                TEXT NOT NULL,
  type                   TEXT NOT NULL,
  source_id              TEXT NOT NULL,
  source_type            TEXT NOT NULL,
  name                   TEXT NOT NULL,
  username               TEXT NOT NULL,
  email                  TEXT NOT NULL,
  first_name             TEXT NOT NULL,
  last_name              TEXT NOT NULL,
  status                 TEXT NOT NULL,
  last_login             INTEGER,
  latest_activity        INTEGER,
  last_password_changed  INTEGER,
  mfa                    INTEGER,
  super_admin            INTEGER,
  administrative         INTEGER,
  external               INTEGER,
  locked                 INTEGER,
  service_account        INTEGER,
  service_account_reason TEXT NOT NULL,
  factors                TEXT,
  metadata               TEXT NOT NULL,
  stub                   INTEGER NOT NULL,
  first_seen             INTEGER
) STRICT;
CREATE INDEX entity_integration ON entity (integration, id);
CREATE INDEX entity_source_id ON entity (integration, source_id);

CREATE TABLE grant_live (
  source     INTEGER NOT NULL,
  target     INTEGER NOT NULL,
  permission TEXT NOT NULL,
  scope      TEXT NOT NULL,
  value      TEXT NOT NULL,
  counts     INTEGER NOT NULL,
  project    TEXT NOT NULL,
  last_used  INTEGER,
  metadata   TEXT NOT NULL,
  from_at    INTEGER NOT NULL,
  PRIMARY KEY (source, target, permission, scope)
) STRICT, WITHOUT ROWID;
CREATE INDEX grant_live_target ON grant_live (target); -- to end what is held on a removed entity

-- One row per closed interval. There is no key: the same interval may occur twice when
-- a value changes back and forth within one microsecond.
CREATE TABLE grant_history (
  source     INTEGER NOT NULL,
  target     INTEGER NOT NULL,
  permission TEXT NOT NULL,
  scope      TEXT NOT NULL,
  value      TEXT NOT NULL,
  counts     INTEGER NOT NULL,
  project    TEXT NOT NULL,
  last_used  INTEGER,
  metadata   TEXT NOT NULL,
  from_at    INTEGER NOT NULL,
  to_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX grant_history_source ON grant_history (source);

-- A put that changes the value closes the interval of the old one. A put sets from_at to
-- the time of the commit exactly when the value changes, so that is when the old one ended.
CREATE TRIGGER grant_value_changed AFTER UPDATE OF value ON grant_live WHEN OLD.value <> NEW.value BEGIN
  INSERT INTO grant_history VALUES (OLD.source, OLD.target, OLD.permission, OLD.scope, OLD.value, OLD.counts,
    OLD.project, OLD.last_used, OLD.metadata, OLD.from_at, NEW.from_at);
END;

CREATE TABLE employee (
  id                 TEXT PRIMARY KEY,
  work_email         TEXT NOT NULL,
  work_email_fold    TEXT NOT NULL,
  user_id            TEXT NOT NULL,
  full_name          TEXT NOT NULL,
  full_name_fold     TEXT NOT NULL,
  first_name         TEXT NOT NULL,
  last_name          TEXT NOT NULL,
  department         TEXT NOT NULL,
  department_fold    TEXT NOT NULL,
  title              TEXT NOT NULL,
  title_fold         TEXT NOT NULL,
  start_date         INTEGER,
  end_date           INTEGER,
  employment_type    TEXT NOT NULL,
  organization       TEXT NOT NULL,
  manager            TEXT NOT NULL,
  manager_email      TEXT NOT NULL,
  manager_email_fold TEXT NOT NULL,
  source_user_id     TEXT NOT NULL,
  roles              TEXT,
  metadata_ver       TEXT NOT NULL,
  metadata           TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX employee_name ON employee (full_name_fold, id);
CREATE INDEX employee_manager ON employee (manager_email_fold);
CREATE INDEX employee_department ON employee (department_fold);

CREATE TABLE mapping (
  entity   INTEGER PRIMARY KEY,
  employee TEXT NOT NULL, -- '' when relation is NONE
  relation TEXT NOT NULL,
  origin   TEXT NOT NULL,
  reason   TEXT NOT NULL,
  at       INTEGER
) STRICT;
CREATE INDEX mapping_employee ON mapping (employee);

CREATE TABLE entity_owner (
  entity   INTEGER NOT NULL,
  rank     INTEGER NOT NULL, -- 0 = primary
  employee TEXT NOT NULL,
  PRIMARY KEY (entity, rank)
) STRICT, WITHOUT ROWID;

CREATE TABLE entity_label (
  entity INTEGER NOT NULL,
  label  TEXT NOT NULL,
  PRIMARY KEY (entity, label)
) STRICT, WITHOUT ROWID;

CREATE TABLE entity_insight (
  entity   INTEGER NOT NULL,
  name     TEXT NOT NULL,
  since    INTEGER,
  evidence TEXT NOT NULL,
  PRIMARY KEY (entity, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE record (
  kind     TEXT NOT NULL,
  id       TEXT NOT NULL,
  revision INTEGER NOT NULL,
  doc      TEXT NOT NULL,
  fields   TEXT, -- the index fields as given
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE record_index (
  kind  TEXT NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  id    TEXT NOT NULL,
  PRIMARY KEY (kind, field, value, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  id         TEXT PRIMARY KEY,
  at         INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor      TEXT NOT NULL,
  action     TEXT NOT NULL,
  object     TEXT NOT NULL,
  before     TEXT NOT NULL,
  after      TEXT NOT NULL,
  request_id TEXT NOT NULL,
  ip         TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_actor ON audit (actor, id);
CREATE INDEX audit_action ON audit (action, id);
CREATE INDEX audit_object ON audit (object, id);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TABLE lease (
  name       TEXT PRIMARY KEY,
  holder     TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
