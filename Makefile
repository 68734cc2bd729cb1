PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
RAW ?= data/raw
PROCESSED ?= data/processed
ARGS ?=

.DEFAULT_GOAL := help

help: ## explain the targets
	@echo "Communique: who met, called or said what to whom, from news in three languages"
	@echo
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24
	@echo
	@echo "  RAW=DIR and PROCESSED=DIR name other folders; ARGS='...' hands options on."

$(VENV)/.installed: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

extract: $(VENV)/.installed ## read data/raw, write data/processed; only what is new or changed
	@$(BIN)/communique extract --raw $(RAW) --processed $(PROCESSED) $(ARGS)

test: $(VENV)/.dev ## lint, check types and run the tests
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

evaluate: $(VENV)/.installed ## score against annotated text: make evaluate GOLD=DIR
	@$(BIN)/communique evaluate --gold $(or $(GOLD),benchmarks/gold) $(ARGS)

benchmark: $(VENV)/.dev ## measure articles and tokens a second
	@$(BIN)/python benchmarks/throughput.py $(ARGS)

docs: $(VENV)/.dev ## print the tables of README.md and docs/ anew from the code
	@$(BIN)/python -m pipeline.docs

clean: ## remove the tables and the virtual environment
	rm -rf $(PROCESSED) $(VENV)

.PHONY: help extract test evaluate benchmark docs clean
