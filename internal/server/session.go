package server

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-chi/httprate"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/auth/session"
)

// sessionPath: POST {"key": "<API key>"} signs a browser in, GET says who is signed in
// (nobody is no error), DELETE signs out. The session's token is in an HttpOnly cookie;
// what it authenticates by an unsafe method has to carry csrfHeader.
const sessionPath = "/api/v1/session"

const (
	csrfHeader = "X-CSRF-Token"
	recheck    = 15 * time.Second
)

type sessionKey struct{}

// signedIn is the session of a request and the token that it came with.
type signedIn struct {
	session.Session
	token string
}

func sessionOf(ctx context.Context) (signedIn, bool) {
	s, ok := ctx.Value(sessionKey{}).(signedIn)
	return s, ok
}

func secure(r *http.Request) bool {
	return r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

// cookieName: the prefix makes browsers keep other hosts of the domain from setting it.
func cookieName(r *http.Request) string {
	if secure(r) {
		return "__Host-accessgraph"
	}
	return "accessgraph"
}

func (s *Server) setCookie(w http.ResponseWriter, r *http.Request, token string) {
	maxAge := -1
	if token != "" {
		maxAge = int(session.Absolute / time.Second)
	}
	http.SetCookie(w, &http.Cookie{
		Name: cookieName(r), Value: token, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: secure(r), SameSite: http.SameSiteStrictMode,
	})
}

// bySession authenticates by the cookie, if there is one. The cookie comes by itself, so
// that a request has to show that a page of ours made it: an unsafe method by the
// session's CSRF token, a websocket by its origin.
func (s *Server) bySession(r *http.Request) (signedIn, bool, error) {
	c, err := r.Cookie(cookieName(r))
	if err != nil || c.Value == "" {
		return signedIn{}, false, nil
	}
	if !ours(r) {
		return signedIn{}, true, access.Errorf(access.CodeForbidden, "a session serves no page of another origin")
	}
	found, err := s.app.Sessions.Authenticate(r.Context(), c.Value)
	if err != nil {
		return signedIn{}, true, err
	}
	safe := r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions
	if !safe && !found.Matches(r.Header.Get(csrfHeader)) {
		return signedIn{}, true, access.Errorf(access.CodeForbidden, "the header %s is missing or not that of the session", csrfHeader)
	}
	return signedIn{found, c.Value}, true, nil
}

// ours reports whether a request that carries a cookie can be one of our own page, or of
// no page at all.
func ours(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return !websocket(r)
	}
	u, err := url.Parse(origin)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && strings.EqualFold(u.Host, r.Host)
}

// limitSignIns bounds the attempts of each address: failing costs the store a read.
func (s *Server) limitSignIns() func(http.Handler) http.Handler {
	return httprate.LimitBy(s.opt.SignInsPerMinute, time.Minute,
		func(r *http.Request) (string, error) { return "signIn:" + clientIP(r), nil },
		httprate.WithLimitHandler(func(w http.ResponseWriter, _ *http.Request) {
			refuse(w, http.StatusTooManyRequests, access.CodeLimitExceeded, "too many attempts to sign in; wait a minute")
		}))
}

// sessionState is the answer about a session.
type sessionState struct {
	Open      bool       `json:"open"`      // no key is asked for
	CSRF      string     `json:"csrf"`      // empty when nobody is signed in, or nothing has to be
	Me        *sessionMe `json:"me"`        // null when nobody is signed in
	ExpiresAt *time.Time `json:"expiresAt"` // at the latest
}

type sessionMe struct {
	Kind     auth.Kind            `json:"kind"`
	ID       string               `json:"id"`
	Name     string               `json:"name"`
	Roles    []access.ProductRole `json:"roles"`
	Employee *sessionEmployee     `json:"employee"`
}

type sessionEmployee struct {
	ID        string `json:"id"`
	FullName  string `json:"fullName"`
	WorkEmail string `json:"workEmail"`
}

