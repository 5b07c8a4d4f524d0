package graph

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
)

// notPersisted is the one code beside access.Code: by it clients of automatic persisted
// queries know that they must send the text.
const notPersisted = "PERSISTED_QUERY_NOT_FOUND"

// present turns any error into what a client may see: a message, the path of the field,
// and extensions.code. What is no access.Error is logged and shown as INTERNAL.
func (g *Graph) present(ctx context.Context, err error) *gqlerror.Error {
	var gqlErr *gqlerror.Error
	if !errors.As(err, &gqlErr) {
		gqlErr = gqlerror.WrapPath(graphql.GetPath(ctx), err)
	}
	out := &gqlerror.Error{Path: gqlErr.Path, Locations: gqlErr.Locations}
	var known *access.Error
	switch {
	case errors.As(err, &known) && known.Code != access.CodeInternal:
		out.Message = known.Message
		code(out, string(known.Code))
		if known.Path != "" {
			out.Message = known.Path + ": " + known.Message
			out.Extensions["argument"] = known.Path
		}
		if known.Err != nil {
			g.log.WarnContext(ctx, "request failed", "code", known.Code, "error", err, "request", audit.RequestFrom(ctx).ID)
		}
	case errors.Is(err, context.DeadlineExceeded):
		out.Message = "the request took too long"
		code(out, string(access.CodeTimeout))
	case errors.Is(err, context.Canceled):
		out.Message = "the request was cancelled"
		code(out, string(access.CodeUnavailable))
	case gqlErr.Err == nil && protocol(gqlErr):
		out.Message, out.Rule = gqlErr.Message, gqlErr.Rule
		code(out, string(access.CodeInvalidInput))
		switch {
		case gqlErr.Extensions["code"] == notPersisted:
			code(out, notPersisted)
		case strings.HasPrefix(out.Message, tokenLimit):
			code(out, string(access.CodeLimitExceeded))
		case out.Message == noOperation:
			out.Message = "the text has several operations; say which by operationName"
		}
	default:
		id := audit.RequestFrom(ctx).ID
		g.log.ErrorContext(ctx, "request failed", "error", err, "path", gqlErr.Path.String(), "request", id)
		out.Message = "an internal error; the log has it under request " + id
		code(out, string(access.CodeInternal))
	}
	return out
}

// protocol reports whether the error is about the request as GraphQL: its syntax, its
// types, its variables.
func protocol(err *gqlerror.Error) bool {
	switch err.Extensions["code"] {
	case errcode.ParseFailed, errcode.ValidationFailed, notPersisted, requestCode:
		return true
	}
	return err.Rule != "" || slices.Contains(persistedErrors, err.Message)
}

// What the libraries say without a code of their own.
const (
	tokenLimit  = "exceeded token limit"
	noOperation = "operation  not found"
)

// persistedErrors are about the extension persistedQuery of a request.
var persistedErrors = []string{
	"invalid APQ extension data", "unsupported APQ version", "provided APQ hash does not match query",
}

func code(err *gqlerror.Error, code string) {
	if err.Extensions == nil {
		err.Extensions = map[string]any{}
	}
	err.Extensions["code"] = code
}

// requestCode marks errors of this package about a request before it is one of GraphQL.
const requestCode = "REQUEST"

// refusal is an error about the request as such.
func refusal(format string, args ...any) *gqlerror.Error {
	err := gqlerror.Errorf(format, args...)
	code(err, requestCode)
	return err
}

// recovered turns a panic into an error, which present logs.
func recovered(_ context.Context, cause any) error {
	return fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
}
