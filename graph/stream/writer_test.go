package stream_test

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/accessgraph/accessgraph/graph/model"
	"github.com/accessgraph/accessgraph/graph/stream"
)

// written is what one use of a writer writes.
func written(t require.TestingT, write func(w *stream.Writer)) string {
	w := stream.NewWriter()
	defer w.Free()
	write(w)
	require.False(t, w.Failed())
	return string(w.Bytes())
}

func marshaled(m graphql.Marshaler) string {
	var b bytes.Buffer
	m.MarshalGQL(&b)
	return b.String()
}

func TestScalarsAreWrittenAsGqlgenWritesThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "s")
		require.Equal(t, marshaled(graphql.MarshalString(s)), written(t, func(w *stream.Writer) { w.String(s) }))
		i := rapid.Int().Draw(t, "i")
		require.Equal(t, marshaled(model.MarshalInt(i)), written(t, func(w *stream.Writer) { w.Int(i) }))
		b := rapid.Bool().Draw(t, "b")
		require.Equal(t, marshaled(graphql.MarshalBoolean(b)), written(t, func(w *stream.Writer) { w.Bool(b) }))
		zone := time.FixedZone("", rapid.IntRange(-12*3600, 12*3600).Draw(t, "zone"))
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).In(zone)
		require.Equal(t, marshaled(model.MarshalTime(at)), written(t, func(w *stream.Writer) { w.Time(at) }))
	})
}

func TestValuesAreCompactJSON(t *testing.T) {
	text := func(s string) graphql.Marshaler {
		return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, s) })
	}
	require.Equal(t, `[{"a":" <b>"}]`, written(t, func(w *stream.Writer) { //nolint:testifylint // the very bytes
		w.Raw("[")
		w.Value(text("{ \"a\" :\n\" <b>\" }"), true)
		w.Raw("]")
	}))
	require.Equal(t, "null", written(t, func(w *stream.Writer) { w.Value(graphql.Null, false) }))
	for _, fails := range []func(w *stream.Writer){
		func(w *stream.Writer) { w.Value(text("{"), false) },
		func(w *stream.Writer) { w.Value(graphql.Null, true) },
		func(w *stream.Writer) { w.Optional(true) },
	} {
		w := stream.NewWriter()
		fails(w)
		require.True(t, w.Failed())
	}
}
