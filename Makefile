# Glyphmill. Every target does the set-up it needs; a second call does none of it again.
# A set-up step is done when its stamp exists, and is stale when a file it was made from is newer.

.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

N ?= 1000
SEED ?= 0
WORKERS ?=
RAY ?=
OUT ?= data/$(RECIPE)

RENDER = .venv/bin/glyphmill render $(RECIPE) -n "$(N)" -o "$(OUT)" --seed "$(SEED)" \
	$(if $(WORKERS),--workers "$(WORKERS)") $(if $(RAY),--ray "$(RAY)")

STAMPS := .venv/stamps
PYTHON := .venv/bin/python
SETUP := deploy/setup.sh
BIOME := .venv/share/glyphmill/javascript_lint/node_modules/.bin/biome

# ------------------------------------------------------------------------------------------------- the mill

# A recipe is a file of pipelines/recipes; what it needs of the machine is said here. `-` in a target is `_` in its name.

render-charts: $(STAMPS)/charts ## Charts by Matplotlib and ECharts, N rows (N=1e6 is a number), into OUT
render-formulas: $(STAMPS)/tex ## Formulas by TeX, N rows, into OUT
render-tables: $(STAMPS)/tex ## Tables by TeX, N rows, into OUT
render-geometry: $(STAMPS)/tex ## Plane geometry and curves by TikZ, N rows, into OUT
render-formulas-mathpix: $(STAMPS)/mathjax ## Formulas by MathJax in the browser, N rows, into OUT
render-molecules-mathpix: $(STAMPS)/mathjax ## Molecules by mathpix-markdown-it in the browser, N rows, into OUT
render-documents: $(STAMPS)/documents ## Pages and pieces of plain text in 14 languages, N rows, into OUT
render-lines: $(STAMPS)/documents ## Slices of text in 14 languages, tightly cut, N rows, into OUT
render-tiny: $(STAMPS)/documents ## Slices of 1 to 8 characters, what train-tiny learns to read, N rows, into OUT
render-pages: $(STAMPS)/documents $(STAMPS)/mathjax ## Formatted pages in Mathpix Markdown, N rows, into OUT

render-%: RECIPE = $(subst -,_,$*)
render-%: $(STAMPS)/runtime
	$(RENDER)

# ------------------------------------------------------------------------------------------------- the model

TINY ?= data/got-tiny

.PHONY: train-tiny
train-tiny: $(STAMPS)/train $(STAMPS)/documents ## From nothing to a model that reads line slices, on two cores, into data/got-tiny
	.venv/bin/glyphmill render tiny -n 200000 -o "$(TINY)/slices"
	.venv/bin/got-model train tiny --data "$(TINY)/slices" -o "$(TINY)/model" $(if $(wildcard $(TINY)/model/checkpoints),--resume)
	.venv/bin/got-model eval "$(TINY)/model" "$(TINY)/slices:test" -o "$(TINY)/report" --batch 64 --max-new-tokens 16 --fresh
	.venv/bin/got-model eval "$(TINY)/model" "$(TINY)/slices:test" -o "$(TINY)/control" --batch 64 --max-new-tokens 16 --fresh --shuffle-pictures

.PHONY: report
report: RECIPE ?= charts
report: $(STAMPS)/runtime ## One HTML page of the data set in OUT
	.venv/bin/glyphmill report "$(OUT)"

.PHONY: doctor
doctor: $(STAMPS)/runtime ## Every tool with its version, and how to install what is missing
	.venv/bin/glyphmill doctor

# ------------------------------------------------------------------------------------------------- the house

.PHONY: setup setup-mill setup-train setup-charts setup-tex setup-documents setup-mathjax
setup: $(STAMPS)/dev setup-mill setup-train ## Everything: Python packages, engines, fonts, development tools
setup-mill: $(STAMPS)/runtime setup-charts setup-tex setup-documents setup-mathjax ## What all recipes need
setup-train: $(STAMPS)/train ## What got-model needs
# One part of it: an error of the mill says which.
setup-charts setup-tex setup-documents setup-mathjax: setup-%: $(STAMPS)/%

.PHONY: test
test: setup ## Lint, types and all tests but the slow ones
	$(MAKE) lint
	$(PYTHON) -m pytest -n auto --maxprocesses=4 --dist loadfile --no-loadscope-reorder -m "not slow" $(PYTEST)

.PHONY: test-slow
test-slow: setup ## The proofs that take minutes: coverage, broken promises, crashes at full size, flat memory, a Ray cluster
	$(MAKE) coverage
	$(PYTHON) -m pytest -n auto --maxprocesses=4 --dist loadgroup -m slow $(PYTEST)

.PHONY: test-fresh
test-fresh: ## All from an empty machine: a bare Debian in a folder (root, mmdebstrap); FRESH_TEST=0 leaves `make test` out
	deploy/fresh.sh

