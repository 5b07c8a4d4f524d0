package changelog

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"

	"github.com/accessgraph/accessgraph/internal/store"
)

// The first byte of a packed set says what follows.
const (
	plainJSON = 'j'
	zstdJSON  = 'z'
)

// compressFrom is the size from which compressing is worth its while.
const compressFrom = 512

// maxUnpacked bounds what a packed set may expand to: four times what Limit pairs take.
const maxUnpacked = 64 << 20

var codec = sync.OnceValues(func() (*zstd.Encoder, *zstd.Decoder) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		panic(err) // the options are constants
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxUnpacked))
	if err != nil {
		panic(err)
	}
	return encoder, decoder
})

// packed is the JSON form: grants lists for each source the source, then its targets.
type packed struct {
	Entities     []string   `json:"entities,omitempty"`
	Removed      []string   `json:"removed,omitempty"`
	Grants       [][]string `json:"grants,omitempty"`
	Employees    []string   `json:"employees,omitempty"`
	Integrations bool       `json:"integrations,omitempty"`
}

// Pack is the form in which a set is kept.
func Pack(c store.ChangeSet) []byte {
	p := packed{Entities: c.Entities, Removed: c.Removed, Employees: c.Employees, Integrations: c.Integrations}
	for i, pair := range c.Pairs {
		if i == 0 || c.Pairs[i-1].Source != pair.Source {
			p.Grants = append(p.Grants, []string{pair.Source})
		}
		last := &p.Grants[len(p.Grants)-1]
		*last = append(*last, pair.Target)
	}
	text, err := json.Marshal(p)
	if err != nil {
		panic(err) // texts and lists of texts always have a JSON form
	}
	if len(text) < compressFrom {
		return append([]byte{plainJSON}, text...)
	}
	encoder, _ := codec()
	return encoder.EncodeAll(text, []byte{zstdJSON})
}

// Unpack reads what Pack made; anything else is an error.
func Unpack(data []byte) (store.ChangeSet, error) {
	var p packed
	if len(data) == 0 {
		return store.ChangeSet{}, fmt.Errorf("a change set of no bytes")
	}
	text := data[1:]
	switch data[0] {
	case plainJSON:
	case zstdJSON:
		_, decoder := codec()
		var err error
		if text, err = decoder.DecodeAll(text, nil); err != nil {
			return store.ChangeSet{}, fmt.Errorf("a change set: %w", err)
		}
	default:
		return store.ChangeSet{}, fmt.Errorf("a change set of the unknown form %q", data[0])
	}
	if err := json.Unmarshal(text, &p); err != nil {
		return store.ChangeSet{}, fmt.Errorf("a change set: %w", err)
	}
	c := store.ChangeSet{Entities: p.Entities, Removed: p.Removed, Employees: p.Employees, Integrations: p.Integrations}
	for _, row := range p.Grants {
		for i, target := range row {
			if i > 0 {
				c.Pairs = append(c.Pairs, store.Pair{Source: row[0], Target: target})
			}
		}
	}
	normalize(&c)
	return c, nil
}
