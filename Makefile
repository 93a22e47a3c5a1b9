PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup report test lab lint coverage staleness regions notebooks bench dist licences audit lock

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q -j 0 $(VENV)/lib spls_study || true
	touch $@

report: setup
	$(BIN)/spls-study build --study study.toml --study demo/intermediaire/study.toml

test: setup
	$(BIN)/python -m pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy

# Without what runs notebooks, browsers and commands, in processes that are not measured.
coverage: setup
	$(BIN)/python -m pytest --cov=spls_study --cov-report=term:skip-covered tests/test_analysis_*.py \
	  tests/test_codebook.py tests/test_demo*.py tests/test_editions.py tests/test_files.py tests/test_filters.py \
	  tests/test_forms.py tests/test_intake_*.py tests/test_publish_*.py tests/test_reads.py tests/test_show_*.py \
	  tests/test_study.py tests/test_tables.py

lab: setup
	$(BIN)/spls-study lab

staleness: setup
	SPLS_STALENESS=1 $(BIN)/python -m pytest --override-ini addopts= -v tests/test_staleness.py \
	  tests/large_staleness.py

regions: setup
	SPLS_WHOLE=1 $(BIN)/python -m pytest -n auto --dist load tests/test_new.py -k filled

notebooks: setup
	$(BIN)/python -m spls_study.publish.refresh notebooks

bench: setup
	$(BIN)/python bench/build.py

# Both distributions, then the wheel alone in an environment of its own, making a new study.
dist: setup
	rm -rf dist build/dist
	$(BIN)/python -m hatchling build
	$(PYTHON) -m venv build/dist
	build/dist/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	build/dist/bin/python -m pip install --quiet --no-deps dist/*.whl
	cd build/dist && bin/spls-study new essai --region 94
	cd build/dist && bin/spls-study build --study essai/study.toml --territory 2A --notebook 5

licences: setup
	$(BIN)/pip-licenses --format=markdown --ignore-packages spls_study --output-file docs/licences.md

# Asks the package index for known vulnerabilities of what is locked.
audit:
	$(PYTHON) -m venv build/audit
	build/audit/bin/python -m pip install --quiet pip-audit
	build/audit/bin/pip-audit --requirement requirements.lock --require-hashes --disable-pip

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --extra test --extra cluster --output-file requirements.lock pyproject.toml
