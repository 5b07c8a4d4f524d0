package access

import (
	"errors"
	"fmt"
)

// Code classifies an error for whoever has to act on it. The codes are part of the API.
type Code string

// The error codes.
const (
	CodeUnauthenticated Code = "UNAUTHENTICATED"
	CodeForbidden       Code = "FORBIDDEN"
	CodeNotFound        Code = "NOT_FOUND"
	CodeInvalidInput    Code = "INVALID_INPUT"
	CodeConflict        Code = "CONFLICT"
	CodeLimitExceeded   Code = "LIMIT_EXCEEDED"
	CodeUnavailable     Code = "UNAVAILABLE"
	CodeTimeout         Code = "TIMEOUT"
	CodeInternal        Code = "INTERNAL"
)

// Error is an error whose message may be shown to the user. Err, when set, is the
// cause: it is for the log and is not shown.
type Error struct {
	Code    Code
	Path    string // the offending part of the input, e.g. "filter.having[0].atLeast"; may be empty
	Message string
	Err     error
}

// Errorf makes an Error.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Invalid makes a CodeInvalidInput error located at path.
func Invalid(path, format string, args ...any) *Error {
	return &Error{Code: CodeInvalidInput, Path: path, Message: fmt.Sprintf(format, args...)}
}

// Error implements error; it includes the cause, for logs.
func (e *Error) Error() string {
	s := e.Message
	if e.Path != "" {
		s = e.Path + ": " + s
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf is the code of the first Error in err's chain, CodeInternal when there is none,
// and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}
