package ingest

import (
	"runtime"

	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
)

const (
	// batchBytes is how much of a file is read by one worker at a time.
	batchBytes = 32 << 10
	// maxReaders is how many workers read rows; behind them one collects, before them one
	// splits the file into cells.
	maxReaders = 3
	// targetPart is the part of the memory that the targets known to a reader may have.
	targetPart = 24
)

// issues are what the file's reader finds, until they are told in the order of rows.
type issues struct{ found []foundIssue }

func (s *issues) Error(i Issue) { s.found = append(s.found, foundIssue{i, true}) }
func (s *issues) Warn(i Issue)  { s.found = append(s.found, foundIssue{i, false}) }

// take returns what was found since the last call.
func (s *issues) take() []foundIssue {
	found := s.found
	s.found = nil
	return found
}

// tell puts what was found since the last take into the report.
func (s *issues) tell(to *Report) {
	for _, i := range s.take() {
		i.tell(to)
	}
}

// readRows reads all rows: one goroutine splits the file, several read what the rows say,
// and the collector takes it in the order of the file. Found is the sink of in. Up to
// maxReaders + 2 batches are under way. The error is of the source or the disk.
func readRows(in *csvfile.Reader, found *issues, integration string, to *collector, canceled func() error) error {
	type job struct {
		batch *readBatch
		done  chan struct{}
	}
	readers := max(1, min(maxReaders, runtime.GOMAXPROCS(0)-1))
	free := make(chan *readBatch, readers+2)
	for range cap(free) {
		free <- &readBatch{}
	}
	work, inOrder := make(chan job, cap(free)), make(chan job, cap(free))
	stop := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer close(inOrder)
		defer close(work)
		for {
			var b *readBatch
			select {
			case b = <-free:
			case <-stop:
				return
			}
			more := in.Take(&b.rows, batchBytes)
			b.found = found.take()
			j := job{b, make(chan struct{})}
			work <- j
			inOrder <- j
			if !more {
				return
			}
		}
	}()
	for range readers {
		go func() {
			r := &rowReader{integration: integration, targets: targetCache{memory: to.memory / targetPart}}
			for j := range work {
				r.read(j.batch)
				close(j.done)
			}
		}()
	}
	var err error
	for j := range inOrder {
		<-j.done
		if err != nil {
			continue // wait for what is under way
		}
		if err = canceled(); err == nil {
			err = to.take(j.batch)
		}
		if err != nil {
			close(stop)
			continue
		}
		free <- j.batch
	}
	<-ended
	if err != nil {
		return err
	}
	return in.Err()
}
