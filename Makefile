# make app   install what is needed into .venv (once) and open the app
# make test  the same, then all tests
PYTHON ?= python3
PORT ?= 8501
PY := .venv/bin/python
READY := .venv/.ready

.PHONY: app test lint bench assets

app: $(READY)
	@$(PY) -m artrec app --port $(PORT)

test: $(READY)
	@$(PY) -m ruff check . && $(PY) -m pytest

lint: $(READY)
	@$(PY) -m ruff check . && $(PY) -m ruff format --check .

bench: $(READY)
	@$(PY) -m artrec bench

assets: $(READY)
	@$(PY) -m artrec build data/starter --out assets/starter --name "ArtRec starter collection"

# The stamp is written last: an installation that was cut short runs again, a whole one never does.
$(READY): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "ArtRec needs Python 3.11 or newer; run: make $(or $(MAKECMDGOALS),app) PYTHON=python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(PY) -W ignore -m artrec prepare
	@touch $@
