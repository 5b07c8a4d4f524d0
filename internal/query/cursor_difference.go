package query

const kindDifference = 'd'

// DifferencePosition is the place of a difference: that of its source, then of its target.
type DifferencePosition struct{ Source, Target AccessPosition }

// Compare orders differences.
func (p DifferencePosition) Compare(q DifferencePosition) int {
	if c := p.Source.Compare(q.Source); c != 0 {
		return c
	}
	return p.Target.Compare(q.Target)
}

// EncodeDifferenceCursor returns the cursor of a difference.
func EncodeDifferenceCursor(p DifferencePosition) string {
	b := []byte{cursorVersion, kindDifference}
	for _, s := range []string{p.Source.NameKey, p.Source.ID, p.Target.NameKey, p.Target.ID} {
		b = appendText(b, s)
	}
	return cursorEncoding.EncodeToString(b)
}

// DecodeDifferenceCursor reads a cursor of a list of differences; see DecodeEntityCursor.
func DecodeDifferenceCursor(path, cursor string) (DifferencePosition, error) {
	d, err := openCursor(path, cursor, kindDifference)
	if err != nil {
		return DifferencePosition{}, err
	}
	p := DifferencePosition{
		Source: AccessPosition{NameKey: d.text(), ID: d.text()},
		Target: AccessPosition{NameKey: d.text(), ID: d.text()},
	}
	if !d.finished() || EncodeDifferenceCursor(p) != cursor {
		return DifferencePosition{}, badCursor(path)
	}
	return p, nil
}
