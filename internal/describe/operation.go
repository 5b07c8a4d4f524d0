package describe

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// enums are the fields of filters whose values GraphQL writes without quotes.
var enums = map[string]bool{
	"type": true, "status": true, "identityType": true, "mfaEnabled": true, "employeeState": true, "factorStrength": true,
	"superAdmin": true, "administrative": true, "external": true, "serviceAccount": true, "direction": true, "reach": true,
}

// Operation is a GraphQL query that lists the first entities that pass, with the filter in it,
// ready to be run.
func Operation(f *filter.Filter, search string) string {
	var args []string
	if raw, err := json.Marshal(f); err == nil && f != nil && string(raw) != "{}" {
		args = append(args, "filter: "+literal(raw, "  "))
	}
	if search = access.Clean(search); search != "" {
		args = append(args, "search: "+quote(search))
	}
	args = append(args, "first: "+strconv.Itoa(Limit))
	return "{\n  entities(" + strings.Join(args, ", ") + ") {\n    totalCount\n    edges {\n      node { id name type sourceType status integration { name } }\n    }\n    pageInfo { hasNextPage endCursor }\n  }\n}\n"
}

// literal writes JSON as a GraphQL value, in the order of its fields.
func literal(raw []byte, indent string) string {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	w := writer{dec: dec}
	w.value(indent, false)
	return w.out.String()
}

type writer struct {
	dec *json.Decoder
	out strings.Builder
}

// value writes the next value; enum says that texts are names. What comes in has been
// made by Marshal, so that reading it cannot fail.
func (w *writer) value(indent string, enum bool) {
	token, _ := w.dec.Token()
	switch v := token.(type) {
	case json.Delim:
		if v == '[' {
			w.list(indent, enum)
			return
		}
		w.object(indent)
	case string:
		if enum {
			w.out.WriteString(v)
			return
		}
		w.out.WriteString(quote(v))
	case json.Number:
		w.out.WriteString(v.String())
	case bool:
		w.out.WriteString(strconv.FormatBool(v))
	default:
		w.out.WriteString("null")
	}
}

func (w *writer) list(indent string, enum bool) {
	w.out.WriteByte('[')
	for n := 0; w.dec.More(); n++ {
		if n > 0 {
			w.out.WriteString(", ")
		}
		w.value(indent, enum)
	}
	_, _ = w.dec.Token()
	w.out.WriteByte(']')
}

func (w *writer) object(indent string) {
	inner := indent + "  "
	w.out.WriteByte('{')
	fields := 0
	for ; w.dec.More(); fields++ {
		name, _ := w.dec.Token()
		field, _ := name.(string)
		w.out.WriteString("\n" + inner + field + ": ")
		w.value(inner, enums[field])
	}
	_, _ = w.dec.Token()
	if fields > 0 {
		w.out.WriteString("\n" + indent)
	}
	w.out.WriteByte('}')
}

// quote writes a text as GraphQL does, whose escapes are JSON's.
func quote(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string cannot fail
	return strings.TrimSuffix(b.String(), "\n")
}
