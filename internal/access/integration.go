package access

import "time"

// Application is a product; integrations are its configured instances.
type Application struct {
	ID   string // ApplicationID(Name)
	Name string
}

// ExtractionType says how an integration gets its data.
type ExtractionType string

// The extraction types.
const (
	DirectExtraction ExtractionType = "DIRECT"
	SCIMExtraction   ExtractionType = "SCIM"
	FileUpload       ExtractionType = "FILE_UPLOAD"
	APIUpload        ExtractionType = "API_UPLOAD"
)

// IntegrationStatus is the state of an integration.
type IntegrationStatus string

// The integration statuses.
const (
	IntegrationDraft      IntegrationStatus = "DRAFT"
	IntegrationConnecting IntegrationStatus = "CONNECTING"
	IntegrationSyncing    IntegrationStatus = "SYNCING"
	IntegrationConnected  IntegrationStatus = "CONNECTED"
	IntegrationError      IntegrationStatus = "ERROR"
	IntegrationDisabled   IntegrationStatus = "DISABLED"
)

// Integration is one configured instance of an application.
type Integration struct {
	ID          string // IntegrationID(Key)
	Key         string // its first name, NFC, trimmed; immutable; part of every entity key
	Name        string // present display name
	Application string // application name
	Description string
	Extraction  ExtractionType
	Status      IntegrationStatus
	Message     string
	Owners      Owners
	// ColumnMap (canonical column → the file's column) and Defaults (canonical column →
	// fixed value) are what the last import was told, reused by the next.
	ColumnMap map[string]string
	Defaults  map[string]string
	CreatedAt time.Time
	LastSync  time.Time // last successful import, zero if none
	// Revision advances by one with every commit that touches the integration's
	// entities, grants or this record; a commit computed on an older one is a conflict.
	Revision int64
}

// OutOfSyncAfter is how long a connected integration may go without a successful import.
const OutOfSyncAfter = 36 * time.Hour

// OutOfSync reports whether a connected integration has had no successful import for
// OutOfSyncAfter.
func (i *Integration) OutOfSync(now time.Time) bool {
	return i.Status == IntegrationConnected && now.Sub(i.LastSync) > OutOfSyncAfter
}
