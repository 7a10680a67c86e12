# Anticipate: `make up` runs it, `make test` tests it. `make help` lists the rest.
SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: help up test check fmt css bench evaluate lock clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' Makefile | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

up: $(VENV)/.installed ## install what is missing, then run everything until Ctrl-C
	@exec $(RUN) manage.py up

test: $(VENV)/.installed-dev ## run the test suite on a database of its own
	@$(RUN) -m pytest -n auto $(ARGS)

check: $(VENV)/.installed-dev ## linters, types, import order, migrations, production settings
	@$(RUN) tools/check.py

fmt: $(VENV)/.installed-dev ## format the code
	@$(RUN) -m ruff check --fix --quiet . ; $(RUN) -m ruff format .

css: ## rebuild the committed stylesheet (needs the network)
	@sh tools/css.sh

bench: $(VENV)/.installed-dev ## measure what docs/performance.md states
	@$(RUN) -m tools.bench $(ARGS)

evaluate: $(VENV)/.installed-dev ## measure the understanding of replies: make evaluate DATA=folder
	@$(RUN) -m tools.evaluate $(DATA)

lock: ## renew requirements.lock and requirements-dev.lock from pyproject.toml (needs uv and the network)
	@sh tools/lock.sh

clean: ## delete the virtual environment; the data under var/ stays
	rm -rf $(VENV)

# Installed again only when a lock file is newer than the stamp.
$(VENV)/.installed: requirements.lock requirements-installer.lock tools/install.sh
	@PYTHON="$(PYTHON)" sh tools/install.sh "$(VENV)" requirements.lock "$@"

$(VENV)/.installed-dev: requirements-dev.lock requirements.lock requirements-installer.lock tools/install.sh
	@PYTHON="$(PYTHON)" sh tools/install.sh "$(VENV)" requirements-dev.lock "$@"
	@touch $(VENV)/.installed
