package colfile

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
)

// digestSize is the length of a digest as text.
const digestSize = 32

// pageSize is how many bytes have a checksum of their own: at this length a CRC-32C finds
// every error of up to three bits, and every burst of up to 32.
const pageSize = 1 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// digest is a SHA-256 over the checksums of a file's pages: as fast as the disk where the
// processor has an instruction for CRC-32C, which a SHA-256 of all bytes is not.
type digest struct {
	page uint32
	n    int // bytes in page
	all  []byte
}

func (d *digest) Write(p []byte) (int, error) {
	whole := len(p)
	for len(p) > 0 {
		part := p[:min(len(p), pageSize-d.n)]
		d.page = crc32.Update(d.page, castagnoli, part)
		d.n += len(part)
		p = p[len(part):]
		if d.n == pageSize {
			d.turn()
		}
	}
	return whole, nil
}

func (d *digest) turn() {
	d.all = binary.LittleEndian.AppendUint32(d.all, d.page)
	d.page, d.n = 0, 0
}

// text ends the digest.
func (d *digest) text() string {
	last := uint32(d.n) //nolint:gosec // at most a page
	d.turn()
	d.all = binary.LittleEndian.AppendUint32(d.all, last)
	sum := sha256.Sum256(d.all)
	return hex.EncodeToString(sum[:])[:digestSize]
}
