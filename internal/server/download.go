package server

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/export"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// downloadPath takes what to export as JSON and answers with the file, streamed. An answer
// that breaks off is not whole; the trailer RowsTrailer of one that is says how many rows
// it has. Failures before that are {"error":{code, path, message}}.
const downloadPath = "/api/v1/exports/access"

// RowsTrailer is the HTTP trailer with the number of rows of a download.
const RowsTrailer = "Accessgraph-Rows"

// downloads is how many files are put together at the same time; others wait: each keeps
// all cores busy.
const downloads = 2

// downloadRequest is the body of a download.
type downloadRequest struct {
	Format       string          `json:"format"`
	Filter       json.RawMessage `json:"filter"`
	TargetFilter json.RawMessage `json:"targetFilter"`
	AsOf         time.Time       `json:"asOf"`
}

func (d *downloadRequest) options() (o export.AccessOptions, err error) {
	o.AsOf = d.AsOf
	if o.Format, err = export.ParseFormat(d.Format); err != nil {
		return o, err
	}
	for _, f := range []struct {
		path string
		text json.RawMessage
		to   **filter.Filter
	}{{"filter", d.Filter, &o.Sources}, {"targetFilter", d.TargetFilter, &o.Targets}} {
		if len(f.text) == 0 || string(f.text) == "null" {
			continue
		}
		if *f.to, err = filter.Parse(f.text, f.path); err != nil {
			return o, err
		}
	}
	return o, o.Check()
}

var downloadTypes = map[export.Format]string{
	export.CSV: "text/csv; charset=utf-8", export.Parquet: "application/vnd.apache.parquet", export.Arrow: "application/vnd.apache.arrow.file",
}

func (s *Server) download(w http.ResponseWriter, r *http.Request) {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		refuseUpload(w, http.StatusForbidden, access.Errorf(access.CodeForbidden, "files are not made for pages of another origin"))
		return
	}
	var body downloadRequest
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&body); err != nil {
		s.uploadFailed(w, r, access.Invalid("", "the request is not of the form {format, filter, targetFilter, asOf}: %v", err))
		return
	}
	o, err := body.options()
	if err != nil {
		s.uploadFailed(w, r, err)
		return
	}
	select {
	case s.downloading <- struct{}{}:
		defer func() { <-s.downloading }()
	case <-r.Context().Done():
		return
	}
	out := &started{w: w, begin: func() {
		w.Header().Set("Content-Type", downloadTypes[o.Format])
		w.Header().Set("Content-Disposition", "attachment; filename=access."+string(o.Format))
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Trailer", RowsTrailer)
		w.WriteHeader(http.StatusOK)
	}}
	buffered := bufio.NewWriterSize(out, 256<<10)
	rows, err := export.NewLocal(s.app.Engine, s.app.Store, s.app.Settings.Now).Access(r.Context(), buffered, o)
	if err == nil {
		err = buffered.Flush()
	}
	switch {
	case err == nil:
		w.Header().Set(RowsTrailer, strconv.FormatInt(rows, 10))
	case !out.yes:
		s.uploadFailed(w, r, err)
	default:
		if !errors.Is(err, r.Context().Err()) {
			s.log.ErrorContext(r.Context(), "an export broke off", "error", err)
		}
		panic(http.ErrAbortHandler) // nothing else tells the client that the file is not whole
	}
}

// started calls begin before the first byte.
type started struct {
	w     io.Writer
	begin func()
	yes   bool
}

// Write implements io.Writer.
func (s *started) Write(p []byte) (int, error) {
	if !s.yes {
		s.yes = true
		s.begin()
	}
	return s.w.Write(p)
}
