# Everything a developer runs. `make` alone prints what there is.

GO     ?= go
PYTHON ?= python3

# A finished virtual environment holds the AWS emulator that the end-to-end
# tests scan. The stamp is newer than the pinned list it was made from.
VENV  := .venv
STAMP := $(VENV)/stamp
PINS  := internal/testcloud/requirements.txt

.DEFAULT_GOAL := help
.PHONY: help demo build test e2e check bench venv generate clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## scan the built-in estate: no cloud, no credentials, no network
	$(GO) run ./cmd/merlon demo

build: ## build bin/merlon, stripped
	$(GO) build -ldflags='-s -w' -o bin/merlon ./cmd/merlon

test: $(STAMP) ## run every test, the ones that scan the emulator included
	$(GO) test ./...

e2e: $(STAMP) ## run only the tests that scan the emulator, and say what they do
	$(GO) test -count=1 -v ./internal/testcloud/...

check: ## what must hold beside the tests: format, vet, generated code, the binary
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "run gofmt -w on:"; echo "$$unformatted"; exit 1; }
	$(GO) vet -tags=binary ./...
	$(GO) mod verify
	$(GO) test -tags=binary ./cmd/merlon

bench: $(STAMP) ## print the figures: calls, memory, verdicts per second, start-up time
	$(GO) test -run '^$$' -bench . -benchtime 1x ./...

venv: $(STAMP) ## make .venv with the pinned AWS emulator

generate: ## rewrite generated code
	$(GO) generate ./...

clean: ## remove everything that was built
	rm -rf bin out $(VENV)

$(STAMP): $(PINS)
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --retries 5 -r $(PINS)
	touch $@
