package query

import (
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Cursors are keyset cursors: they hold the place of an item in its list's total order,
// never an index, so a page goes on rightly when items before it come and go, and even
// when the item itself has vanished. Both engines write and read the same cursors.

// DefaultOrder is the order of entity lists that ask for none; id follows every order.
var DefaultOrder = []Order{{Field: ByName}}

// OrderOrDefault returns order, or DefaultOrder when it is empty.
func OrderOrDefault(order []Order) []Order {
	if len(order) == 0 {
		return DefaultOrder
	}
	return order
}

// OrderValue is what an entity is ordered by in one criterion: Time for ByLastLogin, else
// Text (a SortKey for names and source types, the enum text otherwise).
type OrderValue struct {
	Text string
	Time time.Time
}

// Missing reports whether the entity has no value; such entities come last.
func (v OrderValue) Missing() bool { return v.Text == "" && v.Time.IsZero() }

// EntityPosition is the place of an entity in a list: a value for each criterion of the
// order, then the id.
type EntityPosition struct {
	Values []OrderValue
	ID     string
}

// PositionOf returns the place of e in a list of that order.
func PositionOf(e *access.Entity, order []Order) EntityPosition {
	order = OrderOrDefault(order)
	p := EntityPosition{ID: e.ID, Values: make([]OrderValue, len(order))}
	for i, o := range order {
		switch o.Field {
		case ByName:
			p.Values[i].Text = access.SortKey(e.Name)
		case ByType:
			p.Values[i].Text = string(e.Type)
		case BySourceType:
			p.Values[i].Text = access.SortKey(e.SourceType)
		case ByStatus:
			p.Values[i].Text = string(e.Status)
		case ByLastLogin:
			p.Values[i].Time = e.LastLogin
		}
	}
	return p
}

// ComparePositions orders the places of a list: by each criterion, missing values last in
// both directions, then by id ascending.
func ComparePositions(order []Order) func(a, b EntityPosition) int {
	order = OrderOrDefault(order)
	return func(a, b EntityPosition) int {
		for i, o := range order {
			if c := compareValues(a.Values[i], b.Values[i], o.Desc); c != 0 {
				return c
			}
		}
		return strings.Compare(a.ID, b.ID)
	}
}

// CompareEntities orders entities as lists of that order do. It derives sort keys anew at
// each call; for large lists compute positions once and use ComparePositions.
func CompareEntities(order []Order) func(a, b *access.Entity) int {
	compare := ComparePositions(order)
	return func(a, b *access.Entity) int { return compare(PositionOf(a, order), PositionOf(b, order)) }
}

func compareValues(a, b OrderValue, desc bool) int {
	if am, bm := a.Missing(), b.Missing(); am || bm {
		switch {
		case am && bm:
			return 0
		case am:
			return 1
		}
		return -1
	}
	c := strings.Compare(a.Text, b.Text)
	if c == 0 {
		c = a.Time.Compare(b.Time)
	}
	if desc {
		return -c
	}
	return c
}

// AccessPosition is the place of an access edge: the name key and id of the other end.
// An empty key (no name) comes last.
type AccessPosition struct{ NameKey, ID string }

// Compare orders access edges.
func (p AccessPosition) Compare(q AccessPosition) int {
	if c := compareValues(OrderValue{Text: p.NameKey}, OrderValue{Text: q.NameKey}, false); c != 0 {
		return c
	}
	return strings.Compare(p.ID, q.ID)
}

// GrantPosition is the place of a grant in a grant page; Other is the other end.
type GrantPosition struct {
	Other                    AccessPosition
	Permission, Scope, Value string
	From                     time.Time
}

// Compare orders grants: other end, permission, scope, value in byte order, then From.
func (p GrantPosition) Compare(q GrantPosition) int {
	if c := p.Other.Compare(q.Other); c != 0 {
		return c
	}
	if c := strings.Compare(p.Permission, q.Permission); c != 0 {
		return c
	}
	if c := strings.Compare(p.Scope, q.Scope); c != 0 {
		return c
	}
	if c := strings.Compare(p.Value, q.Value); c != 0 {
		return c
	}
	return p.From.Compare(q.From)
}

// The wire form is base64url (no padding) of: a version byte, a kind byte, for entity
// lists the order (a count, then one byte each), the fields, no more. It is canonical:
// a place has one cursor, and nothing else decodes to it.
const (
	cursorVersion = 1
	kindEntity    = 'e'
	kindAccess    = 'a'
	kindGrant     = 'g'
	maxCriteria   = 16
)

var cursorEncoding = base64.RawURLEncoding.Strict()

// orderFields fixes the byte of each field; append only.
var orderFields = []OrderField{ByName, ByType, BySourceType, ByStatus, ByLastLogin}

// EncodeEntityCursor returns the cursor of a place in an entity list of that order.
func EncodeEntityCursor(order []Order, p EntityPosition) string {
	order = OrderOrDefault(order)
	b := appendOrder([]byte{cursorVersion, kindEntity}, order)
	for i, o := range order {
		if o.Field == ByLastLogin {
			b = appendTime(b, p.Values[i].Time)
		} else {
			b = appendText(b, p.Values[i].Text)
		}
	}
	return cursorEncoding.EncodeToString(appendText(b, p.ID))
}

// DecodeEntityCursor reads a cursor of an entity list of that order. path is where it
// stands in the input ("after" or "before"). What is no cursor, or belongs to a list of
// another kind or order, is INVALID_INPUT at path.
func DecodeEntityCursor(path, cursor string, order []Order) (EntityPosition, error) {
	order = OrderOrDefault(order)
	d, err := openCursor(path, cursor, kindEntity)
	if err != nil {
		return EntityPosition{}, err
	}
	if want := appendOrder(nil, order); !d.skip(want) {
		return EntityPosition{}, access.Invalid(path, "this cursor belongs to a list in another order")
	}
	p := EntityPosition{Values: make([]OrderValue, len(order))}
	for i, o := range order {
		if o.Field == ByLastLogin {
			p.Values[i].Time = d.time()
		} else {
			p.Values[i].Text = d.text()
		}
	}
	if p.ID = d.text(); !d.finished() || EncodeEntityCursor(order, p) != cursor {
		return EntityPosition{}, badCursor(path)
	}
	return p, nil
}

// EncodeAccessCursor returns the cursor of an access edge.
func EncodeAccessCursor(p AccessPosition) string {
	b := appendText([]byte{cursorVersion, kindAccess}, p.NameKey)
	return cursorEncoding.EncodeToString(appendText(b, p.ID))
}

// DecodeAccessCursor reads a cursor of an access page; see DecodeEntityCursor.
func DecodeAccessCursor(path, cursor string) (AccessPosition, error) {
	d, err := openCursor(path, cursor, kindAccess)
	if err != nil {
		return AccessPosition{}, err
	}
	p := AccessPosition{NameKey: d.text(), ID: d.text()}
	if !d.finished() || EncodeAccessCursor(p) != cursor {
		return AccessPosition{}, badCursor(path)
	}
	return p, nil
}

// EncodeGrantCursor returns the cursor of a grant.
func EncodeGrantCursor(p GrantPosition) string {
	b := []byte{cursorVersion, kindGrant}
	for _, s := range []string{p.Other.NameKey, p.Other.ID, p.Permission, p.Scope, p.Value} {
		b = appendText(b, s)
	}
	return cursorEncoding.EncodeToString(appendTime(b, p.From))
}

// DecodeGrantCursor reads a cursor of a grant page; see DecodeEntityCursor.
func DecodeGrantCursor(path, cursor string) (GrantPosition, error) {
	d, err := openCursor(path, cursor, kindGrant)
	if err != nil {
		return GrantPosition{}, err
	}
	p := GrantPosition{Other: AccessPosition{NameKey: d.text(), ID: d.text()}, Permission: d.text(), Scope: d.text(), Value: d.text(), From: d.time()}
	if !d.finished() || EncodeGrantCursor(p) != cursor {
		return GrantPosition{}, badCursor(path)
	}
	return p, nil
}

func badCursor(path string) error { return access.Invalid(path, "not a cursor of this list") }

func appendOrder(b []byte, order []Order) []byte {
	b = append(b, byte(min(len(order), maxCriteria)))
	for _, o := range order {
		c := byte(slices.Index(orderFields, o.Field)+1) << 1
		if o.Desc {
			c |= 1
		}
		b = append(b, c)
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// appendTime writes 0 for an unknown time, else 1, the seconds since 1970 and the nanoseconds.
func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, 0)
	}
	b = binary.BigEndian.AppendUint64(append(b, 1), uint64(t.Unix())) //nolint:gosec // two's complement both ways
	return binary.BigEndian.AppendUint32(b, uint32(t.Nanosecond()))   //nolint:gosec // below 10^9
}

