package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// webServer is the product as people run it: a process of its own, asked over HTTP.
type webServer struct {
	root   string
	url    string // of GraphQL
	cmd    *exec.Cmd
	log    *bytes.Buffer
	remove func()
}

// build builds the product, once.
func (b *scale) build() error {
	if b.program != "" {
		return nil
	}
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "accessgraph-bench-")
	if err != nil {
		return err
	}
	program := filepath.Join(folder, "accessgraph")
	build := exec.CommandContext(b.ctx, "go", "build", "-o", program, "./cmd/accessgraph") //nolint:gosec // ours
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return errors.Join(fmt.Errorf("go build: %w: %s", err, out), os.RemoveAll(folder))
	}
	b.program = program
	return nil
}

// serve starts the product on a copy of the graph's store.
func (b *scale) serve(g *sized) (*webServer, error) {
	if err := b.build(); err != nil {
		return nil, err
	}
	folder, remove, err := g.scratchStore(b.ctx, b.s.log)
	if err != nil {
		return nil, err
	}
	w := &webServer{log: &bytes.Buffer{}, remove: remove}
	w.cmd = exec.CommandContext(b.ctx, b.program, "serve", "--open", "--no-browser", "--json", "--listen", "127.0.0.1:0", "--data", folder) //nolint:gosec // ours
	w.cmd.Stderr = w.log
	stdout, err := w.cmd.StdoutPipe()
	if err != nil {
		remove()
		return nil, err
	}
	if err := w.cmd.Start(); err != nil {
		remove()
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	var said struct {
		URL string `json:"url"`
	}
	if err == nil {
		err = json.Unmarshal(line, &said)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the server did not start: %w: %s", err, lastLine(w.log.String())), w.stop())
	}
	w.root, w.url = said.URL, said.URL+"graphql"
	return w, nil
}

// stop ends the server as a person does.
func (w *webServer) stop() error {
	defer w.remove()
	if err := w.cmd.Process.Signal(syscall.SIGINT); err != nil {
		return err
	}
	return w.cmd.Wait()
}

// memory is what the process has in memory, in bytes; 0 where the system does not say.
func (w *webServer) memory() float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 64)
			if err == nil {
				return kb * 1024
			}
		}
	}
	return 0
}

// client is one caller with connections of its own, which stay open.
type client struct {
	url  string
	http *http.Client
}

func (w *webServer) client() *client {
	return &client{w.url, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}, Timeout: time.Minute}}
}

// request is a GraphQL request, encoded once.
type request []byte

func newRequest(query string, variables map[string]any) request {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		panic(err) // texts and numbers always have a JSON form
	}
	return body
}

// emptyRequest is what a server answers without looking at any data.
var emptyRequest = newRequest("{__typename}", nil)

// ask sends a request and reads the whole answer, which must be without errors.
func (c *client) ask(ctx context.Context, r request) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(r))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK || bytes.HasPrefix(body, []byte(`{"errors"`)) {
		return nil, fmt.Errorf("HTTP %d: %.300s", resp.StatusCode, body)
	}
	return body, nil
}

// download fetches everyone's effective access as Parquet, to the end.
func (w *webServer) download(ctx context.Context, rows int64) error {
	body := `{"format": "parquet", "filter": {"type": ["IDENTITY"]}}`
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.root+"api/v1/exports/access", strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 300))
		return fmt.Errorf("HTTP %d: %s", resp.StatusCode, text)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if got := resp.Trailer.Get("Accessgraph-Rows"); got != strconv.FormatInt(rows, 10) {
		return fmt.Errorf("the download has %q rows, not %d", got, rows)
	}
	return nil
}
