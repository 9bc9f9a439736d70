# Two commands matter: `make up` (set up and serve) and `make test` (set up and test).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKS := packs/estonia-upper-secondary packs/trinidad-and-tobago
PORT ?= 8080
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps

.PHONY: up setup setup-extras setup-dev test test-all lint types contracts bench shots lock clean help

help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

up: setup ## set up, then serve on http://127.0.0.1:8080
	@exec $(BIN)/endonym serve $(PACKS) --port $(PORT)

setup: $(VENV)/.runtime ## virtual environment and pinned dependencies; the command is .venv/bin/endonym

setup-extras: $(VENV)/.runtime ## what the extras need, pinned: tantivy, postgres, identity, otel
	@$(PIP) --require-hashes -r requirements-extras.txt

setup-dev: $(VENV)/.dev

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "expected Python 3.11 or newer, found $$($(PYTHON) --version 2>&1); set PYTHON=python3.11"; exit 3; }
	@echo "making the virtual environment"
	@$(PYTHON) -m venv $(VENV)

# The lists are installed exactly as they stand: resolving them again would bring in llama-cpp-python, which compiles
# for a quarter of an hour and is not used.
$(VENV)/.runtime: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "installing pinned dependencies (some 200 MB, once)"
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-build-isolation -e .
	@echo "preparing dictionaries (some 10 s, once)"
	@$(BIN)/python scripts/dictionaries.py
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "installing what tests need"
	@$(PIP) --require-hashes -r requirements-dev.txt
	@sh scripts/chromium.sh
	@touch $@

test: setup-dev ## set up and run the tests
	@$(BIN)/pytest -n 2 --dist loadgroup -m "not slow"

test-all: setup-dev ## every test, the slow ones too
	@$(BIN)/pytest -n 2 --dist loadgroup

lint: setup-dev
	@$(BIN)/ruff check .
	@$(BIN)/deptry src

types: setup-dev
	@$(BIN)/mypy

contracts: setup-dev
	@$(BIN)/lint-imports

bench: setup ## every benchmark of one sitting, and all goals with what was reached
	@$(BIN)/python bench/report.py

shots: setup-dev ## the pictures of the documentation
	@$(BIN)/python -m scripts.shots

lock: ## pin dependencies anew; no registry address is written
	@sh scripts/lock.sh

clean: ## remove what was built; packs and settings stay
	@rm -rf $(VENV) .endonym build dist
