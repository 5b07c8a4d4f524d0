package access

// The closed registry of what may stand in Cypher text: labels, relationship types and
// property names. Everything else is a parameter.

// Node labels.
const (
	LabelEntity        = "Entity"
	LabelRemovedEntity = "RemovedEntity"
	LabelIdentity      = "Identity"
	LabelConnection    = "Connection"
	LabelResource      = "Resource"
	LabelInsight       = "Insight"
	LabelEmployee      = "Employee"
	LabelApplication   = "Application"
	LabelIntegration   = "Integration"
)

// Relationship types.
const (
	RelHasAccess      = "HAS_ACCESS"
	RelHadAccess      = "HAD_ACCESS"
	RelReportedAccess = "REPORTED_ACCESS"
	RelIn             = "IN"    // any → connection, one per pair with a counting grant, no properties
	RelNests          = "NESTS" // connection → connection, likewise
	RelIs             = "IS"
	RelOwns           = "OWNS"
	RelReportsTo      = "REPORTS_TO"
	RelHasInsight     = "HAS_INSIGHT"
	RelPartOf         = "PART_OF"
	RelInstanceOf     = "INSTANCE_OF"
	RelBusinessOwner  = "BUSINESS_OWNER"
	RelAppOwner       = "APP_OWNER"
)

// LabelOf is the second label of an entity's node.
func LabelOf(t EntityType) string {
	switch t {
	case Identity:
		return LabelIdentity
	case Connection:
		return LabelConnection
	}
	return LabelResource
}

// Suffixes of the derived text properties of a node.
const (
	FoldSuffix = "Fold" // Fold(text), for comparison without case
	KeySuffix  = "Key"  // SortKey(text), for ordering
)
