# Every target sets itself up in .venv, and does so again when pyproject.toml changes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: setup fix check test demo bench watch weights clean

setup: $(READY)

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "Bottega needs Python 3.11, 3.12 or 3.13; this is $$($(PYTHON) --version). Say which: make PYTHON=python3.12"; exit 1; }
	@echo "Setting up $(VENV): some minutes, 2 GB of libraries (PyTorch is the largest); nothing shows until it is done."
	@$(PYTHON) -m venv $(VENV)
	@PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore $(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $(READY)
	@echo "$(VENV) is ready."

fix: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

test: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/timed.py suite $(BIN)/python -m pytest -n auto --dist worksteal -m "not slow"

# Another address: make demo PORT=8001 HOST=0.0.0.0
demo: $(READY)
	$(BIN)/bottega demo $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT))

bench: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist worksteal -m slow
	$(BIN)/python benchmarks/run_all.py

# Train everything that ships into build/weights: make weights DEVICE=cuda SECONDS=600 (benchmarks/weights.md).
DEVICE ?= auto
weights: $(READY)
	$(BIN)/python benchmarks/weights.py --device $(DEVICE) $(if $(SECONDS),--seconds $(SECONDS)) $(if $(SHIP),--ship) $(if $(AGAIN),--again)

watch: $(READY)
	$(BIN)/python benchmarks/watch.py

clean:
	rm -rf $(VENV) demo-shop
