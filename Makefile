# Everything that is done to this project by hand or by a machine. `make help` lists it.
.DEFAULT_GOAL := help
.NOTPARALLEL:

PYTHON ?= python3
export PYTHON

CATALOGUES := $(wildcard registry/web/translations/*/LC_MESSAGES/*.po)

##@ Use

.PHONY: run
run: setup-run translations ## Install what is missing and serve the registry on http://127.0.0.1:8000
	@exec scripts/run.sh

##@ Check

.PHONY: test
test: setup-test translations ## Install what is missing and run every check and test
	@scripts/check.sh formatting lint types layers sqlite postgres

.PHONY: test-quick
test-quick: setup-dev translations ## The same without browser and PostgreSQL
	@scripts/check.sh formatting lint types layers quick

.PHONY: test-postgres
test-postgres: setup-postgres translations ## Service, page, API and migration tests on a throw-away PostgreSQL
	@scripts/check.sh postgres

.PHONY: lint
lint: setup-dev ## Look for mistakes and for files that are not formatted
	@scripts/check.sh formatting lint

.PHONY: types
types: setup-dev ## Check types
	@scripts/check.sh types

.PHONY: layers
layers: setup-dev ## Check that imports follow the house's layers
	@scripts/check.sh layers

.PHONY: bench
bench: setup-dev translations ## Measure import, search, pages and PDF files, and print a table
	@.venv/bin/python -m bench $(if $(DATA),"$(DATA)")

##@ Change

.PHONY: format
format: setup-dev ## Format the code and mend what can be mended by itself
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

.PHONY: messages
messages: setup-dev ## Bring the translation catalogues up to date with the texts in code and templates
	@mkdir -p build
	@.venv/bin/pybabel --quiet extract --mapping pyproject.toml --sort-by-file --add-location file \
	    --output build/messages.pot .
	@.venv/bin/pybabel --quiet update --input-file build/messages.pot \
	    --output-dir registry/web/translations --no-fuzzy-matching --ignore-obsolete \
	    --ignore-pot-creation-date

.PHONY: lock
lock: setup-dev ## Resolve requirements/*.txt anew (UPGRADE=1 takes the newest versions)
	@scripts/lock.sh $(if $(UPGRADE),--upgrade)

.PHONY: clean
clean: ## Remove .venv and everything that was built; the data folder stays
	@rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@rm -f $(CATALOGUES:.po=.mo)

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } \
	    /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	    /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile
	@printf '\nSettings, as in  make run PORT=8080\n'
	@printf '  %-22s %s\n' \
	    PORT 'port of the server (8000)' \
	    REGISTRY_DATA_DIR 'folder of the database, files and index (./data)' \
	    REGISTRY_DATABASE_URL 'another database, as postgresql+psycopg://user@host/name (SQLite file)' \
	    DEMO '0 leaves demonstration accounts and data out of the first start' \
	    DATA 'file of records that make bench loads' \
	    PYTHON 'Python 3.11 or newer that .venv is made with (python3)'

# What the targets above need; each does nothing when it is there already.
.PHONY: setup-run setup-dev setup-test setup-postgres translations
setup-run:
	@scripts/setup.sh run

setup-dev:
	@scripts/setup.sh dev

setup-test:
	@scripts/setup.sh dev chromium postgresql

setup-postgres:
	@scripts/setup.sh dev postgresql

translations: $(CATALOGUES:.po=.mo)

%.mo: %.po
	@.venv/bin/pybabel --quiet compile --input-file $< --output-file $@
