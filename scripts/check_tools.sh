#!/usr/bin/env bash
# Stop with one sentence when Python, Node or make is too old. Usage: check_tools.sh PYTHON MAKE_VERSION
set -euo pipefail

python=$1
make_version=$2

fail() {
    printf 'Pagesight cannot be set up: %s\n' "$1" >&2
    exit 1
}

command -v "$python" >/dev/null || fail "Python 3.11 or newer is needed, and there is no '$python' (PYTHON=... names another)."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "Python 3.11 or newer is needed, and '$python' is $("$python" -V 2>&1) (PYTHON=... names another)."
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "'$python' cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv."

command -v node >/dev/null || fail "Node 20 or newer is needed, and there is no 'node'."
command -v npm >/dev/null || fail "npm is needed beside Node, and there is no 'npm'."
node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' ||
    fail "Node 20 or newer is needed, and 'node' is $(node --version)."

oldest=$(printf '%s\n' 3.81 "$make_version" | sort -V | head -n 1)
[ "$oldest" = 3.81 ] || fail "GNU make 3.81 or newer is needed, and this is '$make_version'."