func (s *Server) describeSession(ctx context.Context, in session.Session) (sessionState, error) {
	out := sessionState{CSRF: in.CSRF, ExpiresAt: &in.ExpiresAt, Me: &sessionMe{
		Kind: in.Principal.Kind, ID: in.Principal.Actor(), Name: in.Key.Name, Roles: in.Principal.Roles,
	}}
	if in.Principal.EmployeeID == "" {
		return out, nil
	}
	found, err := s.app.Store.EmployeesByID(ctx, []string{in.Principal.EmployeeID})
	if err == nil && len(found) == 1 && found[0] != nil {
		e := found[0]
		out.Me.Employee = &sessionEmployee{e.ID, e.FullName, e.WorkEmail}
	}
	return out, err
}

// signIn answers POST. The body has to be JSON, which no form of another site can send.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) {
	if s.opt.Open {
		refuse(w, http.StatusBadRequest, access.CodeInvalidInput, "this server is open: there is nothing to sign in to")
		return
	}
	if !ours(r) || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		refuse(w, http.StatusForbidden, access.CodeForbidden, "sign in from a page of this server, with a body of JSON")
		return
	}
	var body struct {
		Key string `json:"key"`
	}
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&body); err != nil || strings.TrimSpace(body.Key) == "" {
		refuse(w, http.StatusBadRequest, access.CodeInvalidInput, `give {"key": "<API key>"}`)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.opt.KeyTimeout)
	defer cancel()
	in, err := s.app.Sessions.SignIn(ctx, strings.TrimSpace(body.Key))
	if err != nil {
		s.authFailed(w, r, err)
		return
	}
	note(r.Context(), in.Principal)
	if old, err := r.Cookie(cookieName(r)); err == nil && old.Value != "" {
		if err := s.app.Sessions.SignOut(ctx, old.Value); err != nil { // who signs in anew has no use for the old one
			s.log.WarnContext(ctx, "could not end a former session", "error", err)
		}
	}
	state, err := s.describeSession(ctx, in)
	if err != nil {
		s.authFailed(w, r, err)
		return
	}
	s.setCookie(w, r, in.Token)
	writeJSON(w, http.StatusOK, state)
}

// showSession answers GET.
func (s *Server) showSession(w http.ResponseWriter, r *http.Request) {
	if s.opt.Open {
		p := auth.Open()
		writeJSON(w, http.StatusOK, sessionState{Open: true, Me: &sessionMe{Kind: p.Kind, ID: p.Actor(), Name: "Open server", Roles: p.Roles}})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.opt.KeyTimeout)
	defer cancel()
	in, given, err := s.bySession(r.WithContext(ctx))
	switch {
	case given && access.CodeOf(err) == access.CodeUnauthenticated:
		s.setCookie(w, r, "")
		given = false
	case err != nil:
		s.authFailed(w, r, err)
		return
	}
	if !given {
		writeJSON(w, http.StatusOK, sessionState{})
		return
	}
	note(r.Context(), in.Principal)
	state, err := s.describeSession(ctx, in.Session)
	if err != nil {
		s.authFailed(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, state)
}

// signOut answers DELETE. A session that has ended already is no error.
func (s *Server) signOut(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), s.opt.KeyTimeout)
	defer cancel()
	in, given, err := s.bySession(r.WithContext(ctx))
	if given && err == nil {
		note(r.Context(), in.Principal)
		err = s.app.Sessions.SignOut(ctx, in.token)
	}
	if err != nil && access.CodeOf(err) != access.CodeUnauthenticated {
		s.authFailed(w, r, err)
		return
	}
	s.setCookie(w, r, "")
	w.WriteHeader(http.StatusNoContent)
}

// while ends a stream when the session that it began with does.
func (s *Server) while(ctx context.Context, cancel context.CancelFunc) {
	in, ok := sessionOf(ctx)
	if !ok {
		return
	}
	t := time.NewTicker(s.opt.Recheck)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if access.CodeOf(s.app.Sessions.Check(ctx, in.token)) == access.CodeUnauthenticated {
				cancel()
				return
			}
		}
	}
}
