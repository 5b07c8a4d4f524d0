package packed

import (
	"encoding/binary"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// decoder reads the records of a part. Its texts are parts of one text, so that a record
// costs no allocation. Damage is kept in bad.
type decoder struct {
	s   string
	bad bool
}

func (d *decoder) fail() {
	d.bad, d.s = true, ""
}

func (d *decoder) uvarint() uint64 {
	var n uint64
	for i := 0; i < len(d.s) && i < binary.MaxVarintLen64; i++ {
		c := d.s[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.s = d.s[i+1:]
			return n
		}
	}
	d.fail()
	return 0
}

func (d *decoder) varint() int64 {
	n := d.uvarint()
	x := int64(n >> 1) //nolint:gosec // zigzag
	if n&1 != 0 {
		x = ^x
	}
	return x
}

func (d *decoder) text() string {
	n := d.uvarint()
	if n > uint64(len(d.s)) {
		d.fail()
		return ""
	}
	out := d.s[:n]
	d.s = d.s[n:]
	return out
}

func (d *decoder) byte() byte {
	if d.s == "" {
		d.fail()
		return 0
	}
	c := d.s[0]
	d.s = d.s[1:]
	return c
}

func (d *decoder) time() time.Time { return time.UnixMicro(d.varint()).UTC() }

func decode[T any](d *decoder, list []T, code byte) (value T) {
	if int(code) >= len(list) {
		d.fail()
		return value
	}
	return list[code]
}

// entities reads n entities of the integration.
func (d *decoder) entities(n int, integration string) []*access.Entity {
	out := make([]*access.Entity, 0, n)
	slab := make([]access.Entity, n)
	for i := range slab {
		e := &slab[i]
		d.entity(e)
		e.Integration = integration
		out = append(out, e)
	}
	return out
}

func (d *decoder) entity(e *access.Entity) {
	e.ID = d.text()
	mask := d.uvarint()
	e.Type, e.Status = decode(d, entityTypes, d.byte()), decode(d, access.Statuses, d.byte())
	tristates := uint16(d.byte()) | uint16(d.byte())<<8
	for i, f := range flags(e) {
		*f = decode(d, access.Tristates, byte(tristates>>(2*i)&3))
	}
	e.Stub = mask&isStub != 0
	e.SourceID, e.Name = d.text(), d.text()
	for i, s := range texts(e) {
		if mask&(hasProject<<i) != 0 {
			*s = d.text()
		}
	}
	for i, t := range times(e) {
		if mask&(hasLastLogin<<i) != 0 {
			*t = d.time()
		}
	}
	if mask&hasFactors == 0 {
		return
	}
	for n := d.uvarint(); n > 0 && !d.bad; n-- {
		e.Factors = append(e.Factors, d.text())
	}
}

// ids reads n removed entities, of which only the id is known.
func (d *decoder) ids(n int) []*access.Entity {
	out := make([]*access.Entity, n)
	for i := range out {
		out[i] = &access.Entity{ID: d.text()}
	}
	return out
}

// grants reads n grants. Gone has the places of the removed ones, of which only the key is
// known; nil when there are none.
func (d *decoder) grants(n int) (list []access.Grant, gone []bool) {
	list = make([]access.Grant, n)
	var last *access.Grant
	for i := range list {
		g := &list[i]
		if d.grant(g, last) {
			if gone == nil {
				gone = make([]bool, n)
			}
			gone[i] = true
			if last != nil {
				g.Project = last.Project // what the next one may refer to
			}
		}
		last = g
	}
	for i, is := range gone {
		if is {
			list[i].Project = ""
		}
	}
	return list, gone
}

func (d *decoder) grant(g, last *access.Grant) (removed bool) {
	b := d.byte()
	var more byte
	if b&hasMore != 0 {
		more = d.byte()
	}
	if last == nil {
		if b&(sameSource|samePermission|sameProject) != 0 {
			d.fail()
		}
		last = &access.Grant{}
	}
	if g.Source = last.Source; b&sameSource == 0 {
		g.Source = d.text()
	}
	g.Target = d.text()
	if g.Permission = last.Permission; b&samePermission == 0 {
		g.Permission = d.text()
	}
	if more&hasScope != 0 {
		g.Scope = d.text()
	}
	if b&grantRemoved != 0 {
		return true
	}
	g.Counts = b&grantCounts != 0
	if g.Value = "true"; b&valueTrue == 0 {
		g.Value = d.text()
	}
	if g.Project = last.Project; b&sameProject == 0 {
		g.Project = d.text()
	}
	if more&hasLastUsed != 0 {
		g.LastUsed = d.time()
	}
	if more&hasGrantMetadata != 0 {
		g.Metadata = d.text()
	}
	return false
}

func compareEntities(a, b **access.Entity) int { return strings.Compare((*a).ID, (*b).ID) }
