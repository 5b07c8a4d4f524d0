package model

import (
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Employee is a person among those that were read together.
type Employee struct {
	*access.Employee
	Now   time.Time // in the configured zone
	Batch *EmployeeBatch
}

// EmployeeBatch is the people of one answer.
type EmployeeBatch struct{ Employees []*access.Employee }

// IDs returns the ids of the batch.
func (b *EmployeeBatch) IDs() []string {
	ids := make([]string, len(b.Employees))
	for i, e := range b.Employees {
		ids[i] = e.ID
	}
	return ids
}

// ManagerIDs returns the ids of the managers of the batch.
func (b *EmployeeBatch) ManagerIDs() []string {
	var ids []string
	for _, e := range b.Employees {
		if e.ManagerEmail != "" {
			ids = append(ids, access.EmployeeID(e.ManagerEmail))
		}
	}
	return ids
}

// Employees wraps what was read together; nil stays nil.
func Employees(list []*access.Employee, now time.Time) []*Employee {
	batch := &EmployeeBatch{}
	out := make([]*Employee, len(list))
	for i, e := range list {
		if e != nil {
			batch.Employees = append(batch.Employees, e)
			out[i] = &Employee{Employee: e, Now: now, Batch: batch}
		}
	}
	return out
}

// FullName is the work e-mail when the name is unknown.
func (e *Employee) FullName() string {
	if e.Employee.FullName == "" {
		return e.WorkEmail
	}
	return e.Employee.FullName
}

// State is as of today.
func (e *Employee) State() access.EmployeeState { return e.Employee.State(e.Now) }

// FirstName is null when unknown.
func (e *Employee) FirstName() *string { return optional(e.Employee.FirstName) }

// LastName is null when unknown.
func (e *Employee) LastName() *string { return optional(e.Employee.LastName) }

// UserID is null when unknown.
func (e *Employee) UserID() *string { return optional(e.Employee.UserID) }

// SourceUserID is null when unknown.
func (e *Employee) SourceUserID() *string { return optional(e.Employee.SourceUserID) }

// Department is null when unknown.
func (e *Employee) Department() *string { return optional(e.Employee.Department) }

// Title is null when unknown.
func (e *Employee) Title() *string { return optional(e.Employee.Title) }

// EmploymentType is null when unknown.
func (e *Employee) EmploymentType() *string { return optional(e.Employee.EmploymentType) }

// Organization is null when unknown.
func (e *Employee) Organization() *string { return optional(e.Employee.Organization) }

// ManagerName is null when unknown.
func (e *Employee) ManagerName() *string { return optional(e.Employee.Manager) }

// ManagerEmail is null when unknown.
func (e *Employee) ManagerEmail() *string { return optional(e.Employee.ManagerEmail) }

// Roles is never nil.
func (e *Employee) Roles() []access.ProductRole {
	return append([]access.ProductRole{}, e.Employee.Roles...)
}

// Metadata is what the source says besides.
func (e *Employee) Metadata() JSON { return JSONText(e.Employee.Metadata) }

// Application is a product.
type Application struct{ access.Application }

// Integration is an integration among those that were read together.
type Integration struct {
	*access.Integration
	Batch *IntegrationBatch
}

// IntegrationBatch is the integrations of one answer.
type IntegrationBatch struct{ Integrations []*access.Integration }

// Integrations wraps what was read together; nil stays nil.
func Integrations(list []*access.Integration) []*Integration {
	batch := &IntegrationBatch{}
	out := make([]*Integration, len(list))
	for i, in := range list {
		if in != nil {
			batch.Integrations = append(batch.Integrations, in)
			out[i] = &Integration{Integration: in, Batch: batch}
		}
	}
	return out
}

// Application is the product that it is an instance of.
func (i *Integration) Application() *Application {
	return &Application{access.Application{ID: access.ApplicationID(i.Integration.Application), Name: i.Integration.Application}}
}

// Description is null when there is none.
func (i *Integration) Description() *string { return optional(i.Integration.Description) }

// Extraction is null while it is not chosen.
func (i *Integration) Extraction() *access.ExtractionType {
	if i.Integration.Extraction == "" {
		return nil
	}
	return &i.Integration.Extraction
}

// Status is DRAFT before anything else is known.
func (i *Integration) Status() access.IntegrationStatus {
	if i.Integration.Status == "" {
		return access.IntegrationDraft
	}
	return i.Integration.Status
}

// Message is null when there is none.
func (i *Integration) Message() *string { return optional(i.Integration.Message) }

// ColumnMap is what the last import was told.
func (i *Integration) ColumnMap() JSON { return textMap(i.Integration.ColumnMap) }

// ColumnDefaults is what the last import was told.
func (i *Integration) ColumnDefaults() JSON { return textMap(i.Defaults) }

func textMap(m map[string]string) JSON {
	if len(m) == 0 {
		return nil
	}
	return JSONOf(m)
}

// Owners are owners by id; resolvers turn them into people.
type Owners struct {
	access.Owners
	Batch *OwnersBatch
}

// OwnersBatch is all owners that were read together.
type OwnersBatch struct{ Owners []access.Owners }

// EmployeeIDs returns the ids of the owners of the batch.
func (b *OwnersBatch) EmployeeIDs() []string {
	var ids []string
	for _, o := range b.Owners {
		ids = append(append(ids, o.Primary), o.Secondaries...)
	}
	return ids
}

// OwnersOf wraps what was read together.
func OwnersOf(found map[string]access.Owners) map[string]*Owners {
	batch := &OwnersBatch{}
	out := make(map[string]*Owners, len(found))
	for id, o := range found {
		batch.Owners = append(batch.Owners, o)
		out[id] = &Owners{Owners: o, Batch: batch}
	}
	return out
}

// IntegrationOverview is the integration whose posture is asked for.
type IntegrationOverview struct{ Integration *access.Integration }
