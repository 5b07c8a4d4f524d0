package cli

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// Terminal reports whether w is a terminal.
func Terminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}

// quietFor is how long work may take before lines of progress are printed, and how far
// they are apart.
const quietFor = 2 * time.Second

// Progress shows how far work is: a bar for each stage on a terminal, else a line every
// two seconds. Safe for concurrent use.
type Progress struct {
	mu    sync.Mutex
	out   io.Writer
	label string
	last  time.Time

	bars  *mpb.Progress // nil when out is no terminal
	bar   *mpb.Bar
	stage string
}

// NewProgress shows progress on out; nil shows nothing. The label, if any, names the work
// among others of the same command.
func NewProgress(out io.Writer, label string) *Progress {
	p := &Progress{out: out, label: label, last: time.Now()}
	if out != nil && Terminal(out) {
		p.bars = mpb.New(mpb.WithOutput(out), mpb.WithWidth(64), mpb.WithRefreshRate(100*time.Millisecond))
	}
	return p
}

// Stage says that done of total (-1 = unknown) of a stage are done. The stage "read"
// counts bytes, others count things.
func (p *Progress) Stage(stage string, done, total int64) {
	if p.out == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bars == nil {
		p.line(stage, done, total)
		return
	}
	if stage != p.stage {
		p.endBar()
		p.stage, p.bar = stage, p.newBar(stage, total)
	}
	if total > 0 {
		p.bar.SetTotal(total, false)
	}
	p.bar.SetCurrent(done)
}

func (p *Progress) newBar(stage string, total int64) *mpb.Bar {
	counters := decor.CountersNoUnit("%d / %d")
	if stage == "read" {
		counters = decor.CountersKibiByte("% .1f / % .1f")
	}
	if total <= 0 {
		counters = decor.CurrentNoUnit("%d")
		if stage == "read" {
			counters = decor.CurrentKibiByte("% .1f")
		}
	}
	name := stage
	if p.label != "" {
		name = p.label + ": " + stage
	}
	return p.bars.AddBar(max(total, 0), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(name, decor.WCSyncSpaceR)),
		mpb.AppendDecorators(counters, decor.OnComplete(decor.AverageETA(decor.ET_STYLE_GO, decor.WCSyncSpace), "")))
}

func (p *Progress) endBar() {
	if p.bar != nil {
		p.bar.SetTotal(-1, true)
		p.bar = nil
	}
}

func (p *Progress) line(stage string, done, total int64) {
	if time.Since(p.last) < quietFor {
		return
	}
	p.last = time.Now()
	text := fmt.Sprintf("%s: %s", stage, amount(stage, done))
	if total > 0 {
		text += fmt.Sprintf(" of %s (%d %%)", amount(stage, total), done*100/total)
	}
	if p.label != "" {
		text = p.label + ": " + text
	}
	fmt.Fprintln(p.out, text)
}

func amount(stage string, n int64) string {
	if stage != "read" {
		return fmt.Sprint(n)
	}
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}

// Done takes the bars away; nothing may be shown after it. It is safe to call twice.
func (p *Progress) Done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bars == nil {
		return
	}
	p.endBar()
	p.bars.Wait()
	p.bars, p.out = nil, nil
}
