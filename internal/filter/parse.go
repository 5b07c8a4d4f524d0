package filter

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Parse reads a filter from JSON in the form of the API's EntityFilter and validates it.
// Unknown fields, trailing data and wrong types are INVALID_INPUT errors with the path of
// the field as far as the decoder knows it; path is where the filter stands.
func Parse(data []byte, path string) (*Filter, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var f Filter
	if err := dec.Decode(&f); err != nil {
		return nil, decodeError(err, path)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, access.Invalid(path, "there is text after the end of the filter")
	}
	if err := f.Validate(path); err != nil {
		return nil, err
	}
	return &f, nil
}

func decodeError(err error, path string) error {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		at := path
		if wrongType.Field != "" {
			at += "." + wrongType.Field
		}
		return access.Invalid(at, "a %s cannot be read as %s", wrongType.Value, wrongType.Type)
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return access.Invalid(path, "no JSON at byte %d: %s", syntax.Offset, syntax.Error())
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return access.Invalid(path, "there is no filter field %s", name)
	}
	return access.Invalid(path, "not a filter: %s", err.Error())
}
