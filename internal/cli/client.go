package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
)

// Client speaks to a running server.
type Client struct {
	base, key string
	http      *http.Client
}

// NewClient returns a client of the server at base (without a trailing slash). The key
// may be empty for a server that asks for none.
func NewClient(base, key string) *Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext,
		TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true,
	}
	// A redirect would carry the key, and turn POST into GET: it is an answer like any other.
	noRedirect := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{base: base, key: key, http: &http.Client{Transport: transport, CheckRedirect: noRedirect}}
}

// maxAnswer bounds an answer that is read whole.
const maxAnswer = 1 << 30

// post returns the status, the body, and after how long to try again where the answer says so.
func (c *Client) post(ctx context.Context, path, contentType string, body io.Reader, size int64) (int, []byte, time.Duration, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, body)
	if err != nil {
		return 0, nil, 0, access.Invalid("server", "%v", err)
	}
	if size >= 0 {
		req.ContentLength = size
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Accept", "application/graphql-response+json, application/json")
	req.Header.Set("User-Agent", "accessgraph")
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, nil, 0, c.unreachable(ctx, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return 0, nil, 0, c.unreachable(ctx, err)
	}
	wait, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
	return resp.StatusCode, answer, min(max(time.Duration(wait)*time.Second, leastWait), mostWait), nil
}

func (c *Client) unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err // the URL is in the message already
	}
	return access.Errorf(access.CodeUnavailable, "cannot reach %s: %v; is the server running, and is --server right?", c.base, err)
}

// failure makes an error of an answer that is neither a report nor a GraphQL response.
func (c *Client) failure(status int, body []byte) error {
	var said struct {
		Error  problem       `json:"error"`
		Errors []AnswerError `json:"errors"`
	}
	_ = json.Unmarshal(body, &said) // an answer that is not JSON just says less
	code, message, path := access.Code(said.Error.Code), said.Error.Message, said.Error.Path
	if message == "" && len(said.Errors) > 0 {
		code, message = access.Code(said.Errors[0].Extensions.Code), said.Errors[0].Message
	}
	if code == "" {
		code = map[int]access.Code{
			http.StatusUnauthorized: access.CodeUnauthenticated, http.StatusForbidden: access.CodeForbidden,
			http.StatusRequestEntityTooLarge: access.CodeLimitExceeded, http.StatusTooManyRequests: access.CodeLimitExceeded,
			http.StatusServiceUnavailable: access.CodeUnavailable, http.StatusGatewayTimeout: access.CodeTimeout,
		}[status]
	}
	if code == "" {
		code = access.CodeUnavailable
	}
	if message == "" {
		message = fmt.Sprintf("the server answered %d %s", status, http.StatusText(status))
		if status == http.StatusNotFound || status/100 == 3 {
			message += ": is --server the address of an accessgraph server?"
		}
	}
	if code == access.CodeUnauthenticated {
		message += "; give a key with --api-key or ACCESSGRAPH_API_KEY (made by: accessgraph apikey create)"
	}
	return &access.Error{Code: code, Path: path, Message: message}
}

// The bounds of the wait when a server says that there were too many requests, and how
// often it is obeyed in a row.
const (
	leastWait = time.Second
	mostWait  = time.Minute
	waits     = 10
)

// GraphQL runs one operation and returns the response as it is. When the server says that
// there were too many requests it waits as long as it is told to: an export asks a lot.
func (c *Client) GraphQL(ctx context.Context, request []byte) ([]byte, error) {
	for try := 0; ; try++ {
		status, body, wait, err := c.post(ctx, "/graphql", "application/json", bytes.NewReader(request), int64(len(request)))
		if err != nil {
			return nil, err
		}
		if status != http.StatusTooManyRequests || try == waits {
			return c.graphQLBody(status, body)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(wait):
		}
	}
}

func (c *Client) graphQLBody(status int, body []byte) ([]byte, error) {
	var a struct {
		Data   json.RawMessage `json:"data"`
		Errors []AnswerError   `json:"errors"`
	}
	refused := status == http.StatusUnauthorized || status == http.StatusForbidden
	if json.Unmarshal(body, &a) != nil || (a.Data == nil && (a.Errors == nil || refused)) {
		return nil, c.failure(status, body)
	}
	return body, nil
}

// Import sends a file. What is returned is as for imports.Service.Run.
func (c *Client) Import(ctx context.Context, kind string, params url.Values, src csvfile.Source, progress func(stage string, done, total int64)) (ingest.Report, error) {
	body := io.Reader(src.Reader)
	if progress != nil {
		body = &countingReader{r: body, total: src.Size, tell: progress}
	}
	params.Set("file", src.Name)
	status, answer, _, err := c.post(ctx, "/api/v1/imports/"+kind+"?"+params.Encode(), "application/octet-stream", body, src.Size)
	if err != nil {
		return ingest.Report{}, err
	}
	var r ingest.Report
	if isReport := strings.Contains(string(answer), `"warningCounts"`) && json.Unmarshal(answer, &r) == nil; !isReport {
		return ingest.Report{}, c.asImportError(c.failure(status, answer))
	}
	if r.Rejected() {
		return r, &access.Error{Code: access.CodeInvalidInput, Path: "file", Err: ingest.ErrRejected,
			Message: fmt.Sprintf("%s has %d error(s); nothing was written", r.File, r.ErrorTotal())}
	}
	return r, nil
}

// asImportError gives the one refusal that is about the input its place again.
func (c *Client) asImportError(err error) error {
	var e *access.Error
	if errors.As(err, &e) && e.Code == access.CodeInvalidInput && e.Path == ConfirmPath {
		e.Err = ingest.ErrConfirmRemovals
	}
	return err
}

// ConfirmPath is the path of the error that asks for --confirm-removals.
const ConfirmPath = "confirmRemovals"

type countingReader struct {
	r           io.Reader
	done, total int64
	tell        func(stage string, done, total int64)
}

// Read implements io.Reader.
func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.done += int64(n)
	c.tell("read", c.done, c.total)
	return n, err
}
