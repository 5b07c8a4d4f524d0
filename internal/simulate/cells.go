package simulate

import (
	"strings"
	"time"
)

// Columns are those of Cells.
var Columns = []string{"Change", "Identity", "Target", "Permissions Gained", "Permissions Lost", "Because", "Identity ID", "Target ID"}

// Cells are the row as texts. Because names the causes, with their moments where these
// are known.
func (r *Row) Cells() []string {
	because := make([]string, len(r.Causes))
	for i, c := range r.Causes {
		because[i] = c.text()
	}
	return []string{
		strings.ToLower(string(r.Kind)), r.Identity.text(), r.Target.text(), joined(r.Gained), joined(r.Lost),
		strings.Join(because, "; "), r.Identity.ID, r.Target.ID,
	}
}

func (e *End) text() string {
	if e.Integration.Name == "" {
		return e.Name
	}
	return e.Name + " (" + e.Integration.Name + ")"
}

func (c *RowCause) text() string {
	what := " removed"
	if c.Gained {
		what = " added"
	}
	text := c.Source.Name + " -> " + c.Target.Name + " [" + joined([]Permission{{c.Permission, c.Value}}) + "]" + what
	if c.At != nil {
		text += " " + c.At.UTC().Format(time.RFC3339)
	}
	return text
}

func joined(list []Permission) string {
	texts := make([]string, len(list))
	for i, p := range list {
		texts[i] = p.Name
		if p.Value != "true" {
			texts[i] += "=" + p.Value
		}
	}
	return strings.Join(texts, "; ")
}
