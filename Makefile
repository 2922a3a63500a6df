# Every target sets up what it needs first; nothing else has to be typed.
#   ARGS=…  is handed on:  make serve ARGS="--port 9000"   make test ARGS="tests/setup -x"
#   WHAT=…  picks benches: make bench WHAT="turn load"

.DEFAULT_GOAL := help
.PHONY: help setup serve test check bench doctor format schemas pins licences clean

# The folder of this file, whatever the caller's own and with spaces in the path.
go := cd "$$(dirname "$(strip $(MAKEFILE_LIST))")" &&
WHAT ?= turn load face kb asr voice behavior
level := $(if $(filter true,$(CI)),all,dev)

help: ## list the targets
	@$(go) awk -F ':.*## ' '/^[a-z]+:.*##/ {printf "  make %-9s %s\n", $$1, $$2}' Makefile

setup: ## make .venv, or bring it up to date
	@$(go) scripts/setup $(level)

serve: ## set up and start the server; prints the kiosk page's address
	@$(go) scripts/setup serve && exec .venv/bin/visavis serve $(ARGS)

test: ## set up and run the tests; says at the end what was left out and why
	@$(go) scripts/setup $(level) && exec scripts/test $(ARGS)

check: ## lint, formatting, types, import contracts, generated files
	@$(go) scripts/setup $(level) && exec scripts/check

bench: ## measure turns, load, lips and answers on this machine
	@$(go) scripts/setup dev && for what in $(WHAT); do .venv/bin/visavis bench $$what $(ARGS) || exit 1; done

doctor: ## say what this machine has, lacks, and how to bring it
	@$(go) scripts/setup serve && exec .venv/bin/visavis doctor $(ARGS)

format: ## put the code into its format
	@$(go) scripts/setup dev && .venv/bin/ruff check -q --fix . ; .venv/bin/ruff format .

schemas: ## write the JSON Schemas beside the configuration files
	@$(go) scripts/setup $(level) && exec .venv/bin/python -I scripts/schemas.py

pins: ## write constraints.txt from what is installed and what the extras resolve to
	@$(go) .venv/bin/python -I scripts/pins.py

licences: ## write the table in docs/licences.md from installed metadata
	@$(go) .venv/bin/python -I scripts/licences.py

clean: ## remove .venv, caches and build leftovers
	@$(go) rm -rf .venv .visavis build dist ./*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@$(go) find . -name __pycache__ -type d -prune -exec rm -rf {} +
