// Package web serves the explorer, the pages for people. Everything is embedded in the
// binary; no page loads anything from elsewhere.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"embed"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// dist/app is what `make web` builds; without it there is only a README beside it.
//
//go:embed all:dist
var dist embed.FS

// placeholder is served where nothing was built.
//
//go:embed placeholder.html
var placeholder []byte

// built is where Vite puts what it builds, below dist.
const built = "dist/app"

// noncePlace is what index.html has where the nonce of an answer goes.
const noncePlace = "__CSP_NONCE__"

// Handler serves the explorer at / and at every path that asks for a page and is no file,
// since its pages are made in the browser. Missing files are 404. Without a build it
// serves a page that says how to build it.
func Handler() http.Handler {
	app, err := fs.Sub(dist, built)
	if err != nil {
		panic(err) // the path is valid
	}
	h, err := newExplorer(app)
	if errors.Is(err, fs.ErrNotExist) {
		return &unbuilt{}
	}
	if err != nil {
		panic(err) // embedded files can be read
	}
	return h
}

// unbuilt stands in for the explorer in a program that was built without it.
type unbuilt struct{}

func (*unbuilt) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name != "" && !wantsPage(r, name) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(placeholder)
}

// mediaTypes are those of a build's files. The system's own table may lack one or be wrong.
var mediaTypes = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".json": "application/json",
	".svg": "image/svg+xml", ".png": "image/png", ".woff2": "font/woff2", ".wasm": "application/wasm",
	".md": "text/plain; charset=utf-8", ".txt": "text/plain; charset=utf-8",
}

// explorer serves one build.
type explorer struct {
	files fs.FS
	index []byte
}

// newExplorer is fs.ErrNotExist where nothing was built.
func newExplorer(files fs.FS) (*explorer, error) {
	index, err := fs.ReadFile(files, "index.html")
	return &explorer{files: files, index: index}, err
}

func (e *explorer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name != "" && name != "index.html" && e.file(w, r, name) {
		return
	}
	if name != "" && !wantsPage(r, name) {
		http.NotFound(w, r)
		return
	}
	e.page(w)
}

// wantsPage reports whether a browser goes to this address, rather than asks for a file
// that is not there.
func wantsPage(r *http.Request, name string) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html") && !strings.HasPrefix(name, "assets/") && !strings.HasPrefix(name, "api/")
}

// page answers with index.html. The style elements that the page makes carry the nonce;
// any other is refused by the browser.
func (e *explorer) page(w http.ResponseWriter) {
	raw := make([]byte, 18)
	_, _ = rand.Read(raw) // never fails
	nonce := base64.StdEncoding.EncodeToString(raw)
	h := w.Header()
	h.Set("Content-Security-Policy", policy(nonce))
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache") // a nonce is for one answer
	_, _ = w.Write(bytes.ReplaceAll(e.index, []byte(noncePlace), []byte(nonce)))
}

// policy lets the page use what this server sends, the styles that it makes itself, and
// pictures that it draws.
func policy(nonce string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce + "'; img-src 'self' data: blob:; font-src 'self'; " +
		"connect-src 'self'; frame-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
}

// file answers with a file of the build, or reports that there is none. Most are kept
// compressed only.
func (e *explorer) file(w http.ResponseWriter, r *http.Request, name string) bool {
	h := w.Header()
	body, err := fs.ReadFile(e.files, name)
	packed := err != nil
	if packed {
		if body, err = fs.ReadFile(e.files, name+".gz"); err != nil {
			return false
		}
		h.Add("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Get("Accept-Encoding")) {
			h.Set("Content-Encoding", "gzip")
		} else if body, err = unpack(body); err != nil {
			http.Error(w, "damaged", http.StatusInternalServerError)
			return true
		}
	}
	mediaType, ok := mediaTypes[path.Ext(name)]
	if !ok {
		mediaType = "application/octet-stream"
	}
	h.Set("Content-Type", mediaType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable") // the name has the content's hash
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	_, _ = w.Write(body)
	return true
}

// acceptsGzip reports whether gzip is among the codings, and not with q=0.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, q, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			v, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(q), "q="), 64)
			return err != nil || v > 0
		}
	}
	return false
}

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