# A tracer doubles what the tests cost, so the floor is no part of `make test`.
.PHONY: coverage
coverage: setup ## All tests but the slow ones with the lines they reach counted; fails below the floor of pyproject.toml
	$(PYTHON) -m pytest -n auto --maxprocesses=4 --dist loadfile --no-loadscope-reorder -m "not slow" --cov $(PYTEST)

.PHONY: lint
lint: $(STAMPS)/dev ## ruff, mypy --strict, and biome for the JavaScript
	.venv/bin/ruff check --no-cache .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	$(BIOME) lint --config-path=deploy/javascript_lint --error-on-warnings templates

.PHONY: hooks
hooks: $(STAMPS)/dev ## Let git run the tools of `make lint` before each commit
	.venv/bin/pre-commit install

.PHONY: bench
bench: setup ## The measured table: kept samples a second against the naive script, in one run
	$(SETUP) apt templates/apt/bench.txt
	$(PYTHON) -m tests.bench $(BENCH)

# No prerequisites: without a reason, nothing runs.
.PHONY: golden
golden: ## Record what renderers of raised versions draw: REASON="what changed, and why" make golden
	$(if $(strip $(value REASON)),,$(error say what changed and why: REASON="..." make golden))
	$(MAKE) setup
	$(PYTHON) -m pytest tests/golden --record-golden="$$REASON"

.PHONY: lock
lock: $(STAMPS)/dev ## Solve the pinned Python packages again
	$(PYTHON) -m pip install --quiet pip-tools
	cd deploy && for extra in "setup,dev,train:requirements-dev.lock" "setup:requirements.lock" \
			"setup,train:requirements-train.lock"; do \
		../$(PYTHON) -m piptools compile --quiet --generate-hashes --strip-extras --unsafe-package torch --no-header --no-annotate \
			--no-emit-index-url --no-emit-find-links --no-emit-trusted-host $${whole:+--constraint $${whole}} \
			--extra "$${extra%%:*}" -o "$${extra##*:}" ../pyproject.toml; whole=requirements-dev.lock; done

.PHONY: clean
clean: ## Remove the set-up (not the data)
	rm -rf .venv

.PHONY: help
help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F'\t' '{ printf "  make %-24s %s\n", $$1, $$2 }'
	@echo "  N=$(N) rows  OUT=data/<recipe>  SEED=$(SEED)  WORKERS=<all cores>  RAY=<address>"

# ------------------------------------------------------------------------------------------------- set-up

$(STAMPS)/runtime: deploy/requirements.lock pyproject.toml $(SETUP)
	$(SETUP) python deploy/requirements.lock
	@touch $@

# PyTorch is not in the lock files: which build is right depends on the machine's GPU, and each has hashes of its own.
$(STAMPS)/train: $(STAMPS)/runtime deploy/requirements-train.lock templates/apt/train.txt
	$(SETUP) apt templates/apt/train.txt
	$(SETUP) python deploy/requirements-train.lock
	$(SETUP) torch 2.13.0
	@touch $@

$(STAMPS)/dev: $(STAMPS)/runtime deploy/requirements-dev.lock deploy/javascript_lint/package-lock.json
	$(SETUP) python deploy/requirements-dev.lock
	$(SETUP) torch 2.13.0
	$(SETUP) npm deploy/javascript_lint
	@touch $@

$(STAMPS)/tex: templates/apt/tex.txt $(SETUP)
	$(SETUP) apt templates/apt/tex.txt
	@mkdir -p $(@D) && touch $@

# The reader of GOT's users draws formulas, and tests typeset formula targets in it; browser and fonts are those of charts.
$(STAMPS)/mathjax: templates/apt/charts.txt templates/mathpix_formulas/package-lock.json $(SETUP)
	$(SETUP) apt templates/apt/charts.txt
	$(SETUP) npm templates/mathpix_formulas
	@mkdir -p $(@D) && touch $@

$(STAMPS)/charts: templates/apt/charts.txt templates/pyecharts_charts/package-lock.json $(SETUP)
	$(SETUP) apt templates/apt/charts.txt
	$(SETUP) npm templates/pyecharts_charts
	@mkdir -p $(@D) && touch $@

$(STAMPS)/documents: templates/apt/charts.txt templates/apt/documents.txt $(STAMPS)/prose $(SETUP)
	$(SETUP) apt templates/apt/charts.txt
	$(SETUP) apt templates/apt/documents.txt
	@mkdir -p $(@D) && touch $@

# The text that pages are set from where the user gives none.
$(STAMPS)/prose: $(STAMPS)/runtime templates/apt/prose.txt templates/prose/package-lock.json templates/prose/requirements.txt \
		templates/prose/sources.toml templates/prose/judge.toml templates/prose/sentences.toml \
		$(wildcard pipelines/corpora/*.py pipelines/corpora/text/*.py) $(SETUP)
	$(SETUP) apt templates/apt/prose.txt
	$(SETUP) npm templates/prose
	$(SETUP) data templates/prose
	@echo "setup: making the corpus of text that pages are set from; once, some minutes"
	.venv/bin/glyphmill corpus prose
	@mkdir -p $(@D) && touch $@
