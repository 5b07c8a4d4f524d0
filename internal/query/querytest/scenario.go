package querytest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// Scenario is a small graph with questions and their answers, written for people. See
// scenarios/README.md for the form.
type Scenario struct {
	Title     string             `yaml:"scenario"`
	About     string             `yaml:"about"`
	Today     string             `yaml:"today"` // a date; noon UTC of it is now
	People    []ScenarioPerson   `yaml:"people"`
	Entities  yaml.Node          `yaml:"entities"` // name → kind, or name → details
	Grants    []yaml.Node        `yaml:"grants"`
	Questions []ScenarioQuestion `yaml:"questions"`
	World     *World             `yaml:"-"`
	Now       time.Time          `yaml:"-"`
	names     map[string]string  // id → name as the scenario writes it
	byName    map[string]string  // name → id
	kinds     map[string]access.EntityType
}

// ScenarioPerson is an employee.
type ScenarioPerson struct {
	Email, Name, Department, Title, Manager, Employment, Starts, Ends string
}

type scenarioEntity struct {
	Is          string
	Name        string // when it differs from the key
	SourceType  string `yaml:"source type"`
	Integration string
	Project     string
	Status      string
	MFA         string
	User        string // IS
	Owner       string // OWNS
	LastLogin   string `yaml:"last login"`
	LastActive  string `yaml:"last active"`
	Password    string `yaml:"password changed"`
	Email       string
	Username    string
	Factors     []string
	Labels      []string
	Insights    []string
	Flags       []string // super admin, administrative, external, service account
	Removed     bool
}

// ScenarioQuestion is one question; exactly one of the asking fields is set.
type ScenarioQuestion struct {
	List      yaml.Node `yaml:"list"`
	Search    *string   `yaml:"search"`
	ReachOf   string    `yaml:"reach of"`
	ReachedBy string    `yaml:"reached by"`
	Paths     string    `yaml:"paths"` // "a -> b"
	CountBy   string    `yaml:"count by"`
	Cycles    *string   `yaml:"cycles of"`

	Where      yaml.Node `yaml:"where"` // a filter on the others, or on what is counted
	Permission yaml.Node `yaml:"permission"`
	Directly   bool      `yaml:"directly"`
	Through    string    `yaml:"through"` // "identities"
	Deepest    int       `yaml:"deepest"`
	AtMost     int       `yaml:"at most"`

	Answer    yaml.Node `yaml:"answer"`
	Truncated bool      `yaml:"truncated"`
}

