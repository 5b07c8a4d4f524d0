package ingest

import (
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// AutoMapper finds the employee whom an identity belongs to, from its e-mail or username.
// It never matches what is a service account.
type AutoMapper interface {
	Match(e *access.Entity) (employeeID, reason string, ok bool)
}

// diff compares what a file says with what the store holds.
type diff struct {
	mode   Mode
	set    [columnCount]bool // the file or a default gives the column
	report *Report
	out    *changes
	auto   AutoMapper // nil: nobody to map to
	cycles *cycles
	at     time.Time // of new mappings
	live   int64     // entities of the integration in the store

	scratch access.Entity // the present entity, where it was stored
	last    rowGrant      // the present grant, whose texts the next one mostly has, too
	key     []byte        // its key without the row
}

// overlay puts what the rows of an entity say over its stored state.
func (d *diff) overlay(e *access.Entity, said *values) {
	for i := range ownColumns {
		c := &ownColumns[i]
		if v := said[c.attr]; v != "" || (d.mode == Snapshot && d.set[c.col]) {
			apply(e, c.attr, v)
		}
	}
}

// rowTime undoes the time form of values.
func rowTime(v string) (d decoder) { return decoder{b: timeBytes(v)} }
