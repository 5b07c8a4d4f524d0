package ingest

import (
	"encoding/binary"
	"errors"
	"time"
)

// The binary form of what passes through sorters and spools: length-prefixed texts and
// fixed-width times. It never leaves the process.

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func appendBytes(b, s []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// appendTime writes a zero time as a single byte.
func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, 0)
	}
	b = append(b, 1)
	b = binary.BigEndian.AppendUint64(b, uint64(t.Unix()))          //nolint:gosec // undone by decoder.time
	return binary.BigEndian.AppendUint32(b, uint32(t.Nanosecond())) //nolint:gosec // below 1e9
}

var errDecode = errors.New("ingest: damaged temporary record")

// decoder reads what the append functions wrote. Damage is kept in err.
type decoder struct {
	b   []byte
	err error
}

func (d *decoder) bytes() []byte {
	n, w := binary.Uvarint(d.b)
	if w <= 0 || uint64(len(d.b)-w) < n {
		d.err, d.b = errDecode, nil
		return nil
	}
	out := d.b[w : w+int(n)] //nolint:gosec // checked against the length
	d.b = d.b[w+int(n):]     //nolint:gosec // checked against the length
	return out
}

func (d *decoder) text() string { return string(d.bytes()) }

// textLike is text, which is not copied if it is the one given.
func (d *decoder) textLike(same string) string {
	b := d.bytes()
	if string(b) == same {
		return same
	}
	return string(b)
}

func (d *decoder) byte() byte {
	if len(d.b) == 0 {
		d.err = errDecode
		return 0
	}
	c := d.b[0]
	d.b = d.b[1:]
	return c
}

func (d *decoder) uint32() uint32 {
	if len(d.b) < 4 {
		d.err, d.b = errDecode, nil
		return 0
	}
	n := binary.BigEndian.Uint32(d.b)
	d.b = d.b[4:]
	return n
}

func (d *decoder) time() time.Time {
	if d.byte() == 0 {
		return time.Time{}
	}
	if len(d.b) < 12 {
		d.err, d.b = errDecode, nil
		return time.Time{}
	}
	sec, nsec := binary.BigEndian.Uint64(d.b), binary.BigEndian.Uint32(d.b[8:])
	d.b = d.b[12:]
	return time.Unix(int64(sec), int64(nsec)).UTC() //nolint:gosec // as written
}
