# The newest that starts (a name that pyenv leaves on PATH may not), unless PYTHON=... says which.
PYTHON ?= $(shell for name in python3.14 python3.13 python3.12 python3.11; do \
  $$name -c '' 2>/dev/null && echo $$name && break; done)
VENV := .venv
BIN := $(VENV)/bin
UV := uv pip install --quiet --python $(BIN)/python --no-deps
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps

.PHONY: setup with-uv with-pip report test test-all lab lint coverage notebooks bench dist licences audit lock

setup: $(VENV)/.ready

# uv knows nothing of pip's configuration (mirror, certificate): where it cannot install, pip does.
$(VENV)/.ready: requirements.lock pyproject.toml
	@if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  echo "Il faut Python 3.11, 3.12, 3.13 ou 3.14. Installez-le, ou dites où il est par « make PYTHON=chemin »." >&2; \
	  exit 1; fi
	@echo "Installation dans $(VENV), avec $(PYTHON)."
	@$(MAKE) --silent with-uv 2>/dev/null || $(MAKE) --silent with-pip
	@$(BIN)/python -W ignore -m compileall -q -j 0 spls_study notebook_reports
	@touch $@

with-uv:
	uv venv --quiet --clear --python $(PYTHON) $(VENV)
	$(UV) --compile-bytecode --require-hashes -r requirements.lock
	$(UV) --no-build-isolation --editable .

with-pip:
	if ! $(PYTHON) -c 'import ensurepip' 2>/dev/null; then \
	  echo "Le module venv de $(PYTHON) manque. Sous Debian et Ubuntu, « sudo apt install python3-venv » l'installe." >&2; \
	  exit 1; fi
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) --no-compile --require-hashes -r requirements.lock
	$(PIP) --no-build-isolation --editable .
	$(BIN)/python -W ignore -m compileall -q -j 0 $(VENV)/lib || true

report: setup
	$(BIN)/spls-study build --study study.toml --study demo/intermediaire/study.toml

# All but what is long by nature.
test: setup
	$(BIN)/python -m pytest -m "not slow"

test-all: setup
	$(BIN)/python -m pytest

# The whole suite, and what it covers.
coverage: setup
	$(BIN)/python -m pytest --cov=spls_study --cov=notebook_reports --cov-report=term:skip-covered

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/deptry spls_study notebook_reports notebooks demo
	$(BIN)/deptry . tests bench --exclude '\.venv|build' --ignore DEP004

lab: setup
	$(BIN)/spls-study lab

notebooks: setup
	$(BIN)/python -m demo.stored notebooks

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
	uv pip compile --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-header --no-annotate \
	  --extra test --extra cluster --output-file requirements.lock pyproject.toml
