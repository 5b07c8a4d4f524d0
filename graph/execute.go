package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/auth"
)

// Result is the answer to an operation.
type Result struct {
	// Body is the body of the HTTP response, without a line end.
	Body []byte
	// Errors are those in the body.
	Errors gqlerror.List
	// Refused: nothing was run, because the request itself is wrong or over a limit.
	Refused bool
}

// Codes are the codes of the errors, in order.
func (r Result) Codes() []access.Code {
	var out []access.Code
	for _, e := range r.Errors {
		c, _ := e.Extensions["code"].(string)
		out = append(out, access.Code(c))
	}
	return out
}

// Execute runs one query or mutation in this process, in the name of p. The result's body
// is exactly what POST /graphql would answer. It runs until ctx or the time limit ends.
func (g *Graph) Execute(ctx context.Context, p auth.Principal, query string, variables map[string]any, operationName string) Result {
	if audit.RequestFrom(ctx).ID == "" {
		ctx = audit.WithRequest(ctx, audit.Request{ID: newRequestID()})
	}
	ctx = auth.WithPrincipal(ctx, p)
	return g.run(ctx, &graphql.RawParams{Query: query, Variables: variables, OperationName: operationName}, true)
}

// run answers one operation; mutations says whether it may be one.
func (g *Graph) run(ctx context.Context, params *graphql.RawParams, mutations bool) Result {
	ctx = graphql.StartOperationTrace(ctx)
	now := graphql.Now()
	params.ReadTime = graphql.TraceTiming{Start: now, End: now}
	if strings.TrimSpace(params.Query) == "" && params.Extensions["persistedQuery"] == nil {
		return g.refuse(ctx, gqlerror.List{refusal("the request has no query")})
	}
	op, errs := g.exec.CreateOperationContext(ctx, params)
	if errs != nil {
		return g.refuse(graphql.WithOperationContext(ctx, op), errs)
	}
	switch {
	case op.Operation.Operation == ast.Subscription:
		return g.refuse(graphql.WithOperationContext(ctx, op), gqlerror.List{refusal("subscriptions need text/event-stream or a websocket")})
	case op.Operation.Operation == ast.Mutation && !mutations:
		return g.refuse(graphql.WithOperationContext(ctx, op), gqlerror.List{refusal("a mutation needs POST")})
	}
	respond, ctx := g.exec.DispatchOperation(ctx, op)
	resp := respond(ctx)
	if resp == nil { // the context had ended before anything ran
		err := ctx.Err()
		if err == nil {
			err = context.Canceled
		}
		resp = &graphql.Response{Errors: gqlerror.List{g.present(ctx, err)}, Data: []byte("null")}
	}
	if r, ok := ctx.Value(requestKey{}).(*request); ok && r.direct && len(resp.Errors) == 0 {
		return assembled(resp)
	}
	return result(resp, false)
}

// assembled puts together the answer of the direct executor, whose data is known to be
// JSON without errors: encoding it again would take longer than writing it did.
func assembled(resp *graphql.Response) Result {
	body := make([]byte, 0, len(resp.Data)+200)
	body = append(append(body, `{"data":`...), resp.Data...)
	if len(resp.Extensions) > 0 {
		said, err := encode(resp.Extensions)
		if err != nil {
			return result(resp, false)
		}
		body = append(append(body, `,"extensions":`...), said...)
	}
	return Result{Body: append(body, '}')}
}

func (g *Graph) refuse(ctx context.Context, errs gqlerror.List) Result {
	return result(g.exec.DispatchError(ctx, errs), true)
}

// result encodes a response as the specification wants it: without data when nothing was run.
func result(resp *graphql.Response, refused bool) Result {
	data := resp.Data
	if refused {
		data = nil
	}
	body, err := encode(struct {
		Errors     gqlerror.List   `json:"errors,omitempty"`
		Data       json.RawMessage `json:"data,omitempty"`
		Extensions map[string]any  `json:"extensions,omitempty"`
	}{resp.Errors, data, resp.Extensions})
	if err != nil { // a scalar wrote something that is no JSON
		return Result{
			Body:   []byte(`{"errors":[{"message":"the answer could not be encoded","extensions":{"code":"INTERNAL"}}],"data":null}`),
			Errors: gqlerror.List{{Message: "the answer could not be encoded: " + err.Error(), Extensions: map[string]any{"code": string(access.CodeInternal)}}},
		}
	}
	return Result{Body: body, Errors: resp.Errors, Refused: refused}
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
