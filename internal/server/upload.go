package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/imports"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
)

// uploadPath takes a file as the raw body of a POST, plain, gzip or zstd, and answers
// with the import report: 200 when it was imported (or would be), 422 when the file was
// rejected, 413 beyond the limits. Other failures are {"error":{code, path, message}}.
const uploadPath = "/api/v1/imports/{kind}"

// The limits of an upload; the command line has none. Bytes count both as sent and
// decompressed.
const (
	uploadBytes = 100 << 20
	uploadRows  = 1_000_000
)

func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
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
	report, err := s.opt.Imports.Run(r.Context(), csvfile.Source{Name: uploadName(r), Reader: body, Size: r.ContentLength}, req)
	switch {
	case err == nil:
		writeJSON(w, http.StatusOK, report)
	case errors.Is(err, ingest.ErrRejected) && overLimit(report):
		writeJSON(w, http.StatusRequestEntityTooLarge, report)
	case errors.Is(err, ingest.ErrRejected):
		writeJSON(w, http.StatusUnprocessableEntity, report)
	case body.tooLarge:
		s.uploadFailed(w, r, tooLargeUpload())
	default:
		s.uploadFailed(w, r, err)
	}
}

func tooLargeUpload() error {
	return access.Errorf(access.CodeLimitExceeded, "an upload may have %d MiB and %d rows; load larger files with the command line where the server runs", uploadBytes>>20, uploadRows)
}

// overLimit reports whether the file as a whole was too large, not one of its cells.
func overLimit(r ingest.Report) bool {
	for _, i := range r.Errors {
		if i.Code == ingest.CodeLimit && i.Column == "" {
			return true
		}
	}
	return false
}

var uploadParams = map[string]bool{
	"application": true, "integration": true, "mode": true, "dryRun": true, "confirmRemovals": true, "map": true, "default": true, "file": true,
}

func uploadRequest(kind string, q url.Values) (imports.Request, error) {
	k, err := imports.ParseKind(kind)
	if err != nil {
		return imports.Request{}, err
	}
	for name := range q {
		if !uploadParams[name] { // a misspelt dryRun must not write
			return imports.Request{}, access.Invalid(name, "there is no such parameter")
		}
	}
	r := imports.Request{
		Kind: k, Application: q.Get("application"), Integration: q.Get("integration"), Mode: ingest.Mode(q.Get("mode")),
		MaxRows: uploadRows, MaxBytes: uploadBytes,
	}
	for _, flag := range []struct {
		name string
		to   *bool
	}{{"dryRun", &r.DryRun}, {"confirmRemovals", &r.ConfirmRemovals}} {
		if !q.Has(flag.name) {
			continue
		}
		if *flag.to, err = strconv.ParseBool(q.Get(flag.name)); err != nil {
			return r, access.Invalid(flag.name, "%q is neither true nor false", q.Get(flag.name))
		}
	}
	for _, list := range []struct {
		name string
		to   *map[string]string
	}{{"map", &r.Map}, {"default", &r.Defaults}} {
		if !q.Has(list.name) {
			continue
		}
		if *list.to, err = csvfile.ParseAssignments(list.name, q[list.name]); err != nil {
			return r, err
		}
	}
	return r, nil
}

// uploadStatus is the HTTP status of an error that is no report.
func uploadStatus(code access.Code) int {
	switch code {
	case access.CodeInvalidInput:
		return http.StatusBadRequest
	case access.CodeUnauthenticated:
		return http.StatusUnauthorized
	case access.CodeForbidden:
		return http.StatusForbidden
	case access.CodeNotFound:
		return http.StatusNotFound
	case access.CodeConflict:
		return http.StatusConflict
	case access.CodeLimitExceeded:
		return http.StatusRequestEntityTooLarge
	case access.CodeUnavailable:
		return http.StatusServiceUnavailable
	case access.CodeTimeout:
		return http.StatusGatewayTimeout
	}
	return http.StatusInternalServerError
}

func (s *Server) uploadFailed(w http.ResponseWriter, r *http.Request, err error) {
	var known *access.Error
	if !errors.As(err, &known) || known.Code == access.CodeInternal {
		id := audit.RequestFrom(r.Context()).ID
		if !errors.Is(err, context.Canceled) {
			s.log.ErrorContext(r.Context(), "an upload failed", "request", id, "error", err)
		}
		known = access.Errorf(access.CodeInternal, "an internal error; the log has it under request %s", id)
	}
	refuseUpload(w, uploadStatus(known.Code), known)
}

func refuseUpload(w http.ResponseWriter, status int, e *access.Error) {
	type shown struct {
		Code    access.Code `json:"code"`
		Path    string      `json:"path,omitempty"`
		Message string      `json:"message"`
	}
	writeJSON(w, status, map[string]shown{"error": {e.Code, e.Path, e.Message}})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client is gone
}

// patientBody gives up on a sender who stays silent.
type patientBody struct {
	r        io.Reader
	w        http.ResponseWriter
	silence  time.Duration
	tooLarge bool
	broken   bool // the sender went away or fell silent
}

// Read implements io.Reader.
func (b *patientBody) Read(p []byte) (int, error) {
	readUntil(b.w, time.Now().Add(b.silence))
	n, err := b.r.Read(p)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, io.EOF): // the import may take as long as it needs
		readUntil(b.w, time.Time{})
	case errors.As(err, &tooLarge):
		b.tooLarge = true
	case err != nil:
		b.broken = true
	}
	return n, err
}
