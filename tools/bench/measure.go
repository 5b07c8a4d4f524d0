package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// contender is one way to do a job. run does it once and says how long the part took
// that counts; what it prepares and checks is not counted.
type contender struct {
	name string
	run  func(ctx context.Context) (time.Duration, error)
}

// series are the times of one contender, one a round, in seconds; in the unit of the
// comparison where that has one.
type series struct {
	Name    string    `json:"name"`
	Seconds []float64 `json:"seconds"`
}

func (s series) min() float64    { return slices.Min(s.Seconds) }
func (s series) max() float64    { return slices.Max(s.Seconds) }
func (s series) median() float64 { return median(s.Seconds) }

func median(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	n := len(v)
	return (v[(n-1)/2] + v[n/2]) / 2
}

// interleave runs the contenders one after the other, rounds times, so that they meet the
// same load of the machine. The order changes from round to round (see turns), since who comes after
// something small finds another machine than who comes after something large. warmup rounds come before and do not count.
func interleave(ctx context.Context, warmup, rounds int, contenders []contender) ([]series, error) {
	out := make([]series, len(contenders))
	for i, c := range contenders {
		out[i].Name = c.name
	}
	for round := range warmup + rounds {
		for k := range contenders {
			i := turns(len(contenders), round, k)
			took, err := contenders[i].run(ctx)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", contenders[i].name, err)
			}
			if round >= warmup {
				out[i].Seconds = append(out[i].Seconds, took.Seconds())
			}
		}
	}
	return out, nil
}

// turns is who of n comes at place k of a round. Within 2 n rounds each comes twice at every place and twice
// right after each of the others within a round: a Latin square of Williams (1949), and the same backwards.
func turns(n, round, k int) int {
	if round/n%2 == 1 {
		k = n - 1 - k
	}
	first := k / 2 // 0, n-1, 1, n-2, …
	if k%2 == 1 {
		first = n - 1 - k/2
	}
	return (first + round) % n
}

// repeated times something short: often enough that the clock does not matter.
func repeated(run func() error) (time.Duration, error) {
	const enough = 5 * time.Millisecond
	start := time.Now()
	for n := 1; ; n++ {
		if err := run(); err != nil {
			return 0, err
		}
		if took := time.Since(start); took >= enough || n == 10_000 {
			return took / time.Duration(n), nil
		}
	}
}

// timed is how long run takes.
func timed(run func() error) (time.Duration, error) {
	start := time.Now()
	err := run()
	return time.Since(start), err
}

// comparison is one line of the result: ours against a peer.
type comparison struct {
	Part   string `json:"part"`
	Size   string `json:"size,omitempty"` // of the graph: S, M, L
	Name   string `json:"name"`
	Detail string `json:"detail"` // of what, in numbers
	Ours   series `json:"ours"`
	Peer   series `json:"peer"`
	// Cost turns the ratio round: ours / peer, the less the better. Else it is how many
	// times as fast as the peer we are: peer / ours.
	Cost bool `json:"cost,omitempty"`
	// AtLeast turns the goal of a Cost round: what is compared is better the more it is,
	// as answers a second are.
	AtLeast bool `json:"atLeast,omitempty"`
	// Apart: the rounds of the two are not pairs; only their medians are compared.
	Apart bool `json:"apart,omitempty"`
	// Goal of the ratio: at least (Cost: at most) so much; 0 = none, only told.
	Goal float64 `json:"goal,omitempty"`
	// Unit of the series: empty = seconds; else what is compared is no time: "B", "/s", "×".
	Unit string `json:"unit,omitempty"`
	// Profile says, of a goal that was missed, where the time went.
	Profile []string `json:"profile,omitempty"`

	RatioOfMedians float64 `json:"ratioOfMedians"`
	// MedianRatio is the median of the ratios of each round, which decides: both met the
	// same load there.
	MedianRatio float64 `json:"medianRatio"`
	MinRatio    float64 `json:"minRatio"`
	MaxRatio    float64 `json:"maxRatio"`
	Met         *bool   `json:"met,omitempty"`
}

// finish computes the ratios.
func (c comparison) finish() comparison {
	ratio := func(ours, peer float64) float64 {
		if c.Cost {
			return ours / peer
		}
		return peer / ours
	}
	c.RatioOfMedians = ratio(c.Ours.median(), c.Peer.median())
	rounds := []float64{c.RatioOfMedians}
	if !c.Apart {
		rounds = rounds[:0]
		for i := range c.Ours.Seconds {
			rounds = append(rounds, ratio(c.Ours.Seconds[i], c.Peer.Seconds[i]))
		}
	}
	c.MedianRatio, c.MinRatio, c.MaxRatio = median(rounds), slices.Min(rounds), slices.Max(rounds)
	if c.Goal > 0 {
		met := c.MedianRatio >= c.Goal
		if c.Cost && !c.AtLeast {
			met = c.MedianRatio <= c.Goal
		}
		c.Met = &met
	}
	return c
}