// cursorReader reads fields; after the first fault it yields zero values and never finishes.
type cursorReader struct {
	b   []byte
	bad bool
}

func openCursor(path, cursor string, kind byte) (*cursorReader, error) {
	b, err := cursorEncoding.DecodeString(cursor)
	if err != nil || len(b) < 2 || b[0] != cursorVersion || b[1] != kind {
		return nil, badCursor(path)
	}
	return &cursorReader{b: b[2:]}, nil
}

func (d *cursorReader) finished() bool { return !d.bad && len(d.b) == 0 }

func (d *cursorReader) skip(want []byte) bool {
	if len(d.b) < len(want) || string(d.b[:len(want)]) != string(want) {
		return false
	}
	d.b = d.b[len(want):]
	return true
}

func (d *cursorReader) text() string {
	n, w := binary.Uvarint(d.b)
	if d.bad || w <= 0 || n > uint64(len(d.b)-w) {
		d.bad = true
		return ""
	}
	s := string(d.b[w : w+int(n)]) //nolint:gosec // n is at most len(d.b)
	d.b = d.b[w+int(n):]           //nolint:gosec // as above
	d.bad = !utf8.ValidString(s)
	return s
}

func (d *cursorReader) time() time.Time {
	if d.bad || len(d.b) == 0 {
		d.bad = true
		return time.Time{}
	}
	present := d.b[0]
	d.b = d.b[1:]
	if present == 0 {
		return time.Time{}
	}
	if present != 1 || len(d.b) < 12 {
		d.bad = true
		return time.Time{}
	}
	sec, nsec := int64(binary.BigEndian.Uint64(d.b)), binary.BigEndian.Uint32(d.b[8:]) //nolint:gosec // two's complement both ways
	d.b = d.b[12:]
	t := time.Unix(sec, int64(nsec)).UTC()
	// Beyond these years no database has a value for it.
	if nsec >= uint32(time.Second) || t.Year() < 1 || t.Year() > 9999 || t.IsZero() {
		d.bad = true
		return time.Time{}
	}
	return t
}
