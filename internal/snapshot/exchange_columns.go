package snapshot

import (
	"slices"
	"strings"
	"time"
	"unsafe"

	"github.com/accessgraph/accessgraph/internal/access"
)

// What the parts of a snapshot are in a file. Reading, each part also sees that it can be
// one: lengths agree, codes are in their dictionaries, ends ascend.

func (x *exchange) texts(name string, t *texts) {
	slab := unsafe.Slice(unsafe.StringData(t.slab), len(t.slab)) //nolint:gosec // written to a file, not to
	swap(x, name+".text", &slab)
	swap(x, name+".ends", &t.ends)
	swap(x, name+".far", &t.far)
	if x.in == nil || x.err != nil {
		return
	}
	t.slab = unsafe.String(unsafe.SliceData(slab), len(slab)) //nolint:gosec // nobody else has the bytes
	if len(t.ends) > 0 && len(t.far) > 0 || !slices.IsSorted(t.ends) || !slices.IsSorted(t.far) ||
		len(t.ends) > 0 && int64(t.ends[len(t.ends)-1]) != int64(len(slab)) || len(t.far) > 0 && t.far[len(t.far)-1] != uint64(len(slab)) {
		x.damaged("the texts of %s", name)
	}
	if len(t.far) == 0 {
		t.far = nil
	}
}

// codes passes n codes below limit; none is allowed.
func (x *exchange) codes(name string, c *codes, n int, limit uint32) {
	same := []uint32{c.same}
	swap(x, name+".same", &same)
	swap(x, name+".8", &c.w1)
	swap(x, name+".16", &c.w2)
	swap(x, name+".32", &c.w4)
	if x.in == nil || x.err != nil {
		return
	}
	c.n = n
	widths, largest := 0, uint32(0)
	if len(c.w1) > 0 {
		widths, largest = widths+1, uint32(slices.Max(c.w1))
	} else {
		c.w1 = nil
	}
	if len(c.w2) > 0 {
		widths, largest = widths+1, uint32(slices.Max(c.w2))
	} else {
		c.w2 = nil
	}
	if len(c.w4) > 0 {
		widths, largest = widths+1, slices.Max(c.w4)
	} else {
		c.w4 = nil
	}
	switch {
	case len(same) != 1, widths > 1, widths == 1 && len(c.w1)+len(c.w2)+len(c.w4) != n, largest > limit:
		x.damaged("the codes of %s", name)
	default:
		if c.same = same[0]; widths == 0 && c.same != none && c.same >= limit {
			x.damaged("the codes of %s", name)
		}
	}
}

func (x *exchange) dict(name string, d *dict) {
	x.texts(name+".values", &d.values)
	var folds texts
	if x.in == nil && !sameTexts(&d.folds, &d.values) {
		folds = d.folds
	}
	x.texts(name+".folds", &folds)
	if x.in == nil || x.err != nil {
		return
	}
	switch folds.len() {
	case d.values.len():
		d.folds = folds
	case 0:
		d.folds = d.values
	default:
		x.damaged("the folds of %s", name)
	}
}

func sameTexts(a, b *texts) bool {
	return a.slab == b.slab && slices.Equal(a.ends, b.ends) && slices.Equal(a.far, b.far)
}

// column passes a column of one value a row.
func (x *exchange) column(name string, c **column, n int) {
	if x.in != nil {
		*c = &column{n: n}
	}
	own := *c
	x.dict(name, &own.dict)
	x.codes(name, &own.codes, n, own.len())
	if x.in != nil {
		x.derive = append(x.derive, func() { own.invert(own.codes.list(), nil) })
	}
}

// lists passes a column of several values a row.
func (x *exchange) lists(name string, c **column, n int) {
	if x.in != nil {
		*c = &column{n: n, multi: true}
	}
	own := *c
	x.dict(name, &own.dict)
	swap(x, name+".codes", &own.many)
	swap(x, name+".offsets", &own.offsets)
	if x.in == nil || x.err != nil {
		return
	}
	offsets := own.offsets
	if len(own.many) == 0 {
		own.many, own.offsets = nil, nil
		offsets = make([]uint32, n+1)
	}
	if !isOffsets(offsets, n, len(own.many)) || len(own.many) > 0 && slices.Max(own.many) >= own.len() {
		x.damaged("the lists of %s", name)
		return
	}
	x.derive = append(x.derive, func() { own.invert(own.many, offsets) })
}

// isOffsets reports whether a list cuts size elements into n.
func isOffsets(list []uint32, n, size int) bool {
	return n >= 0 && len(list) == n+1 && list[0] == 0 && slices.IsSorted(list) && int(list[n]) == size
}

func (x *exchange) times(name string, t *times, n int) {
	form := []uint8{0}
	if t.coded {
		form[0] = 1
	}
	swap(x, name+".coded", &form)
	swap(x, name+".sec", &t.sec)
	swap(x, name+".nsec", &t.nsec)
	if x.in != nil && x.err == nil {
		if len(t.nsec) == 0 {
			t.nsec = nil
		}
		t.n, t.coded = n, len(form) == 1 && form[0] == 1
		if t.nsec != nil && len(t.nsec) != len(t.sec) || !t.coded && len(t.sec) != n {
			x.damaged("the times of %s", name)
		}
	}
	if !t.coded {
		n = 0
	}
	x.codes(name, &t.codes, n, uint32(len(t.sec))) //nolint:gosec // fewer than 2^32 elements
}

