# The portal from one command; `make help` says which.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
BIN := .venv/bin
STACK := $(BIN)/python -m kochi_portal.stack
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header

.DEFAULT_GOAL := help
.PHONY: help run manage test check verify bench pins needs-python venv venv-dev

help: ## Show this
	@echo "make run      the portal on http://localhost:8000/ (PORT=, PORTAL_STATE_DIR=)"
	@echo "make manage   one of Django's commands: make manage ARGS='createsuperuser'"
	@echo "make test     all tests (ARGS='tests/journal -k sealed' for some)"
	@echo "make check    linters, types, contracts, deploy check"
	@echo "make verify   the long runs"
	@echo "make bench    benchmarks, as JSON lines (ARGS='filing' for one)"
	@echo "make pins     pin the requirements of pyproject.toml anew"

run: venv
	@exec $(STACK) run

manage: venv
	@exec $(STACK) shell $(BIN)/python manage.py $(ARGS)

test: venv-dev
	@exec $(STACK) test -- $(ARGS)

verify: venv-dev
	@exec $(STACK) test -- -m verify --numprocesses=0 $(ARGS)

bench: venv-dev
	@exec $(STACK) bench -- $(ARGS)

check: venv-dev
	@exec $(STACK) check -- $(ARGS)

pins: # needs uv of an earlier make test or check
	@$(UV_COMPILE) pyproject.toml --output-file requirements.txt
	@$(UV_COMPILE) --group backup --output-file requirements-backup.txt
	@$(UV_COMPILE) pyproject.toml --group run --constraint requirements.txt \
		--output-file requirements-run.txt
	@$(UV_COMPILE) pyproject.toml --group dev --constraint requirements-run.txt \
		--output-file requirements-dev.txt

venv: needs-python
	@$(PYTHON) kochi_portal/stack/prepare.py run

venv-dev: needs-python
	@$(PYTHON) kochi_portal/stack/prepare.py dev

needs-python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is missing; install it with:\
	sudo apt-get install python3 python3-pip (or name it: make run PYTHON=/path/to/python3)"; \
	exit 1; }
