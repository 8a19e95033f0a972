# make run    set up and run: the rehearsal chat, or real Telegram when its secrets are set
# make test   set up and run all tests
# make coverage   the same, and which lines no test reaches; fails below the floor in pyproject.toml
# make check  what a start would meet, without starting
# make faults the long crash matrix and 1,000 random kills under load; ARGS="--kills 100 --seed 7"
# make bench  how fast the bot is, beside other bots, in a few minutes; ARGS="--only P1,P2 --json"
# make bench-full   the same with all sizes and five rounds (an hour or more), into docs/benchmarks.md
# make lint   format, lint, types and import directions
# make lock   (developers, needs uv) resolve the pinned dependencies anew
.DEFAULT_GOAL := help
.PHONY: help run check test coverage faults bench bench-full lint format lock clean

# Twice two cores: many tests wait for processes of their own.
WORKERS ?= 4

# Compiled once for all processes that tests start, also where Python is told to write no bytecode.
PACKAGES = bot handlers question_bank rehearsal reports scheduler scoring store web

help:
	@sed -n 's/^# //p' Makefile

.venv/.installed-requirements.lock: requirements.lock tools/setup.sh
	@tools/setup.sh requirements.lock

run: .venv/.installed-requirements.lock
	@.venv/bin/python -m bot run

check: .venv/.installed-requirements.lock
	@.venv/bin/python -m bot check

test:
	@tools/setup.sh requirements-test.lock
	@tools/browser.sh
	@.venv/bin/python -m compileall -q $(PACKAGES)
	.venv/bin/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

coverage:
	@$(MAKE) --no-print-directory test ARGS="--cov --cov-report=term:skip-covered $(ARGS)"

faults:
	@tools/setup.sh requirements-test.lock
	.venv/bin/python -m tests.faults $(ARGS)

PEERS = benchmarks/peers/requirements

bench:
	@tools/setup.sh requirements-test.lock
	@tools/setup.sh $(PEERS).lock .venv-peers
	@.venv/bin/python -m benchmarks $(ARGS)

bench-full:
	@$(MAKE) --no-print-directory bench ARGS="--full --markdown docs/benchmarks.md $(ARGS)"

lint:
	@tools/setup.sh requirements-test.lock
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

format:
	@tools/setup.sh requirements-test.lock
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

LOCK = uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --no-header --quiet

lock:
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) pyproject.toml --group test -o requirements-test.lock
	$(LOCK) $(PEERS).in -o $(PEERS).lock

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
