package main

import (
	"bufio"
	"bytes"
	"context"
	"embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// peerPrograms are the programs of the Python peers, written for this bench.
//
//go:embed peers/*.py
var peerPrograms embed.FS

// peerKind is one of the libraries compared with.
type peerKind struct {
	program string  // without _peer.py
	sizes   string  // of graphs it is asked about
	goal    float64 // how many times as fast accessgraph shall be
	usual   int     // which of its ways one would write first; -1 = none before the others
}

var peerKinds = []peerKind{{"igraph", "S", 20, 1}, {"rustworkx", "S", 20, 1}, {"duckdb", "M", 15, 0}, {"graphblas", "M", 5, -1}}

// forked marks ways that run a one-core library in many processes: told, but the library
// by itself is what the goal is about.
const forked = "processes"

// peer is a running peer. It answers one line of JSON to each line of JSON.
type peer struct {
	name string
	ways []string
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	log  *bytes.Buffer
}

// pythonOf finds the interpreter of scripts/bench-peers; the reason says why there is none.
func pythonOf(configured string) (python, reason string) {
	if configured == "none" {
		return "", "-python none"
	}
	if configured != "" {
		return configured, ""
	}
	root, err := moduleRoot()
	if err != nil {
		return "", err.Error()
	}
	found, err := filepath.Glob(filepath.Join(root, ".cache", "bench-peers-*", "bin", "python"))
	if err != nil || len(found) == 0 {
		return "", "no Python environment with the peers: run scripts/bench-peers"
	}
	return found[len(found)-1], ""
}

func moduleRoot() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", err
	}
	return filepath.Dir(strings.TrimSpace(string(out))), nil
}

// startPeer starts a peer and waits until it has read the graph.
func startPeer(ctx context.Context, python, program, graph string) (*peer, error) {
	folder, err := os.MkdirTemp("", "accessgraph-peer-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // Python has read them by then
	for _, name := range []string{"peer.py", program + "_peer.py"} {
		text, err := peerPrograms.ReadFile("peers/" + name)
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			return nil, err
		}
	}
	p := &peer{cmd: exec.CommandContext(ctx, python, filepath.Join(folder, program+"_peer.py"), graph), log: &bytes.Buffer{}} //nolint:gosec // ours
	p.cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	p.cmd.Stderr = p.log
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(stdout)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	var hello struct {
		Name string   `json:"name"`
		Ways []string `json:"ways"`
	}
	if err := p.answer(&hello); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	p.name, p.ways = hello.Name, hello.Ways
	return p, nil
}

// errPeerEnded is what a peer that is no more answers: where memory is short, the system
// ends it. That is told, and no reason to throw all other figures away.
var errPeerEnded = errors.New("the peer ended")

func (p *peer) answer(into any) error {
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("%w (%w): %s", errPeerEnded, err, lastLine(p.log.String()))
	}
	return json.Unmarshal(line, into)
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

// ask runs a command and returns how many pairs the peer found in which time.
func (p *peer) ask(command map[string]string) (pairs int64, took time.Duration, err error) {
	line, err := json.Marshal(command)
	if err != nil {
		return 0, 0, err
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return 0, 0, fmt.Errorf("%s: %w: %s", p.name, err, lastLine(p.log.String()))
	}
	var got struct {
		Seconds float64 `json:"seconds"`
		Pairs   int64   `json:"pairs"`
		Error   string  `json:"error"`
	}
	if err := p.answer(&got); err != nil {
		return 0, 0, fmt.Errorf("%s: %w", p.name, err)
	}
	if got.Error != "" {
		return 0, 0, fmt.Errorf("%s: %s: %s", p.name, command["way"], got.Error)
	}
	return got.Pairs, time.Duration(got.Seconds * 1e9), nil
}

// run answers once in a way; the number of pairs must be the oracle's.
func (p *peer) run(way string, o *oracle) (time.Duration, error) {
	pairs, took, err := p.ask(map[string]string{"cmd": "run", "way": way})
	if err == nil && pairs != o.Pairs {
		err = fmt.Errorf("%s: %s: %d pairs, not %d", p.name, way, pairs, o.Pairs)
	}
	return took, err
}

// check holds the whole answer of a way to the oracle, person by person.
func (p *peer) check(way string, o *oracle) error {
	f, err := os.CreateTemp("", "accessgraph-peer-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // a temporary file
	if err := f.Close(); err != nil {
		return err
	}
	if _, _, err := p.ask(map[string]string{"cmd": "check", "way": way, "out": f.Name()}); err != nil {
		return err
	}
	raw, err := os.ReadFile(f.Name())
	if err != nil {
		return err
	}
	counts, sums := make([]uint32, len(raw)/12), make([]uint64, len(raw)/12)
	in := bytes.NewReader(raw)
	if err := errors.Join(binary.Read(in, binary.LittleEndian, counts), binary.Read(in, binary.LittleEndian, sums)); err != nil {
		return err
	}
	return o.equal(p.name+": "+way, counts, sums)
}

// best checks all ways and returns the fastest of the library by itself and, where there
// is one, that of many processes; each by the better of two runs.
func (p *peer) best(o *oracle, question string, res *result, log func(string, ...any)) (alone, many string, err error) {
	fastest := map[bool]float64{true: math.Inf(1), false: math.Inf(1)}
	for _, way := range p.ways {
		if err := p.check(way, o); err != nil {
			return "", "", err
		}
		least := math.Inf(1)
		for range 2 {
			took, err := p.run(way, o)
			if err != nil {
				return "", "", err
			}
			least = min(least, took.Seconds())
		}
		res.Tried = append(res.Tried, tried{Part: partEveryone, Question: question, Shape: p.name + ": " + way, Seconds: least})
		log("%s: %s: %s: %.0f ms", question, p.name, way, 1e3*least)
		if isForked := strings.Contains(way, forked); least < fastest[isForked] {
			fastest[isForked] = least
			if isForked {
				many = way
			} else {
				alone = way
			}
		}
	}
	return alone, many, nil
}

// contender lets a way of the peer take turns with others.
func (p *peer) contender(way string, o *oracle) contender {
	return contender{p.name + ": " + way, func(context.Context) (time.Duration, error) { return p.run(way, o) }}
}

// stop ends the peer: it ends when its input does.
func (p *peer) stop() error {
	return errors.Join(p.in.Close(), p.cmd.Wait())
}
