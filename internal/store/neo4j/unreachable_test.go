package neo4j

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
)

// A server that is down is tried again until the time is over; that is not a question
// that took too long.
func TestAnUnreachableServerIsNotSlow(t *testing.T) {
	s := &Store{config: Config{URI: "bolt://127.0.0.1:1"}}
	over, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	<-over.Done()
	gone, leave := context.WithCancel(t.Context())
	leave()
	after := func(last error) error {
		return errors.Join(context.DeadlineExceeded, &driver.TransactionExecutionLimit{Cause: "over", Errors: []error{last}})
	}
	refused := after(&driver.ConnectivityError{Inner: &net.OpError{Op: "dial", Err: errors.New("connection refused")}})
	require.Equal(t, access.CodeUnavailable, access.CodeOf(s.explain(over, refused)))
	require.Equal(t, access.CodeTimeout, access.CodeOf(s.explain(gone, refused)), "nobody waits for the answer")
	slow := after(&driver.ConnectivityError{Inner: &net.OpError{Op: "read", Err: context.DeadlineExceeded}})
	require.Equal(t, access.CodeTimeout, access.CodeOf(s.explain(over, slow)))
	require.Equal(t, access.CodeTimeout, access.CodeOf(s.explain(over, context.DeadlineExceeded)))
}
