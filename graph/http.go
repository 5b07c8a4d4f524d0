package graph

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/auth"
)

func newRequestID() string { return audit.NewID(time.Now()) }

// The media types of GraphQL over HTTP.
const (
	mediaJSON    = "application/json"
	mediaGraphQL = "application/graphql-response+json"
	mediaEvents  = "text/event-stream"
)

// ServeHTTP answers GraphQL over HTTP: POST, GET for queries, server-sent events and
// websockets for subscriptions. The principal comes with the request's context; without
// one, every field but public ones is refused.
func (g *Graph) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if g.subscriptions(w, r) {
		return
	}
	media, ok := accepted(r.Header.Get("Accept"))
	if !ok {
		g.write(w, mediaJSON, http.StatusNotAcceptable, g.refuse(r.Context(), gqlerror.List{refusal("accept %s or %s", mediaGraphQL, mediaJSON)}))
		return
	}
	params, status, err := g.params(r)
	if err != nil {
		if status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", "GET, POST")
		}
		g.write(w, media, status, g.refuse(r.Context(), gqlerror.List{err}))
		return
	}
	res := g.run(r.Context(), params, r.Method == http.MethodPost)
	g.write(w, media, g.status(r, media, res), res)
}

func (g *Graph) params(r *http.Request) (*graphql.RawParams, int, *gqlerror.Error) {
	params := &graphql.RawParams{Headers: r.Header}
	switch r.Method {
	case http.MethodGet:
		q := r.URL.Query()
		params.Query, params.OperationName = q.Get("query"), q.Get("operationName")
		for name, to := range map[string]*map[string]any{"variables": &params.Variables, "extensions": &params.Extensions} {
			if text := q.Get(name); text != "" {
				if err := decode(strings.NewReader(text), to); err != nil {
					return nil, http.StatusBadRequest, refusal("%s is no JSON object", name)
				}
			}
		}
		return params, 0, nil
	case http.MethodPost:
		if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != mediaJSON {
			return nil, http.StatusUnsupportedMediaType, refusal("the content type must be %s", mediaJSON)
		}
		err := decode(r.Body, params)
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			return nil, http.StatusRequestEntityTooLarge, refusal("the request is larger than %d bytes", tooLarge.Limit)
		case err != nil:
			return nil, http.StatusBadRequest, badBody()
		}
		params.Headers = r.Header
		return params, 0, nil
	}
	return nil, http.StatusMethodNotAllowed, refusal("use POST, or GET for a query")
}

func badBody() *gqlerror.Error { return refusal(`the body is no JSON object such as {"query": "..."}`) }

func decode(r interface{ Read([]byte) (int, error) }, v any) error {
	d := json.NewDecoder(r)
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return err
	}
	switch _, err := d.Token(); {
	case err == nil:
		return errors.New("there is more after the object")
	case !errors.Is(err, io.EOF):
		return err
	}
	return nil
}

// accepted chooses the media type of the answer.
func accepted(header string) (string, bool) {
	if header == "" {
		return mediaJSON, true
	}
	for part := range strings.SplitSeq(header, ",") {
		media, _, err := mime.ParseMediaType(strings.TrimSpace(part))
		if err != nil {
			continue
		}
		switch media {
		case mediaGraphQL:
			return mediaGraphQL, true
		case mediaJSON, "application/*", "*/*":
			return mediaJSON, true
		}
	}
	return "", false
}

// status: application/json says 200 to every well-formed request, as old clients expect;
// the newer type says 4xx when nothing was run.
func (g *Graph) status(r *http.Request, media string, res Result) int {
	if _, signedIn := auth.FromContext(r.Context()); !signedIn && len(res.Errors) > 0 && res.Codes()[0] == access.CodeUnauthenticated {
		return http.StatusUnauthorized
	}
	switch {
	case !res.Refused || media == mediaJSON && r.Method != http.MethodGet:
		return http.StatusOK
	case r.Method == http.MethodGet && strings.HasPrefix(res.Errors[0].Message, "a mutation"):
		return http.StatusMethodNotAllowed
	case media == mediaJSON:
		return http.StatusOK
	}
	return http.StatusBadRequest
}

func (g *Graph) write(w http.ResponseWriter, media string, status int, res Result) {
	w.Header().Set("Content-Type", media+"; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Add("Vary", "Accept")
	w.WriteHeader(status)
	_, _ = w.Write(append(res.Body, '\n'))
}
