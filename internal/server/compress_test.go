package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"
)

func TestCompressionIsForNetworks(t *testing.T) {
	text := `{"data":` + strings.Repeat(`[1,2,3],`, 500) + `}`
	h := compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write([]byte(text))
	}))
	for name, test := range map[string]struct {
		from, header string
		want         string
	}{
		"another machine":          {"192.0.2.7:1234", "", "gzip"},
		"another, over IPv6":       {"[2001:db8::1]:1234", "", "gzip"},
		"this machine":             {"127.0.0.1:1234", "", ""},
		"this machine, over IPv6":  {"[::1]:1234", "", ""},
		"mapped":                   {"[::ffff:127.0.0.1]:1234", "", ""},
		"a proxy":                  {"127.0.0.1:1234", "X-Forwarded-For", "gzip"},
		"a proxy that follows RFC": {"127.0.0.1:1234", "Forwarded", "gzip"},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = test.from
			r.Header.Set("Accept-Encoding", "gzip")
			if test.header != "" {
				r.Header.Set(test.header, "203.0.113.9")
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			require.Equal(t, test.want, w.Header().Get("Content-Encoding"))
			if test.want == "" {
				require.Equal(t, text, w.Body.String())
				return
			}
			require.Less(t, w.Body.Len(), len(text)/10)
			z, err := gzip.NewReader(w.Body)
			require.NoError(t, err)
			var b strings.Builder
			_, err = z.WriteTo(&b)
			require.NoError(t, err)
			require.Equal(t, text, b.String())
		})
	}
}
