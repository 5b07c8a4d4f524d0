package snapshot

import (
	"slices"
	"strings"
	"sync"

	"github.com/accessgraph/accessgraph/internal/access"
)

// textField is a text attribute with one value a row and a dictionary.
type textField int

const (
	textName textField = iota
	textSourceType
	textSourceID
	textProject
	textUsername
	textEmail
	textApplication     // name of the integration's application
	textIntegrationName // present name of the integration
	textFields
)

// plainField is a text that is shown but not searched.
type plainField int

const (
	plainIntegration plainField = iota // key
	plainFirstName
	plainLastName
	plainServiceAccountReason
	plainMetadata
	plainFields
)

type timeField int

const (
	timeLastLogin timeField = iota
	timeLatestActivity
	timeLastActive // derived: latest activity, else last login
	timeLastPasswordChanged
	timeFirstSeen
	timeRemovedAt
	timeFields
)

// enumField is an attribute with a closed set of values.
type enumField int

const (
	enumType enumField = iota
	enumStatus
	enumIdentityType // missing on what is no identity
	enumMFA
	enumSuperAdmin
	enumAdministrative
	enumExternal
	enumLocked
	enumServiceAccount
	enumFields
)

// enumColumn keeps the code of each row and the set of rows of each value.
type enumColumn struct {
	values []string // in byte order
	codes  []uint8  // 255 = missing
	sets   []valueRows
}

const noEnum = 255

func newEnumColumn[T ~string](values []T) *enumColumn {
	c := &enumColumn{}
	for _, v := range values {
		c.values = append(c.values, string(v))
	}
	slices.Sort(c.values)
	return c
}

// newEnums gives a snapshot its columns of closed sets, without rows.
func newEnums(s *Snapshot) {
	s.enums[enumType], s.enums[enumStatus] = newEnumColumn(access.EntityTypes), newEnumColumn(access.Statuses)
	s.enums[enumIdentityType] = newEnumColumn(access.IdentityTypes)
	for _, f := range []enumField{enumMFA, enumSuperAdmin, enumAdministrative, enumExternal, enumLocked, enumServiceAccount} {
		s.enums[f] = newEnumColumn(access.Tristates)
	}
}

func (c *enumColumn) add(value string) { c.codes = append(c.codes, c.code(value)) }

func (c *enumColumn) order(arrival []uint32) {
	c.codes = permute(c.codes, arrival)
	c.collect()
}

// collect makes the sets of rows.
func (c *enumColumn) collect() {
	c.sets = make([]valueRows, len(c.values))
	rows := make([][]uint32, len(c.values))
	for row, code := range c.codes {
		if code != noEnum {
			rows[code] = append(rows[code], uint32(row)) //nolint:gosec // an index
		}
	}
	for i := range c.sets {
		c.sets[i] = packRows(rows[i], len(c.codes))
	}
}

// bits is the rows of a value as a set of its own.
func (c *enumColumn) bits(code int) Bits {
	out := NewBits(len(c.codes))
	c.sets[code].addTo(out)
	return out
}

func (c *enumColumn) text(row uint32) string {
	if code := c.codes[row]; code != noEnum {
		return c.values[code]
	}
	return ""
}

// matchRows adds the rows with one of the values to out.
func (c *enumColumn) matchRows(values []string, out Bits) {
	for _, v := range values {
		if code := slices.Index(c.values, v); code >= 0 {
			c.sets[code].addTo(out)
		}
	}
}

// people are the employees, by id, with their searched attributes as columns.
type people struct {
	all                               []*access.Employee
	workEmail, managerEmail           *column
	department, title, employmentType *column

	names     sync.Once
	nameOfAll []string // by code of managerEmail: full name of whose e-mail it is, "" = nobody's
}

// managerName is the full name of the employee whose work e-mail has the fold of a code of
// managerEmail, or "".
func (p *people) managerName(code uint32) string {
	p.names.Do(func() {
		p.nameOfAll = make([]string, p.managerEmail.len())
		for code := range p.managerEmail.len() {
			p.nameOfAll[code] = p.nameOf(p.managerEmail.folds.at(code))
		}
	})
	return p.nameOfAll[code]
}

func newPeople(all []*access.Employee) *people {
	p := &people{all: all}
	arrival := make([]uint32, len(all))
	for i := range arrival {
		arrival[i] = uint32(i) //nolint:gosec // an index
	}
	column := func(text func(*access.Employee) string) *column {
		b := newColumnBuilder()
		for _, e := range all {
			b.add(text(e))
		}
		return b.single(arrival)
	}
	p.workEmail = column(func(e *access.Employee) string { return e.WorkEmail })
	p.managerEmail = column(func(e *access.Employee) string { return e.ManagerEmail })
	p.department = column(func(e *access.Employee) string { return e.Department })
	p.title = column(func(e *access.Employee) string { return e.Title })
	p.employmentType = column(func(e *access.Employee) string { return e.EmploymentType })
	return p
}

// find is the place of an employee, -1 when there is none.
func (p *people) find(id string) int32 {
	i, ok := slices.BinarySearchFunc(p.all, id, func(e *access.Employee, id string) int { return strings.Compare(e.ID, id) })
	if !ok {
		return -1
	}
	return int32(i) //nolint:gosec // fewer than 2^31
}
