# make run: the demo. make test: everything a change must pass. Both set themselves up.
SHELL := /bin/sh
BIN := .venv/bin
ONLY ?=
PORT ?= 8000

.PHONY: run test lint unit bench setup clean help

help:
	@sed -n "s/^# //p;s/^\([a-z]*\):.*## /  make \1  /p" Makefile

run: ## set up and start the demo on PORT; Ctrl-C stops it
	@.ci/setup run
	@exec $(BIN)/sinergi demo --port $(PORT)

setup: ## set up the tools of a developer
	@.ci/setup dev

test: setup lint unit ## set up, then lint and every test, browser ones included

lint:
	$(BIN)/ruff check -q
	$(BIN)/ruff format --check -q
	$(BIN)/lint-imports --no-logo >/dev/null || $(BIN)/lint-imports
	$(BIN)/mypy

unit:
	$(BIN)/pytest -q -n 3 --dist loadgroup $(ARGS)

bench: ## measure; ONLY=sheet|import|form|list|weight|axe|mail for one figure; PAGES=company:,journey: for some pages of axe
	@.ci/setup dev
	@$(BIN)/python -m bench $(ONLY)

clean: ## remove what was made; the data of the demo stay
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache app/frontend/node_modules app/static/dist bench/.venv
	find . -name __pycache__ -prune -exec rm -rf {} + ; find . -name "*.mo" -delete
