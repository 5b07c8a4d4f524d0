package ingest

import "github.com/accessgraph/accessgraph/internal/ingest/csvfile"

// The columns of an entitlements file, as indexes of EntitlementColumns.
const (
	colProject = iota
	colName
	colType
	colSourceType
	colSourceID
	colUsername
	colEmail
	colTargetName
	colTargetSourceID
	colTargetType
	colTargetSourceType
	colPermission
	colValue
	colStatus
	colFirstName
	colLastName
	colLastLogin
	colLastPasswordChanged
	colMFA
	// Extension columns.
	colLatestActivity
	colSuperAdmin
	colAdministrative
	colExternal
	colLocked
	colServiceAccount
	colFactors
	colMetadata
	colLastUsed
	colGrantMetadata
	columnCount
)

// EntitlementColumns are the columns of an entitlements file in the order of its format
// table: the 19 documented ones, then the extension columns.
var EntitlementColumns = []csvfile.Column{
	colProject:             {Name: "Project"},
	colName:                {Name: "Entity Name", Required: true},
	colType:                {Name: "Entity Type", Required: true},
	colSourceType:          {Name: "Entity Source Type", Required: true},
	colSourceID:            {Name: "Entity Source ID", Required: true},
	colUsername:            {Name: "Entity Username"},
	colEmail:               {Name: "Entity Email"},
	colTargetName:          {Name: "Entity - Has Access To Name", Required: true},
	colTargetSourceID:      {Name: "Entity - Has Access To Source ID", Required: true},
	colTargetType:          {Name: "Entity - Has Access To Entity Type", Required: true},
	colTargetSourceType:    {Name: "Entity - Has Access To Source Type", Required: true},
	colPermission:          {Name: "Entity - Has Access To Permission Name"},
	colValue:               {Name: "Entity - Has Access To Permission Value"},
	colStatus:              {Name: "Entity Status"},
	colFirstName:           {Name: "Entity First Name"},
	colLastName:            {Name: "Entity Last Name"},
	colLastLogin:           {Name: "Entity LastLoginTime", Aliases: []string{"LastLoginTime"}},
	colLastPasswordChanged: {Name: "Entity LastPasswordChangedTime", Aliases: []string{"LastPasswordChangedTime"}},
	colMFA:                 {Name: "Entity MfaEnabled"},
	colLatestActivity:      {Name: "Entity LatestActivityTime"},
	colSuperAdmin:          {Name: "Entity IsSuperAdmin"},
	colAdministrative:      {Name: "Entity HasAdministrativePermissions"},
	colExternal:            {Name: "Entity IsExternal"},
	colLocked:              {Name: "Entity IsLocked"},
	colServiceAccount:      {Name: "Entity IsServiceAccount"},
	colFactors:             {Name: "Entity AuthenticationFactors"},
	colMetadata:            {Name: "Entity Metadata"},
	colLastUsed:            {Name: "Entity - Has Access To LastUsedTime"},
	colGrantMetadata:       {Name: "Entity - Has Access To Metadata"},
}

// ownColumns are the columns that describe the entity of a row, with the attribute that
// each sets; those of its key come first and set none.
var ownColumns = []struct {
	col  int
	attr attribute
	kind cellKind
}{
	{colName, attrName, textCell},
	{colSourceType, attrSourceType, textCell},
	{colUsername, attrUsername, textCell},
	{colEmail, attrEmail, emailCell},
	{colStatus, attrStatus, statusCell},
	{colFirstName, attrFirstName, textCell},
	{colLastName, attrLastName, textCell},
	{colLastLogin, attrLastLogin, timeCell},
	{colLastPasswordChanged, attrLastPasswordChanged, timeCell},
	{colMFA, attrMFA, boolCell},
	{colLatestActivity, attrLatestActivity, timeCell},
	{colSuperAdmin, attrSuperAdmin, boolCell},
	{colAdministrative, attrAdministrative, boolCell},
	{colExternal, attrExternal, boolCell},
	{colLocked, attrLocked, boolCell},
	{colServiceAccount, attrServiceAccount, boolCell},
	{colFactors, attrFactors, factorsCell},
	{colMetadata, attrMetadata, jsonCell},
}

// describing are the columns that say all of the entity of a row: those of its key, then
// ownColumns.
var describing = func() []int {
	cols := []int{colProject, colType, colSourceID}
	for _, c := range ownColumns {
		cols = append(cols, c.col)
	}
	return cols
}()

// cellKind is the format of a cell.
type cellKind int

const (
	textCell cellKind = iota
	emailCell
	statusCell
	timeCell
	boolCell
	factorsCell
	jsonCell
)