func (x *exchange) plain(name string, p *plain, n int) {
	x.texts(name+".values", &p.values)
	x.codes(name, &p.codes, n, uint32(p.values.len())) //nolint:gosec // fewer than 2^32 values
}

func (x *exchange) bits(name string, b *Bits, n int) {
	words := []uint64(*b)
	swap(x, name, &words)
	if x.in == nil { // others read the set meanwhile
		return
	}
	*b = words
	if x.err == nil && (len(words) != (n+63)/64 || n&63 != 0 && words[len(words)-1]>>(n&63) != 0) {
		x.damaged("the set %s", name)
	}
}

// key passes the text that every element of a list has, and makes the list when reading.
func key[E any](x *exchange, name string, list *[]E, of func(*E) *string) {
	texts := make([]string, len(*list))
	for i := range texts {
		texts[i] = *of(&(*list)[i])
	}
	swap(x, name, &texts)
	if x.in == nil || x.err != nil {
		return
	}
	*list = make([]E, len(texts))
	for i := range texts {
		*of(&(*list)[i]) = texts[i]
	}
}

// field passes another text of each element of a list.
func field[E any](x *exchange, name string, list []E, of func(*E) *string) {
	own := list
	key(x, name, &own, of)
	if x.in == nil || x.err != nil {
		return
	}
	if len(own) != len(list) {
		x.damaged("%d of %s", len(own), name)
		return
	}
	for i := range list {
		*of(&list[i]) = *of(&own[i])
	}
}

// moment is field for a time.
func moment[E any](x *exchange, name string, list []E, of func(*E) *time.Time) {
	sec, nsec := make([]int64, len(list)), make([]uint32, len(list))
	for i := range list {
		at := instantOf(*of(&list[i]))
		sec[i], nsec[i] = at.sec, at.nsec
	}
	swap(x, name+".sec", &sec)
	swap(x, name+".nsec", &nsec)
	if x.in == nil || x.err != nil {
		return
	}
	if len(sec) != len(list) || len(nsec) != len(list) {
		x.damaged("%s of %d", name, len(list))
		return
	}
	for i := range list {
		*of(&list[i]) = instant{sec[i], nsec[i]}.time()
	}
}

var employeeTexts = []struct {
	name string
	of   func(e *access.Employee) *string
}{
	{"workEmail", func(e *access.Employee) *string { return &e.WorkEmail }},
	{"userId", func(e *access.Employee) *string { return &e.UserID }},
	{"fullName", func(e *access.Employee) *string { return &e.FullName }},
	{"firstName", func(e *access.Employee) *string { return &e.FirstName }},
	{"lastName", func(e *access.Employee) *string { return &e.LastName }},
	{"department", func(e *access.Employee) *string { return &e.Department }},
	{"title", func(e *access.Employee) *string { return &e.Title }},
	{"employmentType", func(e *access.Employee) *string { return &e.EmploymentType }},
	{"organization", func(e *access.Employee) *string { return &e.Organization }},
	{"manager", func(e *access.Employee) *string { return &e.Manager }},
	{"managerEmail", func(e *access.Employee) *string { return &e.ManagerEmail }},
	{"sourceUserId", func(e *access.Employee) *string { return &e.SourceUserID }},
	{"metadataVer", func(e *access.Employee) *string { return &e.MetadataVer }},
	{"metadata", func(e *access.Employee) *string { return &e.Metadata }},
}

// employees passes the people.
func (x *exchange) employees(p **people) {
	var list []access.Employee
	if x.in == nil {
		for _, e := range (*p).all {
			list = append(list, *e)
		}
	}
	key(x, "people.id", &list, func(e *access.Employee) *string { return &e.ID })
	for _, f := range employeeTexts {
		field(x, "people."+f.name, list, f.of)
	}
	moment(x, "people.start", list, func(e *access.Employee) *time.Time { return &e.StartDate })
	moment(x, "people.end", list, func(e *access.Employee) *time.Time { return &e.EndDate })
	roles := make([]string, len(list)) // joined by a character that no role has
	for i := range list {
		for k, role := range list[i].Roles {
			if k > 0 {
				roles[i] += "\x1f"
			}
			roles[i] += string(role)
		}
	}
	swap(x, "people.roles", &roles)
	if x.in == nil || x.err != nil {
		return
	}
	if len(roles) != len(list) {
		x.damaged("the roles of people")
		return
	}
	all := make([]*access.Employee, len(list))
	for i := range list {
		all[i] = &list[i]
		if roles[i] != "" {
			for role := range strings.SplitSeq(roles[i], "\x1f") {
				list[i].Roles = append(list[i].Roles, access.ProductRole(role))
			}
		}
	}
	x.derive = append(x.derive, func() { *p = newPeople(all) })
}
