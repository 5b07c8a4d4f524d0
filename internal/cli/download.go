package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Download asks the server for a file of effective access and copies it to w. It returns
// the number of rows. An answer that is not whole is an error.
func (c *Client) Download(ctx context.Context, request []byte, w io.Writer) (int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/api/v1/exports/access", bytes.NewReader(request))
	if err != nil {
		return 0, access.Invalid("server", "%v", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "accessgraph")
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, c.unreachable(ctx, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
		if err != nil {
			return 0, c.unreachable(ctx, err)
		}
		return 0, c.failure(resp.StatusCode, body)
	}
	for part := make([]byte, 256<<10); ; {
		n, err := resp.Body.Read(part)
		if _, failed := w.Write(part[:n]); failed != nil {
			return 0, &access.Error{Code: access.CodeUnavailable, Path: "output", Message: "cannot write the export: " + failed.Error(), Err: failed}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		if err != nil {
			return 0, &access.Error{Code: access.CodeUnavailable, Message: "the server broke off, so the export is not whole; its log says why", Err: err}
		}
	}
	rows, err := strconv.ParseInt(resp.Trailer.Get("Accessgraph-Rows"), 10, 64)
	if err != nil {
		return 0, &access.Error{Code: access.CodeUnavailable, Message: "the server's answer is not whole", Err: err}
	}
	return rows, nil
}
