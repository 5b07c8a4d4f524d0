package server

import (
	"errors"
	"net/http"
	"path"
	"strconv"

	"github.com/go-chi/chi/v5"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/imports"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
)

const (
	// uploadJobPath takes what uploadPath takes and answers 202 with {"job": id} once the
	// file has arrived; the job's result is the report.
	uploadJobPath = uploadPath + "/jobs"
	// previewPath takes the beginning of a file, up to previewBytes, and answers with what its
	// columns seem to be. Parameters: map and default as for an upload (map=Column= says that
	// it is not there), integration, and partial=true for a file that is cut off.
	previewPath  = uploadPath + "/preview"
	previewBytes = 1 << 20
)

// ourPage refuses what a form on another site can post without being asked.
func ourPage(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch r.Header.Get("Sec-Fetch-Site") {
		case "", "same-origin", "none":
			next(w, r)
		default:
			refuseUpload(w, http.StatusForbidden, access.Errorf(access.CodeForbidden, "files are not taken from pages of another origin"))
		}
	}
}

func uploadName(r *http.Request) string {
	name := path.Base(access.Clean(r.URL.Query().Get("file")))
	if name == "." || name == "/" {
		return "upload"
	}
	return name
}

func (s *Server) uploadJob(w http.ResponseWriter, r *http.Request) {
	// Refused before the file is read.
	if _, err := auth.Require(r.Context(), access.Administrator); err != nil {
		s.uploadFailed(w, r, err)
		return
	}
	req, err := uploadRequest(chi.URLParam(r, "kind"), r.URL.Query())
	if err != nil {
		s.uploadFailed(w, r, err)
		return
	}
	if r.ContentLength > uploadBytes {
		s.uploadFailed(w, r, tooLargeUpload())
		return
	}
	body := &patientBody{r: http.MaxBytesReader(w, r.Body, uploadBytes), w: w, silence: s.opt.UploadSilence}
	j, err := s.app.Imports.Submit(r.Context(), s.app.Jobs, s.app.spool, csvfile.Source{Name: uploadName(r), Reader: body, Size: r.ContentLength}, req)
	switch {
	case body.tooLarge:
		s.uploadFailed(w, r, tooLargeUpload())
	case err != nil && body.broken:
		s.uploadFailed(w, r, access.Errorf(access.CodeTimeout, "the file did not arrive whole"))
	case err != nil:
		s.uploadFailed(w, r, err)
	default:
		writeJSON(w, http.StatusAccepted, map[string]string{"job": j.ID})
	}
}

func (s *Server) previewUpload(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	partial := false
	if q.Has("partial") {
		var err error
		if partial, err = strconv.ParseBool(q.Get("partial")); err != nil {
			s.uploadFailed(w, r, access.Invalid("partial", "%q is neither true nor false", q.Get("partial")))
			return
		}
		q.Del("partial")
	}
	req, err := uploadRequest(chi.URLParam(r, "kind"), q)
	if err != nil {
		s.uploadFailed(w, r, err)
		return
	}
	remembered, err := s.rememberedMap(r, req)
	if err != nil {
		s.uploadFailed(w, r, err)
		return
	}
	body := http.MaxBytesReader(w, r.Body, previewBytes)
	p, err := s.app.Imports.Preview(r.Context(), body, imports.PreviewRequest{
		Kind: req.Kind, Map: req.Map, Defaults: req.Defaults, Remembered: remembered, Partial: partial,
	})
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		s.uploadFailed(w, r, access.Errorf(access.CodeLimitExceeded, "a preview takes the first MiB of a file; send no more of it, with partial=true"))
	case err != nil:
		s.uploadFailed(w, r, err)
	default:
		writeJSON(w, http.StatusOK, p)
	}
}

// rememberedMap is the column map of the integration's last import.
func (s *Server) rememberedMap(r *http.Request, req imports.Request) (map[string]string, error) {
	if _, err := auth.Require(r.Context(), access.Administrator); err != nil {
		return nil, err
	}
	if req.Kind != imports.Entitlements || req.Integration == "" {
		return nil, nil
	}
	all, err := s.app.Store.Integrations(r.Context())
	if err != nil {
		return nil, err
	}
	for _, i := range all {
		if i.Name == access.Clean(req.Integration) || i.Key == access.Clean(req.Integration) {
			return i.ColumnMap, nil
		}
	}
	return nil, nil
}