// LoadScenario reads and checks one file; errors say what is wrong and where.
func LoadScenario(path string) (*Scenario, error) {
	raw, err := os.ReadFile(path) //nolint:gosec // test data
	if err != nil {
		return nil, err
	}
	s := &Scenario{names: map[string]string{}, byName: map[string]string{}, kinds: map[string]access.EntityType{}, World: &World{}}
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(s); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if s.Title == "" || len(s.Questions) == 0 {
		return nil, fmt.Errorf("%s: a scenario needs a title and questions", path)
	}
	s.Now = Now
	if s.Today != "" {
		day, err := time.Parse(time.DateOnly, s.Today)
		if err != nil {
			return nil, fmt.Errorf("%s: today: %w", path, err)
		}
		s.Now = day.Add(12 * time.Hour)
	}
	for _, build := range []func() error{s.people, s.entities, s.grants} {
		if err := build(); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return s, nil
}

func (s *Scenario) people() error {
	for _, p := range s.People {
		e := access.Employee{
			ID: access.EmployeeID(p.Email), WorkEmail: p.Email, FullName: p.Name, Department: p.Department, Title: p.Title,
			ManagerEmail: p.Manager, EmploymentType: p.Employment, Roles: []access.ProductRole{access.Reviewer},
			StartDate: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
		}
		var err error
		if p.Starts != "" {
			if e.StartDate, err = time.Parse(time.DateOnly, p.Starts); err != nil {
				return err
			}
		}
		if p.Ends != "" {
			if e.EndDate, err = time.Parse(time.DateOnly, p.Ends); err != nil {
				return err
			}
		}
		s.World.Employees = append(s.World.Employees, e)
	}
	return nil
}

var scenarioStart = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

func (s *Scenario) entities() error {
	for i := 0; i+1 < len(s.Entities.Content); i += 2 {
		key, value := s.Entities.Content[i].Value, s.Entities.Content[i+1]
		var d scenarioEntity
		if value.Kind == yaml.ScalarNode {
			d.Is = value.Value
		} else if err := value.Decode(&d); err != nil {
			return fmt.Errorf("entity %s: %w", key, err)
		}
		if err := s.entity(key, d); err != nil {
			return fmt.Errorf("entity %s: %w", key, err)
		}
	}
	return nil
}

func (s *Scenario) entity(key string, d scenarioEntity) error {
	kind, ok := access.ParseEntityType(d.Is)
	if !ok {
		return fmt.Errorf("is: %q is no entity type", d.Is)
	}
	if d.Integration == "" {
		d.Integration = "Test"
	}
	s.integration(d.Integration)
	e := access.Entity{
		Integration: d.Integration, Project: d.Project, Type: kind, SourceID: key, SourceType: orText(d.SourceType, strings.ToLower(d.Is)),
		Name: access.Clean(orText(d.Name, key)), Status: access.Status(strings.ToUpper(orText(d.Status, "unknown"))), Email: d.Email, Username: d.Username,
		MFA: access.Tristate(strings.ToUpper(orText(d.MFA, "unknown"))), Factors: d.Factors, Labels: d.Labels, FirstSeen: scenarioStart,
		ServiceAccount: access.Unknown,
	}
	e.ID = e.Key().ID()
	for _, t := range []struct {
		text string
		into *time.Time
	}{{d.LastLogin, &e.LastLogin}, {d.LastActive, &e.LatestActivity}, {d.Password, &e.LastPasswordChanged}} {
		if t.text != "" {
			at, err := time.Parse(time.DateOnly, t.text)
			if err != nil {
				return err
			}
			*t.into = at
		}
	}
	for _, f := range d.Flags {
		into := map[string]*access.Tristate{"super admin": &e.SuperAdmin, "administrative": &e.Administrative, "external": &e.External, "service account": &e.ServiceAccount}[f]
		if into == nil {
			return fmt.Errorf("flags: %q is unknown", f)
		}
		*into = access.True
	}
	for _, name := range d.Insights {
		e.Insights = append(e.Insights, access.Insight{Name: name, Since: scenarioStart})
	}
	for email, relation := range map[string]access.MappingRelation{d.User: access.IS, d.Owner: access.OWNS} {
		if email != "" {
			e.Mapping = &access.MappingRef{EmployeeID: access.EmployeeID(email), Relation: relation, Origin: access.ManualMapping, At: scenarioStart}
		}
	}
	if d.Removed {
		e.RemovedAt = scenarioStart.AddDate(0, 1, 0)
	}
	s.names[e.ID], s.byName[key], s.kinds[key] = key, e.ID, kind
	s.World.Entities = append(s.World.Entities, e)
	return nil
}

func (s *Scenario) integration(name string) {
	for _, i := range s.World.Integrations {
		if i.Key == name {
			return
		}
	}
	app := name + " app"
	s.World.Applications = append(s.World.Applications, access.Application{ID: access.ApplicationID(app), Name: app})
	s.World.Integrations = append(s.World.Integrations, access.Integration{
		ID: access.IntegrationID(name), Key: name, Name: name, Application: app, Extraction: access.FileUpload,
		Status: access.IntegrationConnected, CreatedAt: scenarioStart, LastSync: scenarioStart,
	})
}

var endedMark = regexp.MustCompile(`\s*\(ended\)$`)

// grants: "a -> b", or "a -> b: read, admin=false", "(ended)" after the target.
func (s *Scenario) grants() error {
	for i := range s.Grants {
		n := &s.Grants[i]
		text, list, _ := strings.Cut(n.Value, ": ")
		ended := endedMark.MatchString(text)
		from, to, ok := strings.Cut(endedMark.ReplaceAllString(text, ""), " -> ")
		if !ok || s.byName[from] == "" || s.byName[to] == "" {
			return fmt.Errorf("line %d: grant %q is not between two entities", n.Line, text)
		}
		if list == "" {
			list = access.DefaultPermission(s.kinds[to])
		}
		for _, p := range strings.Split(list, ",") {
			name, value, has := strings.Cut(strings.TrimSpace(p), "=")
			if !has {
				value = "true"
			}
			g := access.Grant{Source: s.byName[from], Target: s.byName[to], Permission: name, Value: value, Counts: access.ValueCounts(value), From: scenarioStart}
			if ended {
				g.To = scenarioStart.AddDate(0, 1, 0)
			}
			s.World.Grants = append(s.World.Grants, g)
		}
	}
	return nil
}

func orText(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// asFilter reads a filter written in YAML through the JSON form that the API takes.
func asFilter(n *yaml.Node) (*filter.Filter, error) {
	if n.IsZero() {
		return nil, nil
	}
	var f filter.Filter
	if err := viaJSON(n, &f); err != nil {
		return nil, err
	}
	return &f, f.Validate("filter")
}

func viaJSON(n *yaml.Node, into any) error {
	var v any
	if err := n.Decode(&v); err != nil {
		return err
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}
