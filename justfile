# The habits. `./start` needs none of this; `just setup` makes the developers' environment.

python := ".venv/bin/python"

default:
    @just --list

# environment with all tools
setup:
    [ -x {{python}} ] || python3 -m venv .venv
    {{python}} -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[pg,test,dev]"

# serve with the demo
run:
    ./start

# one round of all sweeps, and what follows
tick:
    .venv/bin/mingtang tick

# fast tests on SQLite
test *args:
    {{python}} -m pytest -n auto --dist worksteal --ignore=tests/e2e -m "not shared and not slow" {{args}}

# the longer lane: slow tests, tests with the developers' shared data
test-long *args:
    {{python}} -m pytest -p tests.marked -n auto --dist worksteal --ignore=tests/e2e -m "(slow or shared) and not soak" --durations=20 {{args}}

# (--minutes 30: each form that kills, cuts, fills, breaks, tampers or probes goes on for so long; tests/e2e
# takes part with its forms without a browser: malformed inputs, probes)
# outside CI, before a release: all random lives, a thousand reports, properties with a hundred examples
soak *args:
    {{python}} -m pytest -n auto --dist worksteal -m "soak or (hypothesis and not e2e)" --hypothesis-profile=thorough {{args}}

# the same tests many times, each time in another order; what differs is named: just flakes tests/licences --repeats 20 --new COMMIT
flakes *args:
    {{python}} scripts/flakes.py {{args}}

# what uses a database once more on PostgreSQL, on a cluster of our own; see the marks `once` and `both`.
# Where `just test` and `just test-long` ran over this code before, each statement is sent, not each a
# hundred times: tests/spared.py
test-pg *args: (test-pg-all "-p" "tests.spared" args)

# before a release: all of them, whatever others send
test-pg-all *args:
    scripts/with-postgres {{python}} -m pytest -n 2 --dist worksteal --ignore=tests/e2e -m "database and not shared and not soak and (both or not once)" --durations=20 {{args}}

# lives of cases and letters behind a pgbouncer in transaction mode; all walks: just test-pgbouncer tests/walks
test-pgbouncer *args="tests/site/test_pooled.py tests/walks/test_letter.py tests/walks/test_referred.py":
    scripts/with-pgbouncer {{python}} -m pytest --reuse-db -p no:xdist -m "not soak" --durations=5 {{args}}

# a real browser; each worker has a city and a server of its own, and waits for half of its time
e2e *args:
    {{python}} -m pytest -n 3 --dist worksteal -m "e2e and not slow" --durations=30 tests/e2e {{args}}

# the same with every form without scripts too
e2e-all *args:
    {{python}} -m pytest -n 2 --dist worksteal -m e2e tests/e2e {{args}}

# pictures of the pages for docs/, taken anew
pictures:
    rm -rf docs/pictures && mkdir -p docs/pictures
    MINGTANG_PICTURES=docs/pictures {{python}} -m pytest -p no:randomly -p no:xdist tests/e2e/test_pictures.py
    {{python}} scripts/make_pictures.py

lint:
    .venv/bin/ruff check .
    .venv/bin/ruff format --check .

fix:
    .venv/bin/ruff check --fix .
    .venv/bin/ruff format .

types:
    .venv/bin/mypy

# call down, tell up
arch:
    .venv/bin/lint-imports

# the models and the migrations say the same
migrations:
    DJANGO_SETTINGS_MODULE=mingtang.site.settings.test {{python}} -m django makemigrations --check --dry-run

# a simulated year of many cases in a folder of its own; fails where its ledger is not whole
year cases="2000":
    #!/usr/bin/env bash
    set -euo pipefail
    home=$(mktemp -d)
    trap 'rm -rf "$home"' EXIT
    MINGTANG_HOME="$home" .venv/bin/mingtang simulate --cases {{cases}} | tee "$home/year.log"
    tail -n 1 "$home/year.log" | {{python}} -c 'import json, sys; assert json.load(sys.stdin)["ledger_ok"]'

# figures with their yardsticks, and docs/performance.md: just bench [NAME…] [--db postgres] [--size million]
bench *args:
    {{python}} -m bench {{args}}

check: lint types arch migrations test

# everything after the README's test command
ci: lint types arch migrations test-long test-pg test-pgbouncer e2e
