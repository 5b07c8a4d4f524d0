package snapshot

import "github.com/RoaringBitmap/roaring/v2"

// valueRows is the rows of one value: a roaring bitmap, or where that would hardly be
// smaller a plain one, which is faster.
type valueRows struct {
	dense  Bits
	sparse *roaring.Bitmap
}

// packRows makes a set of rows out of n.
func packRows(rows []uint32, n int) valueRows {
	if len(rows) > n/32 {
		dense := NewBits(n)
		for _, row := range rows {
			dense.Set(row)
		}
		return valueRows{dense: dense}
	}
	sparse := roaring.New()
	sparse.AddMany(rows)
	sparse.RunOptimize()
	return valueRows{sparse: sparse}
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
