# Needs Python 3.11 or newer, make and git; everything else comes with `make run` and `make test`.

PYTHON := .venv/bin/python
TRANSLATIONS := campaigns/translations
BABEL := $(PYTHON) -m babel.messages.frontend
LOCK := uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test test-from-outside test-from-inside long bench sure lock translations clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make .venv with what the program needs
	@deploy/setup.sh run

setup-dev: ## ... and with what its tests need
	@deploy/setup.sh test

run: setup ## Serve the demo at http://127.0.0.1:8000 (PORT= and HOST= choose another address)
	@$(PYTHON) deploy/run.py

test: setup-dev ## Check everything: form, types, and all tests at their small sizes
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m ruff check
	$(PYTHON) -m mypy
	$(PYTHON) -m pytest tests/domain
	@$(MAKE) --no-print-directory --jobs 2 test-from-outside test-from-inside

# Two halves of about the same length, at the same time: one for each of two cores.
OUTSIDE := tests/browser tests/front_door tests/storm tests/property tests/bench tests/hardening

test-from-outside:
	$(PYTHON) -m pytest $(OUTSIDE) -m "not long"

test-from-inside:
	$(PYTHON) -m pytest tests --ignore=tests/domain $(addprefix --ignore=,$(OUTSIDE)) -m "not long"

long: setup-dev ## Run all tests at full size; may take hours
	LONG=1 $(PYTHON) -m pytest tests --timeout=0

bench: setup-dev ## Measure, print a table, write build/bench.json
	@mkdir -p build
	$(PYTHON) -m bench.bench

sure: setup-dev ## Format, then check everything
	$(PYTHON) -m ruff check --fix --exit-zero --quiet
	$(PYTHON) -m ruff format
	@$(MAKE) --no-print-directory test

translations: setup-dev ## Bring the catalogues up to date with the program (NEW=xx begins one)
	@mkdir -p build
	$(BABEL) extract --mapping-file pyproject.toml --add-location file --sort-by-file --no-wrap \
		--project campaigns --header-comment "# Texts of the program." --output-file build/messages.pot .
	$(BABEL) update --input-file build/messages.pot --output-dir $(TRANSLATIONS) --no-wrap \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
		$(if $(NEW),--locale $(NEW) --init-missing)

lock: ## Choose the versions of the packages anew, from pyproject.toml (needs uv)
	$(LOCK) pyproject.toml --output-file deploy/requirements.txt
	$(LOCK) pyproject.toml --group dev --constraint deploy/requirements.txt --output-file deploy/requirements-dev.txt

clean: ## Remove what was made, except the demo's keys and data in .data
	rm -rf .venv build
	find campaigns deploy tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +
