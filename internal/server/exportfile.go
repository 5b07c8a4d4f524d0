package server

import (
	"context"
	"mime"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/accessgraph/accessgraph/internal/exportjob"
)

// sweepEvery is how often files that have expired are deleted.
const sweepEvery = 10 * time.Minute

// exportFile answers GET with the file of an export, to who submitted it and to
// administrators. Parts of it may be asked for.
func (s *Server) exportFile(w http.ResponseWriter, r *http.Request) {
	f, err := s.app.Exports.Open(r.Context(), s.app.Jobs, chi.URLParam(r, "job"))
	if err != nil {
		s.uploadFailed(w, r, err)
		return
	}
	defer func() { _ = f.Close() }()
	h := w.Header()
	h.Set("Content-Type", downloadTypes[f.Result.Format])
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Result.Name}))
	h.Set("Cache-Control", "no-store")
	http.ServeContent(w, r, "", f.At, f)
}

// sweep deletes the files that have expired until ctx ends.
func (s *Server) sweep(ctx context.Context) {
	t := time.NewTicker(sweepEvery)
	defer t.Stop()
	for {
		if _, err := s.app.exportFiles.Sweep(); err != nil {
			s.log.WarnContext(ctx, "could not delete old files of exports", "error", err)
		}
		if _, err := s.app.spool.Sweep(); err != nil {
			s.log.WarnContext(ctx, "could not delete uploads that nobody came for", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

var exportFilePath = exportjob.URL("{job}")
