package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/imports"
)

// Options of a Server. App is needed.
type Options struct {
	App    *App
	Listen string // host:port; 127.0.0.1:8080 by default
	// Open lets whoever reaches the server in without a key. Only on a loopback address.
	Open bool
	// Web answers what no other route does; nil = not found.
	Web http.Handler
	// Imports takes uploaded files; nil = no uploads.
	Imports *imports.Service
	// NoGraphiQL leaves out /graphiql.
	NoGraphiQL bool
	// RequestsPerMinute a principal may make (600).
	RequestsPerMinute int
	// SignInsPerMinute is how often an address may try to sign in (30).
	SignInsPerMinute int
	// Recheck is how often a stream makes sure that its session still lives (15 s).
	Recheck time.Duration
	// BodyTimeout is how long the body of a request may take to arrive, uploads
	// excepted (30 s).
	BodyTimeout time.Duration
	// KeyTimeout is how long checking an API key may take (5 s): a store that cannot be
	// reached is tried for longer.
	KeyTimeout time.Duration
	// UploadSilence is how long the sender of a file may send nothing (1 min). There is
	// no limit for the whole: a slow line is not a fault.
	UploadSilence time.Duration
	Log           *slog.Logger // slog.Default
}

const (
	defaultListen   = "127.0.0.1:8080"
	defaultRequests = 600
	defaultSignIns  = 30
	bodyTimeout     = 30 * time.Second
	keyTimeout      = 5 * time.Second
	uploadSilence   = time.Minute
	headerTimeout   = 10 * time.Second
	idleTimeout     = 2 * time.Minute
	drainTimeout    = 30 * time.Second
)

// Server is the HTTP server.
type Server struct {
	app     *App
	opt     Options
	log     *slog.Logger
	metrics *metrics
	handler http.Handler

	downloading chan struct{} // a place for each download at work

	streams context.Context // ends when the server stops: subscriptions end with it
	stop    context.CancelFunc
}

// New returns a server that listens to nothing yet. Open on an address that others can
// reach is INVALID_INPUT.
func New(opt Options) (*Server, error) {
	if opt.Listen == "" {
		opt.Listen = defaultListen
	}
	if opt.RequestsPerMinute == 0 {
		opt.RequestsPerMinute = defaultRequests
	}
	if opt.SignInsPerMinute == 0 {
		opt.SignInsPerMinute = defaultSignIns
	}
	if opt.Recheck == 0 {
		opt.Recheck = recheck
	}
	if opt.BodyTimeout == 0 {
		opt.BodyTimeout = bodyTimeout
	}
	if opt.KeyTimeout == 0 {
		opt.KeyTimeout = keyTimeout
	}
	if opt.UploadSilence == 0 {
		opt.UploadSilence = uploadSilence
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	if opt.Open && !loopbackHost(opt.Listen) {
		return nil, access.Invalid("open", "a server without API keys may only listen on a loopback address such as 127.0.0.1:8080, not on %s", opt.Listen)
	}
	s := &Server{app: opt.App, opt: opt, log: opt.Log, downloading: make(chan struct{}, downloads)}
	s.streams, s.stop = context.WithCancel(context.Background())
	s.metrics = newMetrics(opt.App)
	s.handler = s.routes()
	return s, nil
}

// Handler answers every request of the server.
func (s *Server) Handler() http.Handler { return s.handler }

// Run listens and serves until ctx ends, then lets running requests and jobs finish for
// a while. ready, when set, is told the address once the server answers.
func (s *Server) Run(ctx context.Context, ready func(net.Addr)) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.opt.Listen)
	if err != nil {
		return &access.Error{Code: access.CodeUnavailable, Message: "cannot listen on " + s.opt.Listen, Err: err}
	}
	return s.Serve(ctx, l, ready)
}

// Serve is Run on a listener, which it closes. With Open the listener must be loopback.
func (s *Server) Serve(ctx context.Context, l net.Listener, ready func(net.Addr)) error {
	if s.opt.Open && !loopbackAddr(l.Addr()) {
		return errors.Join(access.Invalid("open", "%s can be reached by others", l.Addr()), l.Close())
	}
	if s.opt.Open {
		s.log.WarnContext(ctx, "open: everybody on this machine is an administrator, no API key is asked for", "address", l.Addr().String())
	}
	s.app.Jobs.Start()
	go s.sweep(s.streams)
	h := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- h.Serve(l) }()
	if ready != nil {
		ready(l.Addr())
	}
	var failed error
	select {
	case failed = <-served:
	case <-ctx.Done():
	}
	return errors.Join(failed, s.shutdown(context.WithoutCancel(ctx), h))
}

func (s *Server) shutdown(ctx context.Context, h *http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, drainTimeout)
	defer cancel()
	s.stop()
	err := h.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = h.Close() // whoever is still busy has had their time
	}
	return errors.Join(err, s.app.Jobs.Shutdown(ctx))
}
