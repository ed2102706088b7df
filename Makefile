# Two commands on a fresh machine: make run, make test. Both need Python 3.11 or newer with venv and fetch the rest themselves.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/.run
READY := $(VENV)/.ready
PIP := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check

# make run PORT=9000 ARGS="--host 0.0.0.0 --no-demo"
PORT ?= 8000
ARGS ?=

.PHONY: run test check bench format lock clean system

run: $(RUN)
	@exec $(VENV)/bin/shouwen run --port $(PORT) $(ARGS)

test: system check

check: $(READY)
	@scripts/check

bench: $(READY)
	@scripts/bench

format: $(READY)
	@$(VENV)/bin/ruff check --quiet --fix . || true
	@$(VENV)/bin/ruff format .

# The browser and the fonts that tests of the pages need.
system:
	@scripts/system

$(RUN): requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Shouwen needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1 | tail -n 1); try: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) comes without venv; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "== $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --requirement requirements/run.txt
	@$(PIP) --no-deps --editable .
	@touch $@

# The same environment, with what the checks need on top.
$(READY): $(RUN) requirements/dev.txt
	@echo "== $(VENV), tools"
	@$(PIP) --requirement requirements/dev.txt
	@touch $@

# Re-makes the pinned sets from the ranges in pyproject.toml; read the diff before committing it.
lock:
	@scripts/lock "$(PYTHON)"

clean:
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
