package stream

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Run is the state of one operation that all of its writers share.
type Run struct {
	Variables map[string]any
	// Within returns the context in which a field that a resolver answers, and everything
	// nested in it, is answered.
	Within func(ctx context.Context, field *graphql.FieldContext) context.Context
	// Slow says whether reading took long of late. All runs share it.
	Slow *atomic.Bool
}

// Arguments reads the arguments of a field.
type Arguments func(ctx context.Context, raw map[string]any) (map[string]any, error)

// Enter returns the context of a field that a resolver answers; false when its arguments
// are wrong. It depends on where the field stands in the operation and not on the object
// that is asked, so it is made once. Not safe for concurrent use of one field.
func (r *Run) Enter(ctx context.Context, f *Field, object string, arguments Arguments) (context.Context, *graphql.FieldContext, bool) {
	if f.ctx != nil {
		return f.ctx, f.context, true
	}
	fc := &graphql.FieldContext{Object: object, Field: f.CollectedField, IsMethod: true, IsResolver: true}
	ctx = graphql.WithFieldContext(ctx, fc)
	if arguments != nil {
		var err error
		if fc.Args, err = arguments(ctx, f.ArgumentMap(r.Variables)); err != nil {
			return nil, nil, false
		}
	}
	f.ctx, f.context = r.Within(ctx, fc), fc
	return f.ctx, f.context, true
}

// Cold reports whether Warm has something to do.
func (s *Selection) Cold() bool { return s.Resolved > 1 && !s.warm }

// Warm asks the resolvers of the first object of a batch: what they read, for the whole
// batch, is kept with the request, and whoever writes the answer finds it there. They are
// asked at the same time where reading takes long, as from a database elsewhere, and one
// after the other where starting goroutines would take longer than reading. ask must not
// write.
func (r *Run) Warm(s *Selection, ask func(f *Field)) {
	s.warm = true
	guarded := func(f *Field) {
		defer func() { _ = recover() }() // whoever writes meets it again
		ask(f)
	}
	var work sync.WaitGroup
	start, apart := time.Now(), r.Slow.Load()
	left := s.Resolved
	for i := range s.Fields {
		f := &s.Fields[i]
		if !f.Resolver {
			continue
		}
		if left--; left > 0 && (apart || time.Since(start) > slow) {
			apart = true
			work.Go(func() { guarded(f) })
		} else {
			guarded(f)
		}
	}
	work.Wait()
	if now := time.Since(start) > slow; now != r.Slow.Load() {
		r.Slow.Store(now)
	}
}

// slow is how long resolvers may take before they are asked at the same time.
const slow = 500 * time.Microsecond

// Each writes the fields of a root, at the same time where there are several: each may
// be a question to a database. A panic is a failure; the general executor meets it again.
func (s *Selection) Each(w *Writer, write func(w *Writer, f *Field)) {
	guarded := func(w *Writer, f *Field) {
		defer func() {
			if recover() != nil {
				w.Fail()
			}
		}()
		w.Raw(f.Key)
		write(w, f)
	}
	w.Raw("{")
	if len(s.Fields) == 1 {
		guarded(w, &s.Fields[0])
	} else {
		parts := make([]*Writer, len(s.Fields))
		var work sync.WaitGroup
		for i := range s.Fields {
			parts[i] = NewWriter()
			work.Go(func() { guarded(parts[i], &s.Fields[i]) })
		}
		work.Wait()
		for _, part := range parts {
			w.Append(part)
			part.Free()
		}
	}
	w.Raw("}")
}

// Quiet returns a context in which errors that marshalers add are nobody's: a null that
// may not be makes a writer fail, and the general executor says why.
func Quiet(ctx context.Context) context.Context {
	return graphql.WithResponseContext(ctx, func(context.Context, error) *gqlerror.Error { return nil }, graphql.DefaultRecover)
}
