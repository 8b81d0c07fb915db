# Roundsman 巡迹. `make help` lists what there is; every tool is configured once, where it is used.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
DEMO ?= 1
WORKERS ?= 3

VENV := .venv
BIN := $(VENV)/bin
# Compiled once, not by each of the many processes that tests start, whatever the shell asks for
export PYTHONDONTWRITEBYTECODE :=

RUN_STAMP := $(VENV)/.installed-run
DEV_STAMP := $(VENV)/.installed-dev
NODE_STAMP := pwa/node_modules/.installed
DIST_STAMP := pwa/dist/.built
PWA_SOURCES := $(shell find pwa -path pwa/node_modules -prune -o -path pwa/dist -prune -o -type f -print 2>/dev/null)

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

# ---------- set-up ----------

$(BIN)/uv: requirements-setup.lock
	@$(PYTHON) -c 'import sys; sys.exit("Roundsman needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock
	@touch $@

$(RUN_STAMP): requirements.lock | $(BIN)/uv
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements.lock
	@printf '#!%s\nimport sys\nsys.path.insert(0, "%s")\nfrom server.cli import main\nmain(prog_name="roundsman")\n' "$(CURDIR)/$(BIN)/python" "$(CURDIR)" > $(BIN)/roundsman
	@chmod +x $(BIN)/roundsman
	@touch $@

$(DEV_STAMP): requirements-dev.lock | $(RUN_STAMP)
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements-dev.lock
	@touch $@

$(NODE_STAMP): pwa/package-lock.json
	@node -e 'if (+process.versions.node.split(".")[0] < 20) { console.error("Roundsman needs Node 20 or newer"); process.exit(1) }'
	cd pwa && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(DIST_STAMP): $(NODE_STAMP) $(PWA_SOURCES)
	cd pwa && npm run --silent build
	@touch $@

.PHONY: setup
setup: $(DEV_STAMP) $(NODE_STAMP) ## install everything for running and developing
	@:

.PHONY: build
build: $(DIST_STAMP) ## build the phone app and the console; fails over the size budget
	@:

# ---------- running ----------

.PHONY: run
run: $(RUN_STAMP) $(DIST_STAMP) ## start Roundsman with the demo estate (PORT=8000 HOST=127.0.0.1; DEMO=0 starts empty)
	@PORT=$(PORT) $(BIN)/roundsman serve --host $(HOST) --port $(PORT) $(if $(filter 0,$(DEMO)),--no-demo,--demo)

# ---------- checking ----------

.PHONY: check check-python check-pwa
check: $(DEV_STAMP) $(NODE_STAMP) ## lint, types, layers, size budget, locks
	@$(MAKE) --no-print-directory -j2 check-python check-pwa

check-python: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tests/check_locks.py

check-pwa: $(NODE_STAMP)
	cd pwa && npm run --silent types && npm run --silent lint && npm run --silent layers
	$(MAKE) --no-print-directory build

.PHONY: test
test: check ## everything: checks, Python on SQLite and PostgreSQL, TypeScript, browser journeys
	cd pwa && npm run --silent test
	tests/browser/ensure-chromium.sh
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder

.PHONY: test-engines
test-engines: $(DEV_STAMP) $(DIST_STAMP) ## the Python tests of the server, every one of them on SQLite and on PostgreSQL
	ENGINES=both $(BIN)/python -m pytest -q -p no:playwright -n $(WORKERS) --dist loadfile tests/api tests/access tests/edge tests/simulation

.PHONY: race
race: $(DEV_STAMP) ## many writers and a polling reader on both engines: no row of the feed is skipped (EACH=250 SEED=…)
	@$(BIN)/python -m tests.race $(if $(EACH),--each $(EACH)) $(if $(SEED),--seed $(SEED))

.PHONY: bench
bench: $(DEV_STAMP) $(DIST_STAMP) ## push, the same again, pull and photos beside a bare reference (ONLY=push DATABASE=sqlite)
	@$(BIN)/python -m bench.sync $(if $(ONLY),--only $(ONLY)) $(if $(DATABASE),--database $(DATABASE))

