package server

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io"
	"net/http"
	"path"
	"strings"
)

//go:embed graphiql
var graphiqlFiles embed.FS

// graphiqlPolicy: GraphiQL and its editor set styles and embed their fonts in the sheet. The
// explorer, and no page of another origin, shows it in a frame.
const graphiqlPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

var graphiqlTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8", ".txt": "text/plain; charset=utf-8", ".svg": "image/svg+xml",
}

// graphiqlHandler serves the query editor from the binary; nothing comes from elsewhere.
// What was built elsewhere is kept compressed, see graphiql/README.md.
func graphiqlHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/graphiql"), "/")
		switch {
		case r.URL.Path == "/graphiql/":
			http.Redirect(w, r, "/graphiql", http.StatusMovedPermanently)
			return
		case name == "":
			name = "index.html"
		}
		mediaType, ok := graphiqlTypes[path.Ext(name)]
		if !ok || r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", graphiqlPolicy)
		h.Set("X-Frame-Options", "SAMEORIGIN")
		h.Set("Content-Type", mediaType)
		h.Set("Cache-Control", "no-cache")
		if plain, err := graphiqlFiles.ReadFile("graphiql/" + name); err == nil {
			_, _ = w.Write(plain)
			return
		}
		packed, err := graphiqlFiles.ReadFile("graphiql/" + name + ".gz")
		if err != nil {
			h.Del("Content-Type")
			http.NotFound(w, r)
			return
		}
		h.Add("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed)
			return
		}
		unpacked, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			http.Error(w, "damaged", http.StatusInternalServerError)
			return
		}
		_, _ = io.Copy(w, unpacked) //nolint:gosec // our own file
	})
}
