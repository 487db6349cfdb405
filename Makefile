# The developer's manual. `make run` does the main job, `make test` checks it; both install first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
CODE   := connectors aggregator web config tests benchmarks

.PHONY: install run demo test test-httpx2 soak check format bench lock clean
.DEFAULT_GOAL := run

install: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "worldwidewe needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing. On Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned packages into $(VENV) (once; a minute or two)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

run: install
	@$(BIN)/worldwidewe run

demo: install
	@$(BIN)/worldwidewe run --demo

test: install
	@$(BIN)/python -m pytest -n auto

test-httpx2: install
	@WORLDWIDEWE_TEST_HTTPX2=1 $(BIN)/python -m pytest -n auto tests/connectors

soak: install
	@$(BIN)/python -m pytest -n auto -m soak

check: install
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/mypy $(CODE)
	@$(BIN)/python -m pytest -q -p no:randomly tests/house

format: install
	@$(BIN)/ruff check --fix-only $(CODE)
	@$(BIN)/ruff format $(CODE)

bench: install
	@$(BIN)/python -m benchmarks $(ONLY)

lock: install
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --group dev --group build $(UPGRADE) pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
