package loaders

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAReaderReadsEachKeyOnce(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]int{}
	r := newReader(func(_ context.Context, keys []string) ([]string, error) {
		mu.Lock()
		defer mu.Unlock()
		out := make([]string, len(keys))
		for i, k := range keys {
			asked[k]++
			out[i] = "value of " + k
		}
		return out, nil
	})
	var work sync.WaitGroup
	for n := range 50 {
		work.Go(func() {
			var keys []string
			for i := n; i < n+10; i++ {
				keys = append(keys, fmt.Sprint(i))
			}
			got, err := r.all(t.Context(), keys)
			if err != nil || len(got) != len(keys) || slices.ContainsFunc(keys, func(k string) bool { return got[k] != "value of "+k }) {
				t.Errorf("%v: %v, %v", keys, got, err)
			}
		})
	}
	work.Wait()
	require.Len(t, asked, 59)
	for k, n := range asked {
		require.Equal(t, 1, n, k)
	}
}

func TestAFailureIsEverybodysWhoAskedForIt(t *testing.T) {
	bad := errors.New("bad")
	started, end := make(chan struct{}), make(chan struct{})
	r := newReader(func(_ context.Context, keys []string) ([]int, error) {
		if slices.Contains(keys, "a") {
			close(started)
			<-end
			return nil, bad
		}
		return make([]int, len(keys)), nil
	})
	first := make(chan error)
	go func() { _, err := r.all(context.Background(), []string{"a", "b"}); first <- err }()
	<-started
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := r.all(ctx, []string{"b", "c"})
	require.ErrorIs(t, err, context.Canceled, "whoever waits may leave")
	second := make(chan error)
	go func() { _, err := r.all(context.Background(), []string{"b", "c"}); second <- err }()
	close(end)
	require.ErrorIs(t, <-first, bad)
	require.ErrorIs(t, <-second, bad)
	_, err = r.all(t.Context(), []string{"c"})
	require.NoError(t, err)
}
