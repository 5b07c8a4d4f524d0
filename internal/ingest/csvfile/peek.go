package csvfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Peeked is the beginning of a file.
type Peeked struct {
	Header []string   // as the file has it, cleaned; nil when there is none that can be read
	Rows   [][]string // as many cells as the row has
	Issues []Issue    // what is wrong with the file so far
}

// Peek reads the header and up to so many rows, whatever their columns mean. Partial: the
// source may be cut off anywhere, which is no fault. The error is of the source.
func Peek(src Source, rows int, partial bool) (Peeked, error) {
	in, closeIn, err := decompress(newRawReader(src, nil))
	if err != nil {
		return Peeked{Issues: []Issue{{Row: 0, Code: CodeSyntax, Message: "the file cannot be decompressed"}}}, nil //nolint:nilerr // a fault of the file
	}
	defer closeIn()
	const maxRow = 4 << 20
	p := newRecords(in, maxRow)
	var out Peeked
	if err := p.skipBOM(); err != nil {
		return out, out.stop(err, partial)
	}
	row := int64(0)
	for out.Header == nil {
		cells, err := p.next()
		row++
		if err != nil {
			if errors.Is(err, io.EOF) {
				out.Issues = append(out.Issues, Issue{Row: 1, Code: CodeHeader, Message: "the file is empty; the first row must name the columns"})
				return out, nil
			}
			return out, out.at(row, err, false)
		}
		for i, c := range cells {
			if !utf8.Valid(c) || bytes.IndexByte(c, 0) >= 0 {
				out.Header = nil
				out.Issues = append(out.Issues, Issue{Row: 1, Column: fmt.Sprintf("#%d", i+1), Code: CodeEncoding, Message: "the header is not UTF-8 text" + utf16Hint(c)})
				return out, nil
			}
			out.Header = append(out.Header, access.Clean(string(c)))
		}
	}
	for row = 2; len(out.Rows) < rows; row++ {
		cells, err := p.next()
		switch {
		case errors.Is(err, io.EOF):
			if n := len(out.Rows); partial && n > 0 { // the last one may be cut
				if len(out.Rows[n-1]) != len(out.Header) {
					out.Issues = out.Issues[:len(out.Issues)-1]
				}
				out.Rows = out.Rows[:n-1]
			}
			return out, nil
		case err != nil:
			return out, out.at(row, err, partial)
		case cells == nil:
			continue
		}
		texts := make([]string, len(cells))
		for i, c := range cells {
			texts[i] = access.Clean(string(c))
		}
		if len(cells) != len(out.Header) {
			out.Issues = append(out.Issues, wrongCells(row, len(cells), len(out.Header)))
		}
		out.Rows = append(out.Rows, texts)
	}
	return out, nil
}

// at notes where reading ended; only what is no fault of the file is returned.
func (p *Peeked) at(row int64, err error, partial bool) error {
	var syntax *syntaxError
	if !errors.As(err, &syntax) {
		return p.stop(err, partial)
	}
	if !partial {
		p.Issues = append(p.Issues, Issue{Row: row, Code: syntax.code(), Message: syntax.msg})
	}
	return nil
}

// stop judges an error of the stream: of a compressed file that was cut, or damaged, it is
// none of the source's.
func (p *Peeked) stop(err error, partial bool) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		if !partial {
			p.Issues = append(p.Issues, Issue{Row: 0, Code: CodeSyntax, Message: "the file ends too early"})
		}
		return nil
	}
	return err
}

// Bind matches a header to columns as NewReader does. at is the index in the header of each
// column, -1 where there is none. Issues of severity error come first; errs is how many.
// INVALID_INPUT for options that name no column.
func Bind(header []string, opts Options) (at []int, issues []Issue, errs int, err error) {
	var found both
	b, _, err := bind(header, &opts, &found)
	if err != nil {
		return nil, nil, 0, err
	}
	return b.at, append(found.errors, found.warnings...), len(found.errors), nil
}

type both struct{ errors, warnings []Issue }

func (b *both) Error(i Issue) { b.errors = append(b.errors, i) }
func (b *both) Warn(i Issue)  { b.warnings = append(b.warnings, i) }
