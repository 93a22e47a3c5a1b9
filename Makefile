PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup report test lab staleness notebooks bench lock

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q -j 0 $(VENV)/lib spls_study || true
	touch $@

report: setup
	$(BIN)/spls-study build --study study.toml --study demo/intermediaire/study.toml

test: setup
	$(BIN)/python -m pytest

lab: setup
	$(BIN)/spls-study lab

staleness: setup
	SPLS_STALENESS=1 $(BIN)/python -m pytest --override-ini addopts= -v tests/test_staleness.py \
	  tests/large_staleness.py

notebooks: setup
	$(BIN)/python -m spls_study.publish.refresh notebooks

bench: setup
	$(BIN)/python bench/build.py

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --extra test --extra cluster --output-file requirements.lock pyproject.toml
