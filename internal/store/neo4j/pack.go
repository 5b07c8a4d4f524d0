package neo4j

import (
	"encoding/json"
	"sync"

	"github.com/klauspost/compress/zstd"

	"github.com/accessgraph/accessgraph/internal/access"
)

var codec = sync.OnceValues(func() (*zstd.Encoder, *zstd.Decoder) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		panic(err) // the options are constants
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		panic(err)
	}
	return encoder, decoder
})

// pack makes the bytes that a change set is kept as: compressed JSON.
func pack(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	encoder, _ := codec()
	return encoder.EncodeAll(text, nil), nil
}

func unpack(data []byte, into any) error {
	_, decoder := codec()
	text, err := decoder.DecodeAll(data, nil)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		return &access.Error{Code: access.CodeInternal, Message: "a change set in the database cannot be read", Err: err}
	}
	return nil
}
