package server

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
)

// guardOpen protects a server without keys from other people's web pages in the browser
// of whoever runs it. A page of a name that resolves to 127.0.0.1 (DNS rebinding) shows
// itself in Host, a page of another origin (cross-site requests) in Origin or Sec-Fetch-Site.
func (s *Server) guardOpen(next http.Handler) http.Handler {
	if !s.opt.Open {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !loopbackHost(r.Host):
			refuse(w, http.StatusMisdirectedRequest, access.CodeForbidden, "an open server answers to localhost only; give it API keys to use another name")
		case !sameOrigin(r):
			refuse(w, http.StatusForbidden, access.CodeForbidden, "an open server answers no page of another origin")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func sameOrigin(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		// A link to a page may be followed from anywhere; data may not be asked for.
		if r.Header.Get("Sec-Fetch-Mode") != "navigate" || strings.HasPrefix(r.URL.Path, "/graphql") {
			return false
		}
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && strings.EqualFold(u.Host, r.Host)
}

// loopbackHost reports whether a host, with or without a port, is this machine for
// nobody but itself.
func loopbackHost(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

func loopbackAddr(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}
