# make demo: a nook to try on http://127.0.0.1:8000    make test: every test    make help: the rest
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export DATA_DIR ?= $(CURDIR)/data
PORT ?= 8000
WORKERS ?= $(shell nproc)

.PHONY: audit chaos failover load fuzz-pages screenshots bench-import fuzz-formats bench-desk soak-lending accessibility bench test-whoosh3 search-report fuzz-search help demo serve test check lint types migrations-check install install-dev messages update-messages lock system-packages

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 28

# The environment is made again only when a requirements file changed.
.venv/installed: requirements.txt
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || { \
	  rm -rf .venv; echo "Python's venv is missing; installing Debian's python3-venv."; \
	  apt-get install -y -qq python3-venv && $(PYTHON) -m venv .venv; } || { \
	  echo "Install it with: sudo apt-get install python3-venv"; exit 1; }
	@echo "Installing what the nook needs (about a minute, once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

install: .venv/installed ## what running needs
install-dev: .venv/installed-dev ## what running and testing need

messages: .venv/installed ## compile the catalogues of messages
	@$(BIN)/python manage.py compile_messages

update-messages: .venv/installed-dev ## take new strings into every locale/*/LC_MESSAGES/django.po
	$(BIN)/python manage.py update_messages

demo: .venv/installed messages ## install, fill a demo nook and serve it on port 8000
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@$(BIN)/python manage.py load_demo
	@$(MAKE) --no-print-directory serve

serve: ## serve what DATA_DIR holds on 127.0.0.1
	@$(BIN)/gunicorn library.wsgi --bind 127.0.0.1:$(PORT) --worker-class gthread --workers 1 --threads 8 --log-level warning

system-packages: ## Chromium, PostgreSQL, zebra, yaz, age and fonts for the tests, by apt where that is allowed
	@bash .ci/system-packages

test: .venv/installed-dev messages system-packages ## every test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)
	PYTHON=$(BIN)/python .ci/with-postgres $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "not browser" tests/catalog tests/lending $(ARGS)

# The same import name as Whoosh, so it is put before it on the path rather than installed.
test-whoosh3: .venv/installed-dev ## the tests of search on whoosh3 instead of Whoosh
	@test -d .venv/whoosh3 || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --target .venv/whoosh3 -r .ci/whoosh3.txt
	PYTHONPATH=.venv/whoosh3 $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup tests/catalog/search $(ARGS)

# Where the data set lies whose titles are recombined to any number (its own scale.py does that).
BENCH_DATA ?= ../shared/data
BENCH_SIZES ?= 10000 100000
bench: .venv/installed-dev system-packages ## how quick search is, beside other engines, on recombined real titles
	@test -f $(BENCH_DATA)/scale.py || { echo "No scale.py in $(BENCH_DATA): name the data set with BENCH_DATA=folder"; exit 1; }
	@set -e; for size in $(BENCH_SIZES); do \
	  titles=$$(mktemp); trap "rm -f $$titles" EXIT; \
	  $(BIN)/python $(BENCH_DATA)/scale.py -n $$size --seed 7 > $$titles; \
	  $(BIN)/python -m tests.performance.bench --titles $$titles; \
	  PYTHON=$(BIN)/python .ci/with-postgres $(BIN)/python -m tests.performance.bench --titles $$titles; \
	done

accessibility: .venv/installed-dev messages system-packages ## axe over every page in every language, light and dark, phone and desk
	AXE=all $(BIN)/python -m pytest -n0 -o faulthandler_timeout=0 tests/browser/test_accessibility.py

SHOTS ?= screenshots
LANGUAGES ?= ko en zh-hans vi fil km mn ru ja th lo uz ne ar
screenshots: .venv/installed-dev messages system-packages ## pictures of every page in every language, phone and desk, in SHOTS
	$(BIN)/python -m tests.browser.screenshots $(SHOTS) $(LANGUAGES)

search-report: .venv/installed-dev ## recall and precision of search, by language and kind of query
	@$(BIN)/python -m tests.catalog.search.report $(ARGS)

fuzz-search: .venv/installed-dev ## a hundred thousand hostile queries: no error, none over a second
	@$(BIN)/python -m tests.performance.fuzz $(ARGS)

fuzz-formats: .venv/installed-dev ## ten minutes of damaged files: no error, none over two seconds
	@$(BIN)/python -m tests.performance.fuzz_formats $(ARGS)

