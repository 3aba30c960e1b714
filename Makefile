# `make help` lists what there is. PYTHON chooses the interpreter (3.11 or newer), VENV the folder.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python tools/installing.py --require-hashes
PYTEST := $(BIN)/python -m pytest

export PYTHONUNBUFFERED = 1
export FLASK_SKIP_DOTENV = 1
# What an interpreter compiles it keeps: .ci/run installs without, and tests start many.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install run ready test test-long check scrape bench facts timelapse image screenshots translations docs requirements clean
.DEFAULT_GOAL := help

help:  ## say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | expand -t 16

run: $(VENV)/.run  ## serve pages and API on PORT (8080), with its own database unless DATABASE_URL names one
	@exec $(BIN)/python -m gunicorn -c gunicorn.conf.py

test: $(VENV)/.dev  ## run the short tests, 4 minutes on 2 processors (TEST_DATABASE_URL for a server of your own)
	$(PYTEST) -n 2 --dist worksteal -m "not long" --durations 12 --durations-min 2

test-long: $(VENV)/.dev  ## run the full counts, under an hour
	$(PYTEST) -n 2 --dist worksteal -m long

check: $(VENV)/.dev  ## run ruff, mypy --strict and import-linter
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports

ready: check  ## run the checks and the tests nearest to what differs from main, in seconds
	@files=$$($(BIN)/python -m tools.affected) && if [ -n "$$files" ]; then $(PYTEST) -n 2 --dist worksteal -m "not long" -q $$files; fi

scrape: $(VENV)/.run  ## crawl the sources once: make scrape ARGS="models_dev --list"
	@exec $(BIN)/python -m jobs.scrape $(ARGS)

bench: $(VENV)/.dev  ## measure what docs/performance.md says
	$(BIN)/python -m benchmarks

facts: $(VENV)/.dev  ## hold the catalogue against facts read by hand (needs the recorded documents beside the project)
	$(BIN)/python -m tools.facts $(ARGS)

timelapse: $(VENV)/.dev  ## replay editions of real history and say what became of them: make timelapse ARGS="FOLDER --held"
	@exec $(BIN)/python -m tools.timelapse $(ARGS)

image: $(VENV)/.dev  ## build the container image and run it once as web, api, migrate and job
	deploy/build-image

sbom: $(VENV)/.run  ## write what the image holds of other people's packages (CycloneDX) to stdout
	@$(BIN)/python -m deploy.sbom $(RELEASE)

audit: $(VENV)/.dev  ## ask for known vulnerabilities of the image's packages (needs pip-audit and its feed)
	pip-audit --strict --disable-pip --no-deps -r requirements.txt

servers: $(VENV)/.dev  ## run the tests that speak most with the database on PostgreSQL 15 and behind PgBouncer (Debian's packages)
	PYTHON=$(BIN)/python tools/servers postgres
	PYTHON=$(BIN)/python tools/servers pgbouncer

soak: $(VENV)/.dev  ## 30 minutes of load with a crawl a minute: make soak ARGS="--minutes 5"
	$(BIN)/python -m benchmarks.soak $(ARGS)

screenshots: $(VENV)/.dev  ## take the README's pictures
	$(BIN)/python -m benchmarks.screenshots

translations: $(VENV)/.run  ## collect marked texts, compile their translations, say what is missing
	$(BIN)/python -m tools.translations

docs: $(VENV)/.run  ## write the generated tables of docs/ anew
	$(BIN)/python -m jobs.sources_page

install: $(VENV)/.dev  ## make the virtual environment with everything and the git hook, and run nothing
	@! git rev-parse --git-dir >/dev/null 2>&1 || git config core.hooksPath tools/hooks

requirements:  ## compile requirements*.in anew (needs uv); versions are pinned in the .in files
	for name in requirements requirements-local requirements-dev; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $$name.in -o $$name.txt; done
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-deps \
	  requirements-nodeps.in -o requirements-nodeps.txt

clean:  ## remove the virtual environment and caches, not the data
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt requirements-local.txt requirements-nodeps.txt | $(VENV)/bin/python
	@$(PIP) -r requirements.txt -r requirements-local.txt
	@$(PIP) --no-deps -r requirements-nodeps.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@$(PIP) -r requirements-dev.txt
	@touch $@
