package neo4j

import (
	"context"
	"errors"
	"net"
	"strings"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Codes of server errors that a person can act on.
const (
	codeUnauthorized = "Neo.ClientError.Security.Unauthorized"
	codeRateLimit    = "Neo.ClientError.Security.AuthenticationRateLimit"
	codeExpired      = "Neo.ClientError.Security.CredentialsExpired"
	codeForbidden    = "Neo.ClientError.Security.Forbidden"
	codeNoDatabase   = "Neo.ClientError.Database.DatabaseNotFound"
	codeDBDown       = "Neo.TransientError.Database.DatabaseUnavailable"
	codeReadOnly     = "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase"
	codeTxMemory     = "Neo.TransientError.General.MemoryPoolOutOfMemoryError"
	codeOutOfMemory  = "Neo.TransientError.General.OutOfMemoryError"
	codeConstraint   = "Neo.ClientError.Schema.ConstraintValidationFailed"
	codeTxTimeout    = "Neo.ClientError.Transaction.TransactionTimedOut"
)

// explain turns an error of the driver or the server into one that says what to do.
// Errors that carry an *access.Error stay as they are.
func (s *Store) explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	var known *access.Error
	if errors.As(err, &known) {
		return err
	}
	if ctx.Err() == nil || errors.Is(ctx.Err(), context.DeadlineExceeded) {
		if refusedEveryTime(err) { // the time went by with trying again
			return unavailable(err, "cannot reach Neo4j at %s: is it running, and is the address right?", s.config.URI)
		}
	}
	if ctxErr := ctx.Err(); ctxErr != nil {
		return contextError(ctxErr, err)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return contextError(err, err)
	}
	if limit := (*driver.TransactionExecutionLimit)(nil); errors.As(err, &limit) && len(limit.Errors) > 0 {
		err = limit.Errors[len(limit.Errors)-1]
	}
	var server *driver.Neo4jError
	if errors.As(err, &server) {
		return s.explainServer(server)
	}
	if expired := (*driver.TokenExpiredError)(nil); errors.As(err, &expired) {
		return unavailable(err, "Neo4j at %s: wrong user name or password", s.config.URI)
	}
	var lost *driver.ConnectivityError
	if errors.As(err, &lost) || driver.IsConnectivityError(err) {
		return unavailable(err, "cannot reach Neo4j at %s: is it running, and is the address right?", s.config.URI)
	}
	return &access.Error{Code: access.CodeInternal, Message: "the Neo4j store failed", Err: err}
}

// refusedEveryTime reports whether the last attempt of a transaction did not even get a
// connection, for a reason other than the time.
func refusedEveryTime(err error) bool {
	limit := (*driver.TransactionExecutionLimit)(nil)
	if !errors.As(err, &limit) || len(limit.Errors) == 0 {
		return false
	}
	var lost *driver.ConnectivityError
	var dial *net.OpError
	return errors.As(limit.Errors[len(limit.Errors)-1], &lost) && errors.As(lost.Inner, &dial) && dial.Op == "dial" && !dial.Timeout()
}

func (s *Store) explainServer(err *driver.Neo4jError) error {
	switch err.Code {
	case codeUnauthorized:
		return unavailable(err, "Neo4j at %s: wrong user name or password", s.config.URI)
	case codeRateLimit:
		return unavailable(err, "Neo4j at %s refuses logins for some seconds after several with a wrong user name or password", s.config.URI)
	case codeExpired:
		return unavailable(err, "Neo4j at %s: the initial password must be changed first", s.config.URI)
	case codeForbidden, codeReadOnly:
		return unavailable(err, "Neo4j at %s: the user %q may not do this: %s", s.config.URI, s.config.Username, err.Msg)
	case codeNoDatabase:
		return unavailable(err, "Neo4j at %s has no database %q: create it, or choose another with --neo4j-database", s.config.URI, s.config.Database)
	case codeDBDown:
		return unavailable(err, "the Neo4j database %q is not running", s.config.Database)
	case codeTxMemory, codeOutOfMemory:
		return unavailable(err, "Neo4j at %s has too little memory for this: raise its heap", s.config.URI)
	case codeTxTimeout:
		return &access.Error{Code: access.CodeTimeout, Message: "Neo4j ended the transaction because it took too long", Err: err}
	}
	if strings.HasPrefix(err.Code, "Neo.TransientError.") {
		return unavailable(err, "Neo4j at %s cannot do this just now", s.config.URI)
	}
	return &access.Error{Code: access.CodeInternal, Message: "the Neo4j store failed", Err: err}
}

func unavailable(cause error, format string, args ...any) *access.Error {
	e := access.Errorf(access.CodeUnavailable, format, args...)
	e.Err = cause
	return e
}

func contextError(kind, cause error) error {
	message := "it was cancelled"
	if errors.Is(kind, context.DeadlineExceeded) {
		message = "it took too long"
	}
	return &access.Error{Code: access.CodeTimeout, Message: message, Err: errors.Join(kind, cause)}
}

// serverCode is the Neo4j code of err, or "".
func serverCode(err error) string {
	var server *driver.Neo4jError
	if errors.As(err, &server) {
		return server.Code
	}
	return ""
}
