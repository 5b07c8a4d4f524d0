// Package cli holds what commands on a terminal have in common: exit codes and errors
// that a person can act on, progress, tables, files that are whole or absent, and the
// client of a running server.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
)

// The exit codes.
const (
	OK         = 0
	Failed     = 1 // the work failed
	WrongUse   = 2 // flags or arguments
	Rejected   = 3 // the input was rejected, nothing was written
	Violations = 4 // check found violations
)

// UsageError is an error of whoever typed the command.
type UsageError struct{ Err error }

// Usage makes a UsageError.
func Usage(format string, args ...any) error { return &UsageError{fmt.Errorf(format, args...)} }

// Error implements error.
func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *UsageError) Unwrap() error { return e.Err }

// ShownError ends a command with a code when everything has been said already.
type ShownError struct{ Code int }

// Error implements error.
func (e *ShownError) Error() string { return fmt.Sprintf("exit %d", e.Code) }

// ExitCode is the exit code of a command that ended with err.
func ExitCode(err error) int {
	var shown *ShownError
	var usage *UsageError
	switch {
	case err == nil:
		return OK
	case errors.As(err, &shown):
		return shown.Code
	case errors.As(err, &usage):
		return WrongUse
	case errors.Is(err, ingest.ErrRejected), errors.Is(err, ingest.ErrConfirmRemovals):
		return Rejected
	case access.CodeOf(err) == access.CodeInvalidInput:
		return WrongUse
	}
	return Failed
}

// problem is an error as it is shown.
type problem struct {
	Code    string `json:"code"`
	Path    string `json:"path,omitempty"`
	Message string `json:"message"`
}

func describe(err error, causes bool) problem {
	var e *access.Error
	var usage *UsageError
	switch {
	case errors.As(err, &e):
		p := problem{Code: string(e.Code), Path: e.Path, Message: e.Message}
		if e.Err != nil && (causes || e.Code == access.CodeInternal) {
			p.Message += ": " + e.Err.Error()
		}
		return p
	case errors.As(err, &usage):
		return problem{Code: "USAGE", Message: usage.Error()}
	case errors.Is(err, context.Canceled):
		return problem{Code: "CANCELLED", Message: "interrupted"}
	}
	return problem{Code: string(access.CodeInternal), Message: err.Error()}
}

// ShowError prints err to w, as one JSON object when asked, and returns the exit code.
// Causes adds what is meant for the log.
func ShowError(w io.Writer, err error, asJSON, causes bool) int {
	var shown *ShownError
	if err == nil || errors.As(err, &shown) {
		return ExitCode(err)
	}
	p := describe(err, causes)
	if asJSON {
		_ = json.NewEncoder(w).Encode(map[string]problem{"error": p}) // stderr is all there is to complain to
		return ExitCode(err)
	}
	text := p.Message
	if p.Path != "" {
		text = p.Path + ": " + text
	}
	for i, line := range strings.Split(text, "\n") {
		if i == 0 {
			line = "Error: " + line
		}
		fmt.Fprintln(w, printable(line))
	}
	return ExitCode(err)
}
