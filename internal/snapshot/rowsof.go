package snapshot

import "github.com/RoaringBitmap/roaring/v2"

// valueRows is the rows of one value: a roaring bitmap, or where that is not smaller the
// plain one, which is faster.
type valueRows struct {
	dense  Bits
	sparse *roaring.Bitmap
}

// packRows makes a set of rows, ascending, out of n.
func packRows(rows []uint32, n int) valueRows {
	sparse := roaring.New()
	sparse.AddMany(rows)
	sparse.RunOptimize()
	if sparse.GetSizeInBytes() < uint64(n/10) || n < 1024 { //nolint:gosec // not negative
		return valueRows{sparse: sparse}
	}
	dense := NewBits(n)
	for _, row := range rows {
		dense.Set(row)
	}
	return valueRows{dense: dense}
}

// addTo adds the rows to out.
func (v *valueRows) addTo(out Bits) {
	if v.dense != nil {
		out.Or(v.dense)
		return
	}
	var some [256]uint32
	for it := v.sparse.ManyIterator(); ; {
		n := it.NextMany(some[:])
		if n == 0 {
			return
		}
		for _, row := range some[:n] {
			out.Set(row)
		}
	}
}

func (v *valueRows) count() int {
	if v.dense != nil {
		return v.dense.Count()
	}
	return int(v.sparse.GetCardinality()) //nolint:gosec // fewer than 2^32
}

func (v *valueRows) bytes() int64 {
	if v.dense != nil {
		return int64(8 * len(v.dense))
	}
	return int64(v.sparse.GetSizeInBytes()) //nolint:gosec // of memory
}
