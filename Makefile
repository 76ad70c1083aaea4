# Everything happens in .venv; nothing but Python 3.11+ and make is needed.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000

.PHONY: help setup run demo test fuzz lint audit bench bench-speed peers format words docs pictures icons simulation clean
help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: .venv/.ready ## make .venv with all that is needed

.venv/.ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Backstride needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

run: setup ## serve the site on http://127.0.0.1:8000
	$(BIN)/backstride serve --port $(PORT)

demo: setup ## the same, with a demo walker and a demo clinic to look at
	$(BIN)/backstride serve --port $(PORT) --demo

test: setup ## all tests, with a real browser
	@sh tools/ensure_chromium.sh
	$(BIN)/pytest -n auto

SECONDS ?= 60
SEED ?= 1
fuzz: setup ## break files for every importer, and keep what goes wrong
	$(BIN)/python tests/fuzz --seconds $(SECONDS) --seed $(SEED) $(if $(SOURCE),--source $(SOURCE))

lint: setup ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## let ruff lay the code out
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

audit: setup ## speed, weight and access of the pages, by Lighthouse and over 3G (WRITE=--write)
	@sh tools/ensure_chromium.sh
	$(BIN)/python -m benchmarks.audit $(WRITE)

peers: setup ## environments for the tools that ours is measured beside
	$(BIN)/python -m benchmarks.peers.environments

# `make bench PEERS=no` measures ours alone; so does `make bench-speed PEERS=no`.
WITH_PEERS := $(if $(filter no,$(PEERS)),,peers)

bench: setup $(WITH_PEERS) ## accuracy on the real recordings with ground truth, beside peers
	$(BIN)/python -m benchmarks.accuracy
	$(if $(WITH_PEERS),$(BIN)/python -m benchmarks.peers)

bench-speed: setup $(WITH_PEERS) ## seconds and memory for a week's recording, beside peers
	$(BIN)/python -m benchmarks.speed
	$(if $(WITH_PEERS),$(BIN)/python -m benchmarks.peers.speed)

words: setup ## find the texts to translate, and compile the translations
	$(BIN)/python tools/words.py

docs: setup ## make the pages again that are made from the code
	$(BIN)/python tools/commands_page.py docs/commands.md
	$(BIN)/python tools/sources_page.py docs/sources.md
	$(BIN)/python -m backstride.regimen.rules docs/rules.md

pictures: setup ## take the screenshots and draw the figures in docs again
	$(BIN)/python tools/pictures.py
	$(BIN)/python tools/method_figures.py

icons: setup ## draw the app's icons from the site's mark again
	$(BIN)/python tools/icons.py

simulation: setup ## run the virtual walkers again for docs/simulation.md
	$(BIN)/python tools/simulation_page.py

clean: ## remove what setup made
	rm -rf .venv .peers .audit build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
