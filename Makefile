# `make run`, `make demo`, `make test`: each sets up what it needs first, and is quick the second time.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin
PYTHON ?= $(shell command -v python3.11 || command -v python3)
STAMPS := .venv/.stamps
PORT ?= 8000

.PHONY: help setup demo run test check bench chaos pictures sbom format clean

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(STAMPS)/prepared ## Install everything: system packages, .venv, fonts

demo: setup ## Run a complete round on the sample centre and show the documents
	@$(BIN)/jingpin demo

run: setup ## Serve the pages on 127.0.0.1:8000 (PORT=…), with the sample centre when the database is empty
	@$(BIN)/jingpin serve --host 127.0.0.1 --port $(PORT) --demo

test: $(STAMPS)/tools setup ## Run all checks and all tests
	@$(MAKE) --no-print-directory check
	@$(BIN)/pytest -q -n 2 --dist loadfile --no-loadscope-reorder

check: $(STAMPS)/tools ## Lint, types, floors
	@$(BIN)/ruff check . && $(BIN)/ruff format --check -q .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(STAMPS)/tools setup ## Print the figures, each beside its floor
	@$(BIN)/python -m tests.bench

chaos: $(STAMPS)/tools setup ## Kill everything at random for ten minutes, and see that nothing is lost
	@$(BIN)/python -m tests.chaos $(CHAOS)

pictures: $(STAMPS)/tools demo ## Make the pictures of the README from the demo's documents and pages
	@pdftoppm -r 60 -png -f 1 -l 1 -singlefile "$$(ls var/demo/documents/04*.pdf)" docs/pictures/announcement
	@pdftoppm -r 60 -png -f 2 -l 2 -singlefile "$$(ls -S var/demo/documents/*/*.pdf | head -1)" docs/pictures/candidate_result
	@$(BIN)/python -m tests.pictures var/demo docs/pictures

sbom: setup ## Write the bill of materials (CycloneDX) to build/sbom.json
	@mkdir -p build && $(BIN)/python setup/sbom.py > build/sbom.json

format: $(STAMPS)/tools ## Format the code
	@$(BIN)/ruff format -q . && $(BIN)/ruff check -q --fix .

clean: ## Remove .venv, what was built and the demo; the data in var stay
	rm -rf .venv build *.egg-info var/demo

$(STAMPS)/system: setup/packages.txt setup/system.sh
	@setup/system.sh setup/packages.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (found $$($(PYTHON) -V))"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/runtime: $(STAMPS)/system requirements/runtime.txt pyproject.toml
	@echo "==> Python packages into .venv (exact versions, checked by hash)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/tools: $(STAMPS)/runtime requirements/dev.txt setup/packages-tests.txt
	@setup/system.sh setup/packages-tests.txt
	@echo "==> Packages for tests and checks into .venv"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(STAMPS)/prepared: $(STAMPS)/runtime
	@echo "==> Fonts and caches (about a minute the first time)"
	@$(BIN)/jingpin prepare
	@touch $@
