// One node for each id.
CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (e:Entity) REQUIRE e.id IS UNIQUE;
CREATE CONSTRAINT removed_entity_id IF NOT EXISTS FOR (e:RemovedEntity) REQUIRE e.id IS UNIQUE;
CREATE CONSTRAINT employee_id IF NOT EXISTS FOR (p:Employee) REQUIRE p.id IS UNIQUE;
CREATE CONSTRAINT application_id IF NOT EXISTS FOR (a:Application) REQUIRE a.id IS UNIQUE;
CREATE CONSTRAINT integration_id IF NOT EXISTS FOR (i:Integration) REQUIRE i.id IS UNIQUE;
CREATE CONSTRAINT integration_key IF NOT EXISTS FOR (i:Integration) REQUIRE i.key IS UNIQUE;
CREATE CONSTRAINT insight_id IF NOT EXISTS FOR (n:Insight) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT graph_version_id IF NOT EXISTS FOR (v:GraphVersion) REQUIRE v.id IS UNIQUE;
CREATE CONSTRAINT audit_entry_id IF NOT EXISTS FOR (a:AuditEntry) REQUIRE a.id IS UNIQUE;
CREATE CONSTRAINT change_set_id IF NOT EXISTS FOR (m:ChangeSet) REQUIRE m.id IS UNIQUE;
CREATE CONSTRAINT change_chunk_id IF NOT EXISTS FOR (c:ChangeChunk) REQUIRE c.id IS UNIQUE;

// Lists and imports of one integration, in the order of ids.
CREATE INDEX entity_integration_id IF NOT EXISTS FOR (e:Entity) ON (e.integration, e.id);
CREATE INDEX removed_entity_integration_id IF NOT EXISTS FOR (e:RemovedEntity) ON (e.integration, e.id);
CREATE INDEX entity_source_id IF NOT EXISTS FOR (e:Entity) ON (e.sourceId);

// The default order of entity lists, and the fields that select few entities.
CREATE INDEX entity_name IF NOT EXISTS FOR (e:Entity) ON (e.nameKey, e.id);
CREATE INDEX entity_name_fold IF NOT EXISTS FOR (e:Entity) ON (e.nameFold);
CREATE INDEX entity_email_fold IF NOT EXISTS FOR (e:Entity) ON (e.emailFold);
CREATE INDEX entity_source_type IF NOT EXISTS FOR (e:Entity) ON (e.sourceType);

CREATE INDEX employee_name IF NOT EXISTS FOR (p:Employee) ON (p.fullNameKey, p.id);
CREATE INDEX employee_email_fold IF NOT EXISTS FOR (p:Employee) ON (p.workEmailFold);
CREATE INDEX employee_manager IF NOT EXISTS FOR (p:Employee) ON (p.managerEmailFold);
CREATE INDEX insight_name_fold IF NOT EXISTS FOR (n:Insight) ON (n.nameFold);
CREATE INDEX change_chunk_set IF NOT EXISTS FOR (c:ChangeChunk) ON (c.changeSet, c.number);
CREATE INDEX audit_entry_actor IF NOT EXISTS FOR (a:AuditEntry) ON (a.actor, a.id);
CREATE INDEX audit_entry_object IF NOT EXISTS FOR (a:AuditEntry) ON (a.object, a.id);

MERGE (v:GraphVersion {id: 'graph'}) ON CREATE SET v.version = 0;
