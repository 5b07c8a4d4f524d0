// Package resolvers joins the schema to the services: a resolver parses, calls one
// service and returns. Rules of the domain live in the services.
package resolvers

import (
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/auth/apikey"
	"github.com/accessgraph/accessgraph/internal/describe"
	"github.com/accessgraph/accessgraph/internal/directory"
	"github.com/accessgraph/accessgraph/internal/exportjob"
	"github.com/accessgraph/accessgraph/internal/jobs"
	"github.com/accessgraph/accessgraph/internal/savedfilter"
	"github.com/accessgraph/accessgraph/internal/settings"
)

// Resolver is the root. Questions about the graph go to the session of the request, see
// loaders.Session; everything else to the services.
type Resolver struct{ Services Services }

// Services are what resolvers call.
type Services struct {
	Directory *directory.Service
	Settings  *settings.Service
	Keys      *apikey.Service
	Jobs      *jobs.Manager
	Audit     *audit.Log
	Filters   *savedfilter.Service
	Describe  *describe.Service
	Exports   *exportjob.Service
}
