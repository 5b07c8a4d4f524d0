package simulate

import (
	"context"

	"github.com/accessgraph/accessgraph/internal/access"
)

// ResolveOne returns the id of the entity that is meant by text, which may be an id; see
// Source.Resolve.
func ResolveOne(ctx context.Context, src Source, path, text string) (string, error) {
	if entityID.MatchString(text) {
		return text, nil
	}
	return src.Resolve(ctx, path, access.Clean(text))
}