# BENCH_DATA/marc holds the real records that are repeated under new numbers.
bench-import: .venv/installed-dev ## ten thousand MARC records into catalogue and index; memory for a file of 200 MB
	@$(BIN)/python -m tests.performance.bench_import --data $(BENCH_DATA)/marc $(ARGS)

bench-desk: .venv/installed-dev system-packages ## how long the server takes for one scan, with 100,000 titles
	$(BIN)/python -m tests.performance.bench_desk $(ARGS)
	PYTHON=$(BIN)/python .ci/with-postgres $(BIN)/python -m tests.performance.bench_desk $(ARGS)

# LENDING_SOAK is how many walks of 500 steps; set, it also lengthens the races and kills fifty times.
SOAKED := -n 0 -o faulthandler_timeout=0 tests/lending/test_state_machine.py tests/lending/test_races.py tests/lending/test_kills.py tests/lending/views/test_busy.py
soak-lending: export LENDING_SOAK ?= 200
soak-lending: .venv/installed-dev messages system-packages ## long walks through lending, races and kills, on both databases
	$(BIN)/python -m pytest $(SOAKED) $(ARGS)
	PYTHON=$(BIN)/python .ci/with-postgres $(BIN)/python -m pytest $(SOAKED) $(ARGS)

ROUNDS ?= 100
chaos: .venv/installed-dev messages system-packages ## kill web server, worker and database under scans, ROUNDS times on both databases
	$(BIN)/python -m tests.performance.chaos --database sqlite --rounds $(ROUNDS) $(ARGS)
	$(BIN)/python -m tests.performance.chaos --database postgresql --rounds $(ROUNDS) $(ARGS)

failover: .venv/installed-dev messages system-packages ## the PostgreSQL server dies under scans, its standby takes over
	$(BIN)/python -m tests.performance.failover $(ARGS)

# TITLES is how many titles the nook has; BENCH_DATA names the data set, as for bench.
TITLES ?= 100000
SECONDS ?= 120
load: .venv/installed-dev messages system-packages ## families and desks at once for SECONDS, on both databases
	@test -f $(BENCH_DATA)/scale.py || { echo "No scale.py in $(BENCH_DATA): name the data set with BENCH_DATA=folder"; exit 1; }
	@set -e; titles=$$(mktemp); trap "rm -f $$titles" EXIT; \
	$(BIN)/python $(BENCH_DATA)/scale.py -n $(TITLES) --seed 7 > $$titles; \
	for database in sqlite postgresql; do \
	  $(BIN)/python -m tests.performance.load --titles $$titles --database $$database --seconds $(SECONDS) $(ARGS); \
	done

FUZZ_ROUNDS ?= 50
fuzz-pages: export HOSTILE_ROUNDS = $(FUZZ_ROUNDS)
fuzz-pages: .venv/installed-dev messages ## hostile input into every field, body and address, FUZZ_ROUNDS mixtures a page
	$(BIN)/python -m pytest -n $(WORKERS) -o faulthandler_timeout=0 tests/lending/test_hostile.py $(ARGS)

lint: .venv/installed-dev ## style of Python and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet

types: .venv/installed-dev ## mypy, strict
	$(BIN)/mypy

migrations-check: .venv/installed-dev ## models and migrations agree
	$(BIN)/python manage.py makemigrations --check --dry-run

check: lint types migrations-check test ## all of it

# A tool of its own, apart from what the nook needs; it asks PyPI for known weaknesses and fails where it cannot.
audit: ## compare every library with the lists of known weaknesses; what is installed goes to DATA_DIR/sbom.json (CycloneDX)
	@test -x .venv/audit/bin/pip-audit || { $(PYTHON) -m venv .venv/audit && .venv/audit/bin/pip install --quiet pip-audit==2.10.1; }
	@mkdir -p $(DATA_DIR)
	.venv/audit/bin/pip-audit --strict --disable-pip --require-hashes -r deploy/requirements-city.txt -f cyclonedx-json -o $(DATA_DIR)/sbom.json

lock: ## write the requirements files anew from pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-options -o requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-options --extra city -c requirements.txt -o deploy/requirements-city.txt pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-options --extra city --extra dev -c deploy/requirements-city.txt -o requirements-dev.txt pyproject.toml
	$(BIN)/python .ci/explain_requirements.py