.PHONY: bench-push
bench-push: $(DEV_STAMP) ## the push alone, in one process, for profiling (DATABASE=postgresql)
	@$(BIN)/python -m bench.push $(if $(DATABASE),--database $(DATABASE))

.PHONY: bench-policies
bench-policies: $(DEV_STAMP) ## what PostgreSQL's row policies cost a push: batches by turns with and without them
	@$(BIN)/python -m bench.policies

.PHONY: bench-assets
bench-assets: $(DEV_STAMP) ## the asset register: import, list, completeness, export (ASSETS=50000)
	@$(if $(ASSETS),ASSETS=$(ASSETS)) $(BIN)/python -m bench.assets
.PHONY: bench-orders
bench-orders: $(DEV_STAMP) ## the board and the list over a hundred thousand work orders (DATABASE=sqlite ORDERS=100000)
	@$(BIN)/python -m bench.orders $(if $(DATABASE),--database $(DATABASE))

.PHONY: bench-report
bench-report: $(DEV_STAMP) ## a month's report and the board of one site among a hundred, at a million records (DATABASE=sqlite SITES=100)
	@$(BIN)/python -m bench.report $(if $(DATABASE),--database $(DATABASE)) $(if $(SITES),--sites $(SITES))

.PHONY: bench-stock
bench-stock: $(DEV_STAMP) ## stock over many moves: one more, a page of history, every part proved (ROUNDSMAN_BENCH_MOVES=100000)
	$(BIN)/python -m bench.stock

.PHONY: bench-board
bench-board: $(DEV_STAMP) ## boards kept fresh by asking, beside a stream of events (VIEWERS=10 LOOKS=12)
	@$(BIN)/python -m bench.board_updates

.PHONY: bench-meters
bench-meters: $(DEV_STAMP) ## the chart of a meter over a million readings, and what else its page asks (DATABASE=sqlite READINGS=1000000)
	@$(BIN)/python -m bench.meters $(if $(DATABASE),--database $(DATABASE)) $(if $(READINGS),--readings $(READINGS))

.PHONY: bench-lookup
bench-lookup: $(NODE_STAMP) ## finding one asset among thousands on the phone, without a network (ASSETS=5000 ROUNDS=400)
	@cd pwa && node scripts/run.mjs src/testing/lookup/main.ts

.PHONY: fuzz
fuzz: $(DEV_STAMP) ## odd input without end: every reader, and every operation of the API under schemathesis (FUZZ=2000 SEED=…)
	@FUZZ=$(or $(FUZZ),2000) $(BIN)/python -m pytest -q -p no:playwright tests/fuzz
	@FUZZ=$$(( $(or $(FUZZ),2000) / 40 + 1 )) $(if $(SEED),SEED=$(SEED)) $(BIN)/python -m pytest -q -p no:playwright tests/api/apidocs/test_schemathesis.py

.PHONY: faults
faults: $(DEV_STAMP) $(NODE_STAMP) ## the phone engine behind bad networks, with a real server on SQLite and PostgreSQL (SECONDS=120 SEED=…)
	@$(BIN)/python -m tests.faults.networks

.PHONY: simulate
simulate: $(DEV_STAMP) ## a state machine of phones, faults and set-backs against the real server (ROUNDS=1000, or SEED=…)
	@$(BIN)/python -m tests.simulation --rounds $(or $(ROUNDS),1000) $(if $(SEED),--seed $(SEED))

.PHONY: estate-month
estate-month: $(DEV_STAMP) ## a month of a residential estate and a hospital, whose report must be what really happened (SEED=… DATABASE=postgres)
	@$(BIN)/python -m tests.estate_month $(if $(SEED),--seed $(SEED)) $(if $(DATABASE),--database $(DATABASE))

