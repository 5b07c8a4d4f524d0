// name: schema_lease
// Leases must work before the first migration.
CREATE CONSTRAINT lease_name IF NOT EXISTS FOR (l:Lease) REQUIRE l.name IS UNIQUE

// name: schema_applied
MATCH (m:SchemaMigration)
RETURN coalesce(max(m.number), 0) AS number

// name: schema_record
MERGE (m:SchemaMigration {number: $number})
ON CREATE SET m.name = $name, m.at = datetime.realtime()

// name: schema_index_names
SHOW INDEXES YIELD name

// name: schema_await
CALL db.awaitIndexes(600)

// name: schema_kind_id
CREATE CONSTRAINT record_RECORD_KIND_id IF NOT EXISTS FOR (r:RECORD_KIND) REQUIRE r.id IS UNIQUE

// name: schema_kind_field
CREATE INDEX record_RECORD_KIND_RECORD_FIELD IF NOT EXISTS FOR (r:RECORD_KIND) ON (r.RECORD_FIELD, r.id)
