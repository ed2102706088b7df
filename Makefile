# One command on a fresh machine: make test. Needs Python 3.11 or newer with venv; everything else it fetches itself.

PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready

.PHONY: test check bench format lock clean

test: check

check: $(READY)
	@scripts/check

bench: $(READY)
	@scripts/bench

format: $(READY)
	@$(VENV)/bin/ruff check --quiet --fix . || true
	@$(VENV)/bin/ruff format .

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Shouwen needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1 | tail -n 1); try: make test PYTHON=python3.12" >&2; exit 1; }
	@echo "== $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements/dev.txt
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Re-makes the pinned set from the ranges in pyproject.toml; read the diff before committing it.
lock:
	@scripts/lock "$(PYTHON)"

clean:
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
