package imports

import (
	"slices"
	"strings"
	"unicode"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
)

// usualDefaults are what files without these columns mostly mean.
var usualDefaults = map[string]string{
	"Entity Type": "identity", "Entity Source Type": "user",
	"Entity - Has Access To Entity Type": "resource", "Entity - Has Access To Source Type": "resource",
	"Relation": "IS",
}

// otherNames are words with which files of other systems name the columns. Each text is
// a header in the form of Normalise.
var otherNames = map[string][]string{
	"Entity Name":                             {"name", "displayname", "user", "account", "accountname", "identity", "identityname", "member", "membername", "fullname"},
	"Entity Type":                             {"type", "kind", "objecttype"},
	"Entity Source Type":                      {"sourcetype", "accounttype", "objectclass", "membertype"},
	"Entity Source ID":                        {"id", "userid", "accountid", "sourceid", "memberid", "externalid", "objectid", "identityid"},
	"Entity Username":                         {"username", "login", "loginname", "samaccountname", "userprincipalname", "upn"},
	"Entity Email":                            {"email", "e-mail", "mail", "emailaddress", "useremail", "workemail"},
	"Entity Status":                           {"status", "state", "accountstatus"},
	"Entity First Name":                       {"firstname", "givenname"},
	"Entity Last Name":                        {"lastname", "surname", "familyname"},
	"Entity LastLoginTime":                    {"lastlogin", "lastlogon", "lastlogondate", "lastsignin", "lastlogintime", "lastactivity"},
	"Entity LastPasswordChangedTime":          {"lastpasswordchange", "passwordlastset", "passwordchanged", "pwdlastset"},
	"Entity MfaEnabled":                       {"mfa", "mfaenabled", "2fa", "twofactor", "multifactor"},
	"Entity - Has Access To Name":             {"target", "targetname", "group", "groupname", "role", "rolename", "resource", "resourcename", "entitlement", "entitlementname", "team"},
	"Entity - Has Access To Source ID":        {"targetid", "groupid", "roleid", "resourceid", "entitlementid", "targetsourceid", "teamid"},
	"Entity - Has Access To Entity Type":      {"targettype", "targetentitytype", "entitlementtype"},
	"Entity - Has Access To Source Type":      {"targetsourcetype", "resourcetype", "grouptype"},
	"Entity - Has Access To Permission Name":  {"permission", "permissionname", "privilege", "right", "rights", "accesslevel", "access", "grant"},
	"Entity - Has Access To Permission Value": {"permissionvalue", "value", "granted"},
	"Project":                                 {"projectname", "tenant", "organization", "org", "workspace", "domain"},
	"User ID":                                 {"employeeid", "employeenumber", "personid", "id"},
	"Full Name":                               {"name", "displayname", "employeename", "employee"},
	"First Name":                              {"givenname"},
	"Last Name":                               {"surname", "familyname"},
	"Work Email":                              {"email", "e-mail", "mail", "emailaddress", "companyemail"},
	"Department":                              {"dept", "departmentname", "costcenter", "businessunit"},
	"Title":                                   {"jobtitle", "position", "role", "job"},
	"Start Date":                              {"hiredate", "startdate", "dateofhire", "joined", "joindate"},
	"End Date":                                {"terminationdate", "leavedate", "enddate", "lastday"},
	"Employment Type":                         {"employeetype", "contracttype", "workertype"},
	"Manager":                                 {"managername", "supervisor", "reportsto"},
	"Manager Work Email":                      {"manageremail", "manageremailaddress", "supervisoremail"},
	"Organization":                            {"company", "org", "legalentity"},
	"Application Integration":                 {"integration", "integrationname", "application", "app", "system"},
	"Identity Name":                           {"name", "account", "accountname"},
	"Identity Source ID":                      {"sourceid", "accountid", "identityid", "id"},
	"Identity Username":                       {"username", "login"},
	"Identity Email":                          {"accountemail"},
	"Employee Email":                          {"workemail", "email", "owneremail", "employee"},
	"Relation":                                {"relationship", "mappingtype", "type"},
	"Primary Owner Email":                     {"owner", "owneremail", "primaryowner"},
	"Secondary Owner Emails":                  {"secondaryowner", "secondaryowners", "otherowners", "delegates"},
}

// guess proposes the columns that neither names nor people decided, the surest first.
func (p *Preview) guess(wanted []csvfile.Column, free []bool, open func(int) bool, take func(i, at int, how How)) {
	type pair struct {
		column, header int
		score          float64
	}
	var pairs []pair
	for i := range wanted {
		if !open(i) {
			continue
		}
		for at, name := range p.Header {
			if !free[at] {
				continue
			}
			if s := p.score(wanted[i].Name, name, at); s >= 0.6 {
				pairs = append(pairs, pair{i, at, s})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		switch {
		case a.score != b.score:
			if a.score > b.score {
				return -1
			}
			return 1
		case wanted[a.column].Required != wanted[b.column].Required:
			if wanted[a.column].Required {
				return -1
			}
			return 1
		}
		return 0
	})
	for _, x := range pairs {
		if open(x.column) && free[x.header] {
			take(x.column, x.header, Similar)
		}
	}
}

// score says how well a header of the file fits a column, from 0 to 1.
func (p *Preview) score(column, header string, at int) float64 {
	n := csvfile.Normalise(strings.Map(plainRune, header))
	score := 0.0
	for i, other := range otherNames[column] {
		if csvfile.Normalise(strings.Map(plainRune, other)) == n {
			score = max(score, 0.95-0.01*float64(i))
		}
	}
	a, b := words(column), words(header)
	shared := 0
	for w := range a {
		if b[w] {
			shared++
		}
	}
	if all := len(a) + len(b) - shared; all > 0 {
		score = max(score, 0.9*float64(shared)/float64(all))
	}
	if strings.HasSuffix(column, "Email") && score >= 0.6 && !p.values(at, func(s string) bool { return strings.Contains(s, "@") }) {
		return 0
	}
	if strings.HasSuffix(column, "Entity Type") || column == "Entity Type" {
		if !p.values(at, func(s string) bool { return slices.Contains(access.EntityTypes, access.EntityType(strings.ToUpper(s))) }) {
			return 0
		}
	}
	return score
}

// values reports whether every value that the rows show in a column passes.
func (p *Preview) values(at int, pass func(string) bool) bool {
	for _, row := range p.Rows {
		if at < len(row) && row[at] != "" && !pass(row[at]) {
			return false
		}
	}
	return true
}

// plainRune drops what separates words.
func plainRune(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return r
	}
	return -1
}

// words are the words of a name, of which some say nothing.
func words(name string) map[string]bool {
	out := map[string]bool{}
	previous := rune(0)
	var word []rune
	flush := func() {
		w := access.Fold(string(word))
		if w != "" && w != "entity" && w != "the" && w != "of" {
			out[w] = true
		}
		word = word[:0]
	}
	for _, r := range name {
		switch {
		case plainRune(r) < 0:
			flush()
		case unicode.IsUpper(r) && unicode.IsLower(previous): // camelCase
			flush()
			word = append(word, r)
		default:
			word = append(word, r)
		}
		previous = r
	}
	flush()
	return out
}
