package filter

import (
	"fmt"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Limits of one filter. They keep a hostile filter from becoming a hostile query.
const (
	MaxDepth  = 16     // nesting of objects, having and via included
	MaxParts  = 500    // filter objects in all
	MaxValues = 10_000 // texts in one list
	maxDays   = 36_500
)

// Validate checks what the type system cannot. path is where the filter stands in the
// input, e.g. "filter"; the first error found is returned, an *access.Error with the
// path of the bad field.
func (f *Filter) Validate(path string) error {
	parts := 0
	return f.validate(path, 1, &parts)
}

func (f *Filter) validate(path string, depth int, parts *int) error {
	if f == nil {
		return nil
	}
	if depth > MaxDepth {
		return access.Invalid(path, "nested deeper than %d levels", MaxDepth)
	}
	if *parts++; *parts > MaxParts {
		return access.Invalid(path, "more than %d filter objects", MaxParts)
	}
	for i := range f.And {
		if err := f.And[i].validate(fmt.Sprintf("%s.and[%d]", path, i), depth+1, parts); err != nil {
			return err
		}
	}
	for i := range f.Or {
		if err := f.Or[i].validate(fmt.Sprintf("%s.or[%d]", path, i), depth+1, parts); err != nil {
			return err
		}
	}
	if err := f.Not.validate(path+".not", depth+1, parts); err != nil {
		return err
	}
	if err := f.validateFields(path); err != nil {
		return err
	}
	for i := range f.Having {
		if err := f.Having[i].validate(fmt.Sprintf("%s.having[%d]", path, i), depth+1, parts); err != nil {
			return err
		}
	}
	return nil
}

func (f *Filter) validateFields(path string) error {
	for _, m := range []struct {
		name  string
		match *StringMatch
	}{
		{"name", f.Name}, {"sourceType", f.SourceType}, {"sourceId", f.SourceID}, {"application", f.Application},
		{"integration", f.Integration}, {"project", f.Project}, {"username", f.Username}, {"email", f.Email},
		{"user", f.User}, {"manager", f.Manager}, {"department", f.Department}, {"jobTitle", f.JobTitle},
		{"employmentType", f.EmploymentType}, {"insight", f.Insight}, {"label", f.Label},
		{"sourceSystem", f.SourceSystem}, {"factor", f.Factor}, {"permission", f.Permission},
	} {
		if err := m.match.Validate(path + "." + m.name); err != nil {
			return err
		}
	}
	for _, d := range []struct {
		name string
		days *int
	}{{"inactiveForDays", f.InactiveForDays}, {"passwordOlderThanDays", f.PasswordOlderThanDays}} {
		if d.days != nil && (*d.days < 0 || *d.days > maxDays) {
			return access.Invalid(path+"."+d.name, "must be between 0 and %d", maxDays)
		}
	}
	if len(f.IDs) > MaxValues {
		return access.Invalid(path+".ids", "more than %d values", MaxValues)
	}
	return firstErr(
		oneOf(path+".type", f.Type, access.EntityTypes),
		oneOf(path+".status", f.Status, access.Statuses),
		oneOf(path+".identityType", f.IdentityType, access.IdentityTypes),
		oneOf(path+".mfaEnabled", f.MfaEnabled, access.Tristates),
		oneOf(path+".employeeState", f.EmployeeState, access.EmployeeStates),
		oneOf(path+".factorStrength", f.FactorStrength, access.FactorStrengths),
		oneOf(path+".superAdmin", f.SuperAdmin, access.Tristates),
		oneOf(path+".administrative", f.Administrative, access.Tristates),
		oneOf(path+".external", f.External, access.Tristates),
		oneOf(path+".serviceAccount", f.ServiceAccount, access.Tristates),
	)
}

func (h *Having) validate(path string, depth int, parts *int) error {
	if err := firstErr(
		oneOf(path+".direction", []Direction{h.Direction}, []Direction{"", HasAccessTo, AccessibleBy}),
		oneOf(path+".reach", []Reach{h.Reach}, []Reach{"", Direct, Effective}),
		h.Permission.Validate(path+".permission"),
	); err != nil {
		return err
	}
	if h.AtLeast != nil && *h.AtLeast < 1 {
		return access.Invalid(path+".atLeast", "must be 1 or more")
	}
	if h.None && h.AtLeast != nil && *h.AtLeast != 1 {
		return access.Invalid(path+".atLeast", "cannot be combined with none")
	}
	if h.Via != nil && h.Reach == Direct {
		return access.Invalid(path+".via", "a direct grant has nothing in between")
	}
	if err := h.Entity.validate(path+".entity", depth+1, parts); err != nil {
		return err
	}
	return h.Via.validate(path+".via", depth+1, parts)
}

// Validate checks the size of the lists.
func (m *StringMatch) Validate(path string) error {
	if m != nil && len(m.In) > MaxValues {
		return access.Invalid(path+".in", "more than %d values", MaxValues)
	}
	return nil
}

func oneOf[T ~string](path string, values, allowed []T) error {
next:
	for i, v := range values {
		for _, a := range allowed {
			if a == v {
				continue next
			}
		}
		return access.Invalid(fmt.Sprintf("%s[%d]", path, i), "%q is not one of %v", string(v), allowed)
	}
	return nil
}

func firstErr(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
