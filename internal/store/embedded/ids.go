package embedded

// node is what a change needs to know of an entity.
type node struct {
	n           int64
	integration int64
	live        bool
}

// index finds entities by id. It remembers a bounded number of them, since the changes of
// an import come sorted and name the same few again and again: the latest ones are in
// known, those before them in older, and a full known takes older's place.
type index struct {
	tx           *tx
	known, older map[string]node
	integrations map[string]int64
	limit        int   // of known and of older
	next         int64 // the n of the next new entity
	// complete: there were no entities before this commit and none was forgotten, so
	// that an id that is not known does not exist.
	complete bool
}

// maxKnown is the limit of an index: about 100 bytes for each in known and older.
const maxKnown = 200_000

func newIndex(t *tx, limit int) (*index, error) {
	d := &index{tx: t, limit: limit, known: map[string]node{}, integrations: map[string]int64{}}
	if _, err := t.get([]any{&d.next}, "SELECT coalesce(max(n), 0) + 1 FROM entity"); err != nil {
		return nil, err
	}
	d.complete = d.next == 1
	return d, nil
}

// find returns the entity, live or removed.
func (d *index) find(id string) (node, bool, error) {
	if e, ok := d.known[id]; ok {
		return e, true, nil
	}
	e, ok := d.older[id]
	if !ok && d.complete {
		return node{}, false, nil
	}
	if !ok {
		var err error
		ok, err = d.tx.get([]any{&e.n, &e.integration, &e.live}, "SELECT n, integration, removed_at IS NULL FROM entity WHERE id = ?", id)
		if err != nil || !ok {
			return node{}, false, err
		}
	}
	d.remember(id, e)
	return e, true, nil
}

func (d *index) remember(id string, e node) {
	if len(d.known) >= d.limit {
		d.complete = d.complete && len(d.older) == 0
		d.older, d.known = d.known, make(map[string]node, d.limit)
	}
	d.known[id] = e
}

func (d *index) integration(key string) (int64, bool, error) {
	if n, ok := d.integrations[key]; ok {
		return n, true, nil
	}
	var n int64
	ok, err := d.tx.get([]any{&n}, "SELECT n FROM integration WHERE key = ?", key)
	if ok {
		d.integrations[key] = n
	}
	return n, ok, err
}
