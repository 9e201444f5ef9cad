# Every command of the house. The first one on a fresh machine makes .venv by itself.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench chaos hostile lock schemas clean

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)$$/  make \1|\2/' | column -t -s '|'

setup: $(STAMP) ## make .venv with the locked dependencies

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Say which one with: make PYTHON=python3.12 setup") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked dependencies into $(VENV) (once) ..."
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock || { echo "The packages of requirements.lock could not be fetched: check the network or the package index that pip is set up with, then run make setup again." >&2; exit 3; }
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-build-isolation --no-deps -e .
	@touch $@

demo: setup ## a synthetic city from files to alerts on a live page, on embedded Kafka and PostgreSQL
	@$(BIN)/mobility demo $(ARGS)

test: setup ## all tests, on real services; ARGS="-k alerts" runs a part
	@$(BIN)/python -m $(if $(ARGS),pytest $(ARGS),tests.lanes)

check: setup ## ruff, mypy, import contracts, then the tests
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports
	@$(BIN)/python -m schemas.write --check
	@$(MAKE) --no-print-directory test

bench: setup ## the core workload, ours beside its peers
	@$(BIN)/mobility bench $(ARGS)

KILLS ?= 200
chaos: setup ## the long kill test: make chaos KILLS=200 SEED=1
	@$(BIN)/python -m pytest tests/chaos -m chaos -s --timeout=0 --kills=$(KILLS) --seed=$(or $(SEED),1)

hostile: setup ## hostile files through the whole intake: make hostile COUNT=1000 SEED=1
	@$(BIN)/python -m tests.hostile --count $(or $(COUNT),1000) --seed $(or $(SEED),1) $(ARGS)

schemas: setup ## write the JSON Schemas again from the models
	@$(BIN)/python -m schemas.write

lock: ## pin the dependencies again (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock

clean: ## remove .venv and caches; data in .mobility stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info
