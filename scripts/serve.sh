#!/usr/bin/env bash
# What `make run` starts: the server that the arguments name, and beside it the worker for jobs, as long as it runs.
#
# PAGESIGHT_JOBS=off goes without a worker, and so does an installation without DBOS (JOBS=no).
set -euo pipefail
cd "$(dirname "$0")/.."

python=.venv/bin/python
asked_to_end=0
wrong_settings=78

keep_worker() {
    local status
    trap 'kill $! 2>/dev/null; wait; exit' TERM
    while :; do
        "$python" -m api.worker &
        status=0
        wait $! || status=$?
        if [ "$status" = $asked_to_end ] || [ "$status" = $wrong_settings ]; then return; fi
        echo "pagesight: the worker ended with status $status; it is started again" >&2
        sleep 1
    done
}

if [ -z "${PAGESIGHT_JOBS:-}" ] && "$python" -c 'import importlib.util, sys; sys.exit(not importlib.util.find_spec("dbos"))'; then
    export PAGESIGHT_JOBS=sqlite
fi
if [ "${PAGESIGHT_JOBS:-off}" = off ]; then exec "$@"; fi

keep_worker &
keeper=$!
"$@" &
server=$!
trap 'kill "$server" 2>/dev/null' TERM INT
status=0
wait "$server" || status=$?
while kill -0 "$server" 2>/dev/null; do # a signal ended the waiting, and the server finishes what it has begun
    status=0
    wait "$server" || status=$?
done
kill "$keeper" 2>/dev/null || true
wait "$keeper" || true
exit "$status"
