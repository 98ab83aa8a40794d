#!/usr/bin/env bash
# Make .venv and install a group of pyproject.toml into it. Usage: setup_python.sh PYTHON runtime|dev
#
# torch and torchvision come from PyTorch's own index of CPU builds where there is no NVIDIA GPU and that index answers:
# the package index has the CUDA build for Linux, which is ten times larger.
set -euo pipefail
cd "$(dirname "$0")/.."

python=$1
group=$2
cpu_index=https://download.pytorch.org/whl/cpu
pip=(.venv/bin/python -m pip --disable-pip-version-check --quiet)

say() { printf 'pagesight: %s\n' "$1" >&2; }

pinned() { # the requirement of one package, as in `torch==2.14.1`
    .venv/bin/python - "$1" <<'EOF'
import sys, tomllib
groups = tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]
print(next(pin for pin in groups["runtime"] if pin.startswith(sys.argv[1] + "==")))
EOF
}

wants_cpu_build() {
    [ "$(uname -s)" = Linux ] || return 1
    if command -v nvidia-smi >/dev/null && nvidia-smi --list-gpus >/dev/null 2>&1; then return 1; fi
    curl --silent --fail --max-time 5 --output /dev/null "$cpu_index/torch/"
}

if ! .venv/bin/python -c '' 2>/dev/null; then
    say "making a virtual environment in .venv"
    "$python" -m venv --clear .venv
fi
"${pip[@]}" install pip==26.3

if ! .venv/bin/python -m pip show --quiet torch torchvision 2>/dev/null && wants_cpu_build; then
    say "installing PyTorch's CPU build"
    "${pip[@]}" install --index-url "$cpu_index" "$(pinned torch)" "$(pinned torchvision)" ||
        say "PyTorch's own index did not give it; the package index will"
fi
say "installing the Python packages ($group); the first time takes a minute or more"
"${pip[@]}" install --group "$group"
