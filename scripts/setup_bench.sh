#!/usr/bin/env bash
# Make .venv-bench beside .venv: it sees all that is in .venv, and has the peers of the benchmarks besides.
# Usage: setup_bench.sh PYTHON
#
# The peers are installed without what they ask for: the group `bench` of pyproject.toml names all of it, so that torch,
# NumPy and OpenCV stay those that serve.
set -euo pipefail
cd "$(dirname "$0")/.."

python=$1
pip=(.venv-bench/bin/python -m pip --disable-pip-version-check --quiet)

say() { printf 'pagesight: %s\n' "$1" >&2; }

if [ ! -x .venv/bin/python ]; then
    say "the benchmarks stand on .venv: run \`make bench\`, or scripts/setup_python.sh $python evaluate before this"
    exit 1
fi
say "making a virtual environment in .venv-bench"
"$python" -m venv --clear .venv-bench # anew, so that no package stays in it that is locked no more
site() { "$1" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }
site .venv/bin/python >"$(site .venv-bench/bin/python)/pagesight.pth"

say "installing the benchmarks' peers"
"${pip[@]}" install --no-deps --require-hashes --requirement requirements/bench.txt
