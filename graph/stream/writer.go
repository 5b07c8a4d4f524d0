// Package stream is what the generated direct executor runs on: a plan of what an
// operation selects and a writer of its answer. The direct executor answers the frequent
// questions without the goroutine, the context and the closures that the general one of
// gqlgen takes for each field of each object; whatever is out of the ordinary, errors
// included, it leaves to the general one.
package stream

import (
	"bytes"
	"encoding/json"
	"strconv"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// Writer writes JSON as gqlgen writes it. Not safe for concurrent use.
type Writer struct {
	buf    []byte
	failed bool
}

// mostKept is the size up to which a buffer is kept for the next answer.
const mostKept = 1 << 20

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// NewWriter returns an empty writer. Free gives its memory back.
func NewWriter() *Writer {
	return &Writer{buf: (*buffers.Get().(*[]byte))[:0]} //nolint:forcetypeassert // see buffers
}

// Free ends the use of the writer and of what Bytes returned.
func (w *Writer) Free() {
	if cap(w.buf) <= mostKept {
		buffers.Put(&w.buf)
	}
}

// Bytes is what was written; valid until the next use of the writer.
func (w *Writer) Bytes() []byte { return w.buf }

// Fail says that the general executor has to answer. What is written does not matter then.
func (w *Writer) Fail() { w.failed = true }

// Failed reports whether Fail was called.
func (w *Writer) Failed() bool { return w.failed }

// Raw writes what is JSON already.
func (w *Writer) Raw(s string) { w.buf = append(w.buf, s...) }

// Null writes null.
func (w *Writer) Null() { w.Raw("null") }

// Append writes the JSON that another writer has written.
func (w *Writer) Append(other *Writer) {
	w.buf = append(w.buf, other.buf...)
	w.failed = w.failed || other.failed
}

// Bool writes a Boolean.
func (w *Writer) Bool(v bool) { w.buf = strconv.AppendBool(w.buf, v) }

// Int writes an Int.
func (w *Writer) Int(v int) { w.buf = strconv.AppendInt(w.buf, int64(v), 10) }

// Time writes an instant as RFC 3339 in UTC; it must not be zero.
func (w *Writer) Time(t time.Time) {
	w.buf = append(w.buf, '"')
	w.buf = t.UTC().AppendFormat(w.buf, time.RFC3339Nano)
	w.buf = append(w.buf, '"')
}

const hexDigits = "0123456789ABCDEF"

// String writes a text.
func (w *Writer) String(s string) {
	b := append(w.buf, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	b = append(b, s[start:]...)
	w.buf = append(b, '"')
}

// Value writes a scalar by its marshaler, without white space. A null that may not be and
// what is no JSON are failures.
func (w *Writer) Value(m graphql.Marshaler, nonNull bool) {
	if m == graphql.Null {
		w.Optional(nonNull)
		return
	}
	var b bytes.Buffer
	m.MarshalGQL(&b)
	compact := bytes.NewBuffer(w.buf)
	if json.Compact(compact, b.Bytes()) != nil {
		w.Fail()
		return
	}
	w.buf = compact.Bytes()
}

// Optional writes null where it may be; elsewhere it fails.
func (w *Writer) Optional(nonNull bool) {
	if nonNull {
		w.Fail()
	}
	w.Null()
}
