// What each of the latest versions changed, in pieces; and a mark for each version, which
// tells restored copies of a database that go their own ways apart.
CREATE CONSTRAINT graph_change_id IF NOT EXISTS FOR (c:GraphChange) REQUIRE c.id IS UNIQUE;
CREATE INDEX graph_change_version IF NOT EXISTS FOR (c:GraphChange) ON (c.version);

MATCH (v:GraphVersion {id: 'graph'})
WHERE v.mark IS NULL
SET v.mark = randomUUID();
