// Package web serves the pages for people. Everything is embedded in the binary; no
// page loads anything from elsewhere.
package web

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed page
var files embed.FS

// Handler serves the first page at / and its files beside it. Unknown paths are 404.
func Handler() http.Handler {
	page, err := fs.Sub(files, "page")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return http.FileServerFS(page)
}
