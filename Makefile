# The commands are described in README.md. What they make lies in .venv, .build and node_modules; none of it is committed.

PYTHON ?= python3
STAGE ?=
ROLE ?=

BIN := .venv/bin
VENV := .venv/.made-from-lock
EMULATOR := .build/emulator/.made-from-lock
# Debian packages that the tests need and PyPI does not have, each named as its command.
DEBIAN := chromium-headless-shell espeak-ng ffmpeg

.PHONY: run test check bench token deploy lock messages packages
.DELETE_ON_ERROR:

run: $(VENV) $(EMULATOR)
	@$(BIN)/python -m infra.local run

test: $(VENV) $(EMULATOR) packages
	@$(BIN)/python -m infra.build
	@$(BIN)/pytest -n 2 $(ARGS)

check: $(VENV)
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/ruff check --quiet
	@$(BIN)/python -m infra.build
	@$(BIN)/mypy --no-error-summary
	@PYTHONPATH=chalice_app $(BIN)/lint-imports
	@$(BIN)/pytest --quiet tests/infra tests/architecture

bench: $(VENV) $(EMULATOR)
	@$(BIN)/python -m infra.build
	@PYTHONPATH=chalice_app $(BIN)/python -m tests.bench

token: $(VENV)
	@$(BIN)/python -m infra.local token --role "$(ROLE)"

deploy: $(VENV)
	@$(BIN)/python -m infra.release "$(STAGE)" $(ARGS)

messages: $(VENV)
	@$(BIN)/python -m infra.build --messages

# What is installed, with hashes and without the address it came from. To take newer versions: make lock ARGS=--upgrade
LOCK = $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11
lock: $(VENV)
	@$(LOCK) $(ARGS) pyproject.toml -o requirements/layer.txt
	@$(LOCK) $(ARGS) --group media -c requirements/layer.txt -o requirements/media.txt
	@$(LOCK) $(ARGS) pyproject.toml --group dev -c requirements/layer.txt -o requirements/dev.txt
	@$(LOCK) $(ARGS) --group emulator -o requirements/emulator.txt
	@$(LOCK) $(ARGS) --group setup -c requirements/dev.txt -o requirements/setup.txt

$(VENV): requirements/setup.txt requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	@echo 'Installing Python packages into .venv' >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/setup.txt
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements/dev.txt
	@touch $@

# In an environment of its own: functions see what is installed there, and must find nothing that AWS would not have.
$(EMULATOR): requirements/emulator.txt $(VENV)
	@echo 'Installing the emulator into .build/emulator' >&2
	@$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python .build/emulator
	@$(BIN)/uv pip sync --quiet --require-hashes --python .build/emulator/bin/python requirements/emulator.txt
	@touch $@

packages:
	@for each in $(DEBIAN); do command -v $$each; done | wc -l | grep -qx $(words $(DEBIAN)) || { \
	  if [ "$$(id -u)" = 0 ]; then \
	    echo 'Installing $(DEBIAN)' >&2; apt-get update -qq && apt-get install -qq -y --no-install-recommends $(DEBIAN) >/dev/null; \
	  else \
	    echo 'The tests need Debian packages: sudo apt-get install --no-install-recommends $(DEBIAN)' >&2; exit 1; \
	  fi; }
