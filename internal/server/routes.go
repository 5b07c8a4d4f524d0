package server

import (
	"context"
	"io"
	"net/http"
	"net/netip"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/klauspost/compress/gzip"

	"github.com/accessgraph/accessgraph/graph"
)

const (
	maxBody       = 2 << 20
	compressLevel = 1 // 8 % more bytes of JSON than level 5, in half the time
)

// compress compresses what goes over a network, by a gzip that takes a quarter of the time
// of the standard library's for the same bytes. To a client on this machine that costs
// both sides more than it saves; a proxy says that it is one.
func compress(next http.Handler) http.Handler {
	c := middleware.NewCompressor(compressLevel, "application/json", "application/graphql-response+json",
		"text/html", "text/css", "text/javascript", "text/plain", "image/svg+xml")
	c.SetEncoder("gzip", func(w io.Writer, level int) io.Writer {
		z, err := gzip.NewWriterLevel(w, level)
		if err != nil {
			panic(err) // the level is a constant
		}
		return z
	})
	compressed := c.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if onThisMachine(r) {
			next.ServeHTTP(w, r)
			return
		}
		compressed.ServeHTTP(w, r)
	})
}

// onThisMachine reports whether the client is on this machine and no proxy for another.
func onThisMachine(r *http.Request) bool {
	for _, header := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via"} {
		if r.Header.Get(header) != "" {
			return false
		}
	}
	ip, err := netip.ParseAddr(clientIP(r))
	return err == nil && ip.Unmap().IsLoopback()
}

func (s *Server) routes() http.Handler {
	r := chi.NewRouter()
	r.Use(s.boundBody, s.identify, s.observe, s.recoverer, headers, s.guardOpen)
	r.Use(compress)
	r.Get("/healthz", healthz)
	r.Get("/readyz", s.readyz)
	r.Method(http.MethodGet, "/metrics", s.metrics.handler())
	if !s.opt.NoGraphiQL {
		r.Mount("/graphiql", graphiqlHandler())
	}
	r.Group(func(r chi.Router) {
		r.Use(s.readBody, s.authenticate, s.limitRate())
		r.Handle("/graphql", s.graphql())
		r.Post(downloadPath, s.download)
		r.Get(exportFilePath, s.exportFile)
	})
	r.Route(sessionPath, func(r chi.Router) {
		r.With(s.limitSignIns(), s.readBody).Post("/", s.signIn)
		r.Get("/", s.showSession)
		r.Delete("/", s.signOut)
	})
	r.Group(func(r chi.Router) {
		r.Use(s.authenticate, s.limitRate())
		if s.opt.Imports != nil {
			r.Post(uploadPath, ourPage(s.upload))
		}
		r.Post(uploadJobPath, ourPage(s.uploadJob))
		r.Post(previewPath, ourPage(s.previewUpload))
	})
	if s.opt.Web != nil {
		r.NotFound(s.opt.Web.ServeHTTP)
	}
	return r
}

// graphql answers /graphql; what it streams ends with the server.
func (s *Server) graphql() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		if streaming(r) {
			defer context.AfterFunc(s.streams, cancel)()
			go s.while(ctx, cancel)
		}
		ctx = graph.WithAuthenticator(ctx, s.app.Keys.Authenticate)
		s.app.Graph.ServeHTTP(w, r.WithContext(ctx))
	})
}
