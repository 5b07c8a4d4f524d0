package graph

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
)

const (
	keepAlive   = 15 * time.Second
	initTimeout = 10 * time.Second
)

// Authenticator finds out who a token, as in "Authorization: Bearer", belongs to.
type Authenticator func(ctx context.Context, token string) (auth.Principal, error)

type authenticatorKey struct{}

// WithAuthenticator lets a websocket whose handshake carried no credentials give them in
// its connection_init payload, as browsers must.
func WithAuthenticator(ctx context.Context, a Authenticator) context.Context {
	return context.WithValue(ctx, authenticatorKey{}, a)
}

// subscriptions answers requests of the streaming transports.
func (g *Graph) subscriptions(w http.ResponseWriter, r *http.Request) bool {
	// The websocket transport refuses handshakes of other origins by itself.
	for _, t := range []graphql.Transport{
		transport.Websocket{KeepAlivePingInterval: keepAlive, PingPongInterval: keepAlive, InitTimeout: initTimeout, InitFunc: initWebsocket},
		transport.SSE{KeepAlivePingInterval: keepAlive},
	} {
		if t.Supports(r) {
			if _, sse := t.(transport.SSE); sse && !g.decodable(w, r) {
				return true
			}
			t.Do(w, r.WithContext(graphql.StartOperationTrace(r.Context())), g.exec)
			return true
		}
	}
	return false
}

// decodable refuses a body that is no request. The transport would log the body as it is,
// which may hold secrets and line ends, and show an internal error.
func (g *Graph) decodable(w http.ResponseWriter, r *http.Request) bool {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = decode(bytes.NewReader(body), &graphql.RawParams{})
	}
	if err != nil {
		g.write(w, mediaJSON, http.StatusBadRequest, g.refuse(r.Context(), gqlerror.List{badBody()}))
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return true
}

func initWebsocket(ctx context.Context, payload transport.InitPayload) (context.Context, *transport.InitPayload, error) {
	if _, ok := auth.FromContext(ctx); ok {
		return ctx, nil, nil
	}
	authenticate, ok := ctx.Value(authenticatorKey{}).(Authenticator)
	scheme, token, _ := strings.Cut(payload.Authorization(), " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return ctx, nil, access.Errorf(access.CodeUnauthenticated, `give {"Authorization": "Bearer <API key>"} when the connection begins`)
	}
	p, err := authenticate(ctx, strings.TrimSpace(token))
	if err != nil {
		return ctx, nil, access.Errorf(access.CodeUnauthenticated, "the API key is wrong, expired or revoked")
	}
	return auth.WithPrincipal(ctx, p), nil, nil
}
