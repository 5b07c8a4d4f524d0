package packed

import (
	"encoding/binary"
	"hash/crc32"
	"sync"
	"unsafe"

	"github.com/klauspost/compress/zstd"
)

// Part is a piece of a section of a run.
type Part struct {
	Run     int64
	Section Section
	Number  int
	raw     []byte
	records int64
}

// A sealed part is the format, a checksum of all that follows, then its place in the copy
// and how many records it has, then the records, compressed.
const sealed = 1 + 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var codec = sync.OnceValues(func() (*zstd.Encoder, *zstd.Decoder) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(false))
	if err != nil {
		panic(err) // the options are constants
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxPart))
	if err != nil {
		panic(err)
	}
	return encoder, decoder
})

// maxPart bounds what a damaged part can ask for. A record has a few cells of an import,
// each of a megabyte at most.
const maxPart = 64 << 20

// Seal makes the bytes of the part. It is safe to call from several goroutines for several parts.
func (p Part) Seal() []byte {
	b := append(make([]byte, 0, len(p.raw)/2+64), Format, 0, 0, 0, 0)
	for _, n := range []uint64{uint64(p.Run), uint64(p.Section), uint64(p.Number), uint64(p.records)} { //nolint:gosec // none is negative
		b = binary.AppendUvarint(b, n)
	}
	encoder, _ := codec()
	b = encoder.EncodeAll(p.raw, b)
	binary.LittleEndian.PutUint32(b[1:], crc32.Checksum(b[sealed:], castagnoli))
	return b
}

// open reads what Seal made of the part with this place.
func open(data []byte, run int64, section Section, number int) (raw string, records int, err error) {
	if len(data) < sealed || data[0] != Format || binary.LittleEndian.Uint32(data[1:]) != crc32.Checksum(data[sealed:], castagnoli) {
		return "", 0, damaged("part %d of section %d of run %d has a wrong checksum", number, section, run)
	}
	d := decoder{s: string(data[sealed:min(len(data), sealed+4*binary.MaxVarintLen64)])}
	had := len(d.s)
	is := [3]uint64{d.uvarint(), d.uvarint(), d.uvarint()}
	n := d.uvarint()
	if want := [3]uint64{uint64(run), uint64(section), uint64(number)}; d.bad || is != want || n > maxPart { //nolint:gosec // none is negative
		return "", 0, damaged("there is another part in the place of part %d of section %d of run %d", number, section, run)
	}
	_, decoder := codec()
	text, err := decoder.DecodeAll(data[sealed+had-len(d.s):], nil)
	if err != nil {
		return "", 0, damaged("part %d of section %d of run %d: %v", number, section, run, err)
	}
	return unsafe.String(unsafe.SliceData(text), len(text)), int(n), nil //nolint:gosec // checked; nobody else has the bytes
}
