package snapshot

// codes is a column of codes, each in as few bytes as the largest needs: 4, 2, 1, or none
// at all where they are all the same.
type codes struct {
	n    int
	same uint32 // the code of every element, when nothing is listed
	// Codes are listed + 1, so that none is 0.
	w1 []uint8
	w2 []uint16
	w4 []uint32
}

// packCodes makes a column of a list, which it does not keep.
func packCodes(list []uint32) codes {
	c := codes{n: len(list), same: none}
	if len(list) == 0 {
		return c
	}
	c.same = list[0]
	equal, largest := true, uint32(0)
	for _, code := range list {
		equal = equal && code == c.same
		largest = max(largest, code+1) // none becomes 0
	}
	switch {
	case equal:
	case largest <= 0xff:
		c.w1 = make([]uint8, len(list))
		for i, code := range list {
			c.w1[i] = uint8(code + 1) //nolint:gosec // looked at above
		}
	case largest <= 0xffff:
		c.w2 = make([]uint16, len(list))
		for i, code := range list {
			c.w2[i] = uint16(code + 1) //nolint:gosec // looked at above
		}
	default:
		c.w4 = make([]uint32, len(list))
		for i, code := range list {
			c.w4[i] = code + 1
		}
	}
	return c
}

// at is the code of an element, none where it has no value.
func (c *codes) at(i uint32) uint32 {
	switch {
	case c.w1 != nil:
		return uint32(c.w1[i]) - 1
	case c.w2 != nil:
		return uint32(c.w2[i]) - 1
	case c.w4 != nil:
		return c.w4[i] - 1
	}
	return c.same
}

// list is the column as a list of its own.
func (c *codes) list() []uint32 {
	out := make([]uint32, c.n)
	for i := range out {
		out[i] = c.at(uint32(i)) //nolint:gosec // an index
	}
	return out
}

func (c *codes) bytes() int64 { return int64(len(c.w1) + 2*len(c.w2) + 4*len(c.w4)) }

// texts is a list of texts in one piece of memory.
type texts struct {
	slab string
	ends []uint32
	far  []uint64 // instead of ends, when the slab is larger than they can say
}

func packTexts(list []string) texts {
	size := 0
	for _, v := range list {
		size += len(v)
	}
	slab, t := make([]byte, 0, size), texts{}
	if uint64(size) <= 1<<32-1 {
		t.ends = make([]uint32, len(list))
	} else {
		t.far = make([]uint64, len(list))
	}
	for i, v := range list {
		slab = append(slab, v...)
		if t.far == nil {
			t.ends[i] = uint32(len(slab)) //nolint:gosec // looked at above
		} else {
			t.far[i] = uint64(len(slab))
		}
	}
	t.slab = string(slab)
	return t
}

func (t *texts) len() int { return len(t.ends) + len(t.far) }

func (t *texts) at(i uint32) string {
	if t.far != nil {
		if i == 0 {
			return t.slab[:t.far[0]]
		}
		return t.slab[t.far[i-1]:t.far[i]]
	}
	from := uint32(0)
	if i > 0 {
		from = t.ends[i-1]
	}
	return t.slab[from:t.ends[i]]
}

// list is the texts as a list of its own; the texts themselves are shared.
func (t *texts) list() []string {
	out := make([]string, t.len())
	for i := range out {
		out[i] = t.at(uint32(i)) //nolint:gosec // an index
	}
	return out
}

// bytes is without the texts themselves.
func (t *texts) bytes() int64 { return int64(4*len(t.ends) + 8*len(t.far)) }

// plain is a text column that is shown but not searched: equal texts are kept once where
// that was noticed.
type plain struct {
	values texts
	codes  codes
}

// packPlain makes a column of a list, which it does not keep.
func packPlain(list []string) plain {
	number, values, coded := map[string]uint32{}, []string(nil), make([]uint32, len(list))
	for i, v := range list {
		if v == "" {
			coded[i] = none
			continue
		}
		code, seen := number[v]
		if !seen {
			code = uint32(len(values)) //nolint:gosec // no more than elements
			values = append(values, v)
			// Texts that differ in every element are not worth a table of all of them.
			if len(number) < maxInterned {
				number[v] = code
			}
		}
		coded[i] = code
	}
	return plain{values: packTexts(values), codes: packCodes(coded)}
}

func (p *plain) text(i uint32) string {
	if code := p.codes.at(i); code != none {
		return p.values.at(code)
	}
	return ""
}

// list is the column as a list of its own.
func (p *plain) list() []string {
	out := make([]string, p.codes.n)
	for i := range out {
		out[i] = p.text(uint32(i)) //nolint:gosec // an index
	}
	return out
}
