package neo4j

import (
	"context"
	"testing"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"
)

// derivedRules are questions whose answer must be 0 in every state of the database.
var derivedRules = map[string]string{
	"IN without a counting grant": `MATCH (s)-[:IN]->(t) WHERE NOT EXISTS { (s)-[r:HAS_ACCESS]->(t) WHERE r.counts } OR NOT t:Connection RETURN count(*) AS n`,
	"counting grant on a connection without exactly one IN": `MATCH (s)-[r:HAS_ACCESS]->(t:Connection) WHERE r.counts
		WITH DISTINCT s, t WHERE COUNT { (s)-[:IN]->(t) } <> 1 RETURN count(*) AS n`,
	"NESTS without a counting grant": `MATCH (s)-[:NESTS]->(t) WHERE NOT EXISTS { (s)-[r:HAS_ACCESS]->(t) WHERE r.counts } OR NOT t:Connection OR NOT s:Connection RETURN count(*) AS n`,
	"counting grant between connections without exactly one NESTS": `MATCH (s:Connection)-[r:HAS_ACCESS]->(t:Connection) WHERE r.counts
		WITH DISTINCT s, t WHERE COUNT { (s)-[:NESTS]->(t) } <> 1 RETURN count(*) AS n`,
	"IN or NESTS with properties":                `MATCH ()-[l:IN|NESTS]->() WHERE size(keys(l)) > 0 RETURN count(*) AS n`,
	"live grant of a removed entity":             `MATCH (e:RemovedEntity)-[r:HAS_ACCESS|IN|NESTS]-() RETURN count(*) AS n`,
	"both live and removed":                      `MATCH (e:Entity&RemovedEntity) RETURN count(*) AS n`,
	"removedAt does not say what the label says": `MATCH (e:Entity|RemovedEntity) WHERE (e.removedAt IS NULL) <> e:Entity RETURN count(*) AS n`,
	"not exactly one of the three kinds": `MATCH (e:Entity|RemovedEntity)
		WHERE [x IN labels(e) WHERE NOT x IN ['Entity', 'RemovedEntity']] <> [CASE e.type WHEN 'IDENTITY' THEN 'Identity' WHEN 'CONNECTION' THEN 'Connection' ELSE 'Resource' END]
		RETURN count(*) AS n`,
	"not in exactly its integration": `MATCH (e:Entity|RemovedEntity)
		WHERE COUNT { (e)-[:PART_OF]->(i:Integration) WHERE i.key = e.integration } <> 1 OR COUNT { (e)-[:PART_OF]->() } <> 1 RETURN count(*) AS n`,
	"integration of another application": `MATCH (i:Integration)-[:INSTANCE_OF]->(a) WHERE a.name <> i.application RETURN count(*) AS n`,
	"application not linked": `MATCH (a:Application) MATCH (i:Integration {application: a.name})
		WHERE COUNT { (i)-[:INSTANCE_OF]->(a) } <> 1 RETURN count(*) AS n`,
	"wrong identity type": `MATCH (e:Entity|RemovedEntity) WITH e, CASE
			WHEN e.type <> 'IDENTITY' THEN ''
			WHEN EXISTS { (e)<-[:IS]-() } THEN 'EMPLOYEE'
			WHEN EXISTS { (e)<-[:OWNS]-() } OR e.serviceAccount = 'TRUE' THEN 'SERVICE_ACCOUNT'
			ELSE 'UNMAPPED' END AS want
		WHERE coalesce(e.identityType, '') <> want RETURN count(*) AS n`,
	"more than one mapping": `MATCH (e:Entity|RemovedEntity)
		WHERE COUNT { (e)<-[:IS|OWNS]-() } + CASE WHEN e.mappingPinned THEN 1 ELSE 0 END > 1 RETURN count(*) AS n`,
	"wrong manager": `MATCH (p:Employee) OPTIONAL MATCH (m:Employee {workEmailFold: p.managerEmailFold})
		WITH p, m WHERE COUNT { (p)-[:REPORTS_TO]->() } <> CASE WHEN m IS NULL THEN 0 ELSE 1 END
			OR (m IS NOT NULL AND NOT EXISTS { (p)-[:REPORTS_TO]->(m) }) RETURN count(*) AS n`,
	"two live grants with one key": `MATCH (s)-[r:HAS_ACCESS]->(t)
		WITH s, t, r.permission AS permission, coalesce(r.scope, '') AS scope, count(*) AS c WHERE c > 1 RETURN count(*) AS n`,
	"ended grant without an end":    `MATCH ()-[h:HAD_ACCESS]->() WHERE h.to IS NULL OR h.from IS NULL RETURN count(*) AS n`,
	"left over from a large commit": `MATCH (x:ChangeChunk|ChangeSet|LoadGate|NewIntegration) RETURN count(*) AS n`,
	"pending":                       `MATCH (v:GraphVersion) WHERE v.pending IS NOT NULL OR v.lock IS NOT NULL RETURN count(*) AS n`,
	"record without a revision":     `MATCH (r:Job|Setting|ImportRun|ApiKey) WHERE r.revision IS NULL OR r.doc IS NULL RETURN count(*) AS n`,
}

// requireDerived checks what the store keeps beside what it is told.
func requireDerived(t testing.TB, s *Store) {
	t.Helper()
	copiesOf(t, s) // what is there is right
	ctx := context.Background()
	require.NoError(t, s.read(ctx, func(tx driver.ManagedTransaction) error {
		for rule, text := range derivedRules {
			found, err := textRows(ctx, tx, text, nil)
			if err != nil {
				return err
			}
			require.Zero(t, found[0].int("n"), rule)
		}
		return nil
	}))
}