.PHONY: simulate-phone
simulate-phone: $(NODE_STAMP) ## the phone engine in an order that a seed foretells (ROUNDS=1000, or SEED=… TELL=1)
	@cd pwa && node scripts/run.mjs src/testing/simulation/main.ts

# ---------- breaking it (docs/testing.md) ----------

.PHONY: mutants
mutants: $(DEV_STAMP) $(NODE_STAMP) ## break one mechanism after the other; fails when its test stays green (ONLY=part of a name)
	@$(BIN)/python -m tests.mutants.run $(if $(ONLY),--only "$(ONLY)")

.PHONY: kill
kill: $(DEV_STAMP) ## kill -9 the server and its database under load, at named points and at random (KILLS=100 SEED=…)
	@$(BIN)/python -m tests.faults.killing --kills $(or $(KILLS),100) $(if $(SEED),--seed $(SEED))

.PHONY: powercut
powercut: $(DEV_STAMP) ## cut the power of the disk under load (CUTS=20 SEED=…; root on Linux)
	@$(BIN)/python -m tests.faults.powercut --cuts $(or $(CUTS),20) $(if $(SEED),--seed $(SEED))

.PHONY: kill-chromium
kill-chromium: $(DEV_STAMP) $(DIST_STAMP) ## kill Chromium while the app saves, over and over (KILLS=30 SEED=…)
	@$(BIN)/python -m tests.faults.chromium kill --kills $(or $(KILLS),30) $(if $(SEED),--seed $(SEED))

.PHONY: powercut-chromium
powercut-chromium: $(DEV_STAMP) $(DIST_STAMP) ## cut the power of Chromium's disk while the app saves (CUTS=3 SEED=…; root on Linux)
	@$(BIN)/python -m tests.faults.chromium powercut --cuts $(or $(CUTS),3) $(if $(SEED),--seed $(SEED))

.PHONY: month
month: $(DEV_STAMP) $(DIST_STAMP) ## a month without a network on one phone, then all of it sent (RECORDS=3000 PHOTOS=2000)
	@$(BIN)/python -m tests.faults.month --records $(or $(RECORDS),3000) --photos $(or $(PHOTOS),2000)

.PHONY: full-disk
full-disk: $(DEV_STAMP) ## run the server out of room, inodes, descriptors, and let its disk fail (SEED=…; root on Linux)
	@$(BIN)/python -m tests.faults.full_disk $(if $(SEED),--seed $(SEED))

.PHONY: pg-restarts
pg-restarts: $(DEV_STAMP) ## take the database away under load, over and over (RESTARTS=40 SEED=…)
	@$(BIN)/python -m tests.faults.pg_restarts --restarts $(or $(RESTARTS),40) $(if $(SEED),--seed $(SEED))

.PHONY: rollback
rollback: $(DEV_STAMP) ## put an old backup in the place of the data and let phones heal it (RECORDS=1000 SEED=…)
	@$(BIN)/python -m tests.faults.rollback --records $(or $(RECORDS),1000) $(if $(SEED),--seed $(SEED))

.PHONY: storm
storm: $(DEV_STAMP) ## let all phones come back at once after an outage on SQLite and PostgreSQL (PHONES=500 SEED=…)
	@$(BIN)/python -m tests.faults.storm --phones $(or $(PHONES),500) $(if $(SEED),--seed $(SEED))

.PHONY: soak
soak: $(DEV_STAMP) $(NODE_STAMP) ## all long harnesses in a row, with the conservation equation of each (hours)
	@$(BIN)/python -m tests.faults.soak

.PHONY: format
format: $(DEV_STAMP) ## bring Python into its format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: lock
lock: $(DEV_STAMP) ## resolve the Python locks anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --python-version 3.11 -q -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml -c requirements-dev.lock --universal --generate-hashes --no-emit-index-url --no-annotate --python-version 3.11 -q -o requirements.lock

.PHONY: clean
clean: ## remove what was built and installed; keeps var/
	rm -rf $(VENV) pwa/node_modules pwa/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
