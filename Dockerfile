# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM node:22-bookworm-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY web/ ./
RUN npm run build

FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
COPY --from=web /src/web/dist/app web/dist/app
ARG TARGETOS TARGETARCH
# No cgo anywhere: the SQLite of the embedded store is pure Go.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -buildvcs=false -ldflags="-s -w" -o /out/accessgraph ./cmd/accessgraph && \
    mkdir /out/data

FROM gcr.io/distroless/static-debian12:nonroot
LABEL org.opencontainers.image.title="accessgraph" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="https://github.com/accessgraph/accessgraph"
COPY --from=build /out/accessgraph /accessgraph
COPY --from=build /src/LICENSE /LICENSE
# The embedded store's folder; mount a volume here to keep it.
COPY --from=build --chown=nonroot:nonroot /out/data /data
ENV ACCESSGRAPH_DATA=/data
VOLUME /data
EXPOSE 8080
USER nonroot:nonroot
ENTRYPOINT ["/accessgraph"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
