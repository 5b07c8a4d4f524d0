package simulate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// fileChange is a change as files say it: the input of GraphQL's simulate, where an
// entity may also be meant by its name, username, e-mail address or source id.
type fileChange struct {
	AddGrant    *fileGrant `yaml:"addGrant"`
	RemoveGrant *fileGrant `yaml:"removeGrant"`
	Suspend     string     `yaml:"suspend"`
	Delete      string     `yaml:"delete"`
}

type fileGrant struct {
	Source     string  `yaml:"source"`
	Target     string  `yaml:"target"`
	Permission *string `yaml:"permission"`
	Value      *string `yaml:"value"`
	Scope      *string `yaml:"scope"`
}

// maxFile bounds a file of changes.
const maxFile = 10 << 20

// ReadChanges reads a list of changes, as YAML or JSON.
func ReadChanges(r io.Reader) ([]query.Change, error) {
	dec := yaml.NewDecoder(io.LimitReader(r, maxFile))
	dec.KnownFields(true)
	var list []fileChange
	if err := dec.Decode(&list); err != nil && !errors.Is(err, io.EOF) {
		return nil, access.Invalid("changes", "not a list of changes: %v", err)
	}
	out := make([]query.Change, len(list))
	for i, c := range list {
		out[i] = query.Change{Suspend: c.Suspend, Delete: c.Delete}
		if g := c.AddGrant; g != nil {
			out[i].AddGrant = &query.NewGrant{Source: g.Source, Target: g.Target, Permission: text(g.Permission), Value: text(g.Value), Scope: text(g.Scope)}
		}
		if g := c.RemoveGrant; g != nil {
			if g.Value != nil {
				return nil, access.Invalid(fmt.Sprintf("changes[%d].removeGrant.value", i), "grants are told apart by permission and scope")
			}
			out[i].RemoveGrant = &query.GrantMatch{Source: g.Source, Target: g.Target, Permission: g.Permission, Scope: g.Scope}
		}
	}
	return out, check(out)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// ParseAdd reads a grant to add: SOURCE -> TARGET, and after it in brackets a permission
// and =value where they are not the default ones.
func ParseAdd(s string) (query.Change, error) {
	source, target, inside, err := arrow(s)
	if err != nil {
		return query.Change{}, err
	}
	permission, value, _ := strings.Cut(inside, "=")
	return query.Change{AddGrant: &query.NewGrant{Source: source, Target: target, Permission: permission, Value: value}}, nil
}

// ParseRemove reads grants to remove: SOURCE -> TARGET, and after it in brackets a
// permission where not all are meant.
func ParseRemove(s string) (query.Change, error) {
	source, target, inside, err := arrow(s)
	if err != nil {
		return query.Change{}, err
	}
	m := &query.GrantMatch{Source: source, Target: target}
	if inside != "" {
		m.Permission = &inside
	}
	return query.Change{RemoveGrant: m}, nil
}

func arrow(s string) (source, target, inside string, err error) {
	source, target, ok := strings.Cut(s, " -> ")
	if rest, bracket := strings.CutSuffix(strings.TrimSpace(target), "]"); bracket {
		if at := strings.LastIndex(rest, " ["); at >= 0 {
			target, inside = rest[:at], rest[at+2:]
		}
	}
	source, target = strings.TrimSpace(source), strings.TrimSpace(target)
	if !ok || source == "" || target == "" {
		return "", "", "", access.Invalid("", "%q is not SOURCE -> TARGET or SOURCE -> TARGET [permission]", s)
	}
	return source, target, strings.TrimSpace(inside), nil
}

var entityID = regexp.MustCompile(`^e_[a-z2-7]{26}$`)

// ResolveAll turns what the changes say of entities into ids.
func ResolveAll(ctx context.Context, src Source, changes []query.Change) error {
	known := map[string]string{}
	for i := range changes {
		c := &changes[i]
		path := fmt.Sprintf("changes[%d].", i)
		refs := map[string]*string{"suspend": &c.Suspend, "delete": &c.Delete}
		if g := c.AddGrant; g != nil {
			refs["addGrant.source"], refs["addGrant.target"] = &g.Source, &g.Target
		}
		if g := c.RemoveGrant; g != nil {
			refs["removeGrant.source"], refs["removeGrant.target"] = &g.Source, &g.Target
		}
		for _, field := range []string{"suspend", "delete", "addGrant.source", "addGrant.target", "removeGrant.source", "removeGrant.target"} {
			ref := refs[field]
			if ref == nil || *ref == "" || entityID.MatchString(*ref) {
				continue
			}
			id, ok := known[*ref]
			if !ok {
				var err error
				if id, err = src.Resolve(ctx, path+field, access.Clean(*ref)); err != nil {
					return err
				}
				known[*ref] = id
			}
			*ref = id
		}
	}
	return nil
}
