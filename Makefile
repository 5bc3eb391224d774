# Everything that is done with this project, by name. It needs Python 3.11 or newer and make, nothing else.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8000
PYTHON ?= python3
ARGS ?=
WHAT ?= pages
STEPS ?= 100000

RUN := .venv/bin/python
# The environment in two parts: what runs the site on this machine, and on top of it what tests and checks need.
READY := .venv/.ready
DEV := .venv/.dev
# On all cores, a file at a time, in the order in which they stand: those in a browser last.
AT_ONCE := --numprocesses auto --dist loadfile --no-loadscope-reorder
# What production must be given, for `check --deploy`.
DEPLOYED := MODE=production SECRET_KEY=a-key-of-this-check-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ \
	DATABASE_URL=postgresql://nobody@localhost/nothing ALLOWED_HOSTS=tranche.example \
	SITE_ORIGIN=https://tranche.example EMAIL_URL=smtp://localhost:25 DEFAULT_FROM_EMAIL=tranche@tranche.example

# Machines that are set so compile everything anew in each process, which is half the time of the shorter ones.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: export MODE := demo
demo: $(READY) ## The whole site with demo people, on http://localhost:8000 (PORT=8001 for another); Ctrl-C stops it
	@$(RUN) manage.py demo --port $(PORT)

.PHONY: run
run: export MODE := development
run: $(READY) ## The development server, which reloads itself
	@$(RUN) manage.py migrate --verbosity 0
	@$(RUN) manage.py runserver $(PORT)

.PHONY: test
test: $(DEV) ## All tests, in a real browser too (ARGS="-k fund" for some)
	@$(RUN) -m tests.e2e.browser
	@$(RUN) -m pytest $(AT_ONCE) $(ARGS)

.PHONY: quick
quick: $(DEV) ## What needs no browser and not long
	@$(RUN) -m pytest $(AT_ONCE) -m "not browser and not slow" $(ARGS)

.PHONY: soak
soak: $(DEV) ## Everybody in any order, other steps each time: STEPS=100000 take more than an hour
	@SOAK=$(STEPS) $(RUN) -m pytest tests/milestones/test_machine.py

.PHONY: bench
bench: $(DEV) ## Measure what docs/ says: WHAT=pages, WHAT=worst, or WHAT=live with ARGS="--streams 2000"
	@$(RUN) -m bench.$(WHAT) $(ARGS)

.PHONY: faults
faults: $(DEV) ## Kill what runs in production, one thing after the other, and count what is lost: docs/faults.md
	@$(RUN) -m bench.faults $(ARGS)

.PHONY: screenshots
screenshots: $(DEV) ## Pictures of each page of a running demo (PORT=8001 for another), in screenshots/
	@$(RUN) -m tests.e2e.screenshots http://localhost:$(PORT)

.PHONY: pictures
pictures: $(DEV) ## The pictures of the README and the help page, from a demo that has just begun (PORT=8001 for another)
	@$(RUN) -m tests.e2e.pictures http://localhost:$(PORT)

.PHONY: check
check: $(DEV) ## All that is checked without running the site: style, types, layers, migrations, settings, diagram
	$(RUN) -m ruff format --check
	$(RUN) -m ruff check
	.venv/bin/lint-imports --no-logo
	@echo "types"
	@MODE=test $(RUN) -m mypy
	@echo "migrations"
	@MODE=test $(RUN) manage.py makemigrations --check --dry-run
	@echo "state diagram"
	@MODE=test $(RUN) manage.py statediagram --check
	@echo "settings of production"
	@$(DEPLOYED) $(RUN) manage.py check --deploy --fail-level WARNING

.PHONY: format
format: $(DEV) ## Put the code into the house's form
	@$(RUN) -m ruff check --fix-only --quiet
	@$(RUN) -m ruff format

.PHONY: diagram
diagram: $(READY) ## Draw the state machines into docs/milestone-states.md
	@MODE=test $(RUN) manage.py statediagram

PIN := $(RUN) -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-find-links --no-emit-index-url --custom-compile-command "make lock" --quiet

.PHONY: lock
lock: $(DEV) ## Pin the newest versions that pyproject.toml allows, with hashes
	$(PIN) --upgrade --output-file requirements.lock
	$(PIN) --upgrade --constraint requirements.lock --group embedded --output-file requirements-demo.lock
	$(PIN) --upgrade --constraint requirements-demo.lock --group embedded --group dev --output-file requirements-dev.lock

# Whatever pip this Python brings, and whatever was released since: the lock names every file, and nothing is resolved
# or built. Nothing is compiled either, which would take as long again: Python compiles what it imports, once.
INSTALL := $(RUN) -m pip install -qq --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
	--no-compile --requirement

$(READY): requirements-demo.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Tranche needs Python 3.11 or newer, and $(PYTHON) is older or missing. Name another: make PYTHON=python3.13 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Installing what runs the site into .venv (about half a minute, once)"
	@$(PYTHON) -m venv .venv
	@$(INSTALL) requirements-demo.lock
	@touch $@

# Compiled, for a test run makes errors of warnings, those of the compiler too.
$(DEV): requirements-dev.lock $(READY)
	@echo "Installing what tests and checks need into .venv (about a minute, once)"
	@$(INSTALL) requirements-dev.lock
	@-$(RUN) -m compileall -qq -j 0 .venv/lib
	@touch $@
