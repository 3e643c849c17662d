# Run `make demo` to see it work, and `make test` to run the tests. Each sets up .venv on the first run.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Test files that run in parallel: three on two cores, since a stack test mostly waits for its processes.
WORKERS ?= 3
# Bytecode is written even where a container forbids it: some thousand processes import the package.
export PYTHONDONTWRITEBYTECODE :=
# Builds the documentation site; a warning, such as a broken link, is an error.
SITE = NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
# Provides the Pulumi engine for the other targets: on PATH, in the cache, downloaded, or built.
ENGINE = $(BIN)/python -m tools.engine
# The engines of `make test-all`: the oldest tested one, then the newest.
OLDEST_ENGINE := 3.259.0
NEWEST_ENGINE := 3.274.1

.PHONY: help engine demo crash test test-all lint format bench bench-sql docs docs-check lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

$(READY): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (once; about a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

engine: $(READY) ## Provide a Pulumi engine: from PATH, the cache, a download, or a build
	@$(ENGINE)

demo: engine ## Deploy a table with its lineage, then a pipeline, with the real engine and a local Atlan
	@$(BIN)/python stacks/quickstart/demo.py

crash: engine ## Kill a deployment at a random moment, then show that the next one converges
	@$(BIN)/python stacks/quickstart/crash.py

test: engine ## Run the tests, with the real engine
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not soak"

test-all: $(READY) ## Run all tests, also the long ones, on an old engine, and the engine tests on the newest
	@$(ENGINE) --version $(OLDEST_ENGINE)
	@ATLAN_PULUMI_ENGINE=$(OLDEST_ENGINE) $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile \
		--no-loadscope-reorder --hypothesis-profile explore
	@$(ENGINE) --version $(NEWEST_ENGINE)
	@ATLAN_PULUMI_ENGINE=$(NEWEST_ENGINE) $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile \
		--no-loadscope-reorder -m engine

lint: $(READY) docs-check ## Check style, types, and the documentation
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(READY) ## Format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: engine ## Compare 10,000 lineage edges with Atlan's SDK and other tools (about 15 minutes)
	@$(BIN)/python tests/benchmarks/wide --json .bench/wide.json --picture .bench/wide.svg

bench-sql: $(READY) ## Compare lineage from SQL with sqlglot, DataHub's parser, and sqllineage (about 10 minutes)
	@$(BIN)/python tests/benchmarks/sql $(if $(CASES),--cases $(CASES))

docs: $(READY) ## Generate the reference pages from the docstrings, and build the site into site/
	@$(BIN)/python docs/build.py
	@$(SITE)

docs-check: $(READY) ## Check that the reference pages are current and that the site builds without warnings
	@$(BIN)/python docs/build.py --check
	@$(SITE) --site-dir $(VENV)/site

lock: $(READY) ## Update requirements.lock (needs uv)
	@uv pip compile pyproject.toml --all-extras --universal --python-version 3.10 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --upgrade --quiet -o requirements.lock

clean: ## Remove .venv, build output, and caches
	@rm -rf $(VENV) site .demo .pytest_cache .ruff_cache .mypy_cache .hypothesis dist .bench
