# `make help` lists the targets. Each is one line over a script or a Go command.
.DEFAULT_GOAL := help
SHELL := bash

# Arguments for run, test and bench: make run ARGS="--listen 127.0.0.1:9000"
ARGS ?=
FUZZTIME ?= 10s

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: run
run: ## Serve a made-up company on http://127.0.0.1:8080 and open the page
	@scripts/run $(ARGS)

.PHONY: build
build: ## Build bin/accessgraph
	@scripts/build

.PHONY: web
web: ## Build the explorer, which the program embeds; prints the size of the first load
	@scripts/web

.PHONY: setup
setup: ## Fetch what the tests need: modules, npm packages, Chromium, Neo4j
	@scripts/setup

.PHONY: test
test: ## Run all tests, Go and browser, against real Neo4j servers
	@scripts/test $(ARGS)

.PHONY: e2e
e2e: setup ## Run the browser tests only
	node --test --test-concurrency=1 web/e2e/*.test.mjs

.PHONY: race
race: ## Run the tests of concurrent parts under the race detector
	@scripts/race

.PHONY: fuzz
fuzz: ## Fuzz every Fuzz function for FUZZTIME
	@scripts/fuzz $(FUZZTIME)

.PHONY: lint
lint: ## Check Go (formatting, vet, golangci-lint, the layer rules) and the explorer (types, ESLint)
	@scripts/lint

.PHONY: generate
generate: ## Write the generated files again
	go generate ./...
	@scripts/web packages && npm run --prefix web --silent generate

.PHONY: bench
bench: ## Measure imports and queries on both stores, and the memory engine at scale
	@scripts/bench $(ARGS)

.PHONY: neo4j-up
neo4j-up: ## Start a Neo4j for development on bolt://127.0.0.1:7687, no Docker needed
	@scripts/neo4j start

.PHONY: neo4j-down
neo4j-down: ## Stop it; the data stays
	@scripts/neo4j stop
