#!/usr/bin/env bash
# Make .venv and install a group of pyproject.toml into it. Usage: setup_python.sh PYTHON GROUP
#
# Everything is installed from requirements/, which believes each file by its hash alone. One exception: torch and
# torchvision come from PyTorch's own index of CPU builds if there is no NVIDIA GPU and that index answers, as exact
# versions without a hash: the package index has the CUDA build for Linux, which is ten times larger.
#
# OpenVINO is left out where there is no build of it: ARM Linux with a C library older than glibc 2.35.
#
# Videos need PyAV, whose package has codecs under the GPL in it. VIDEO=no leaves it out; photographs need none of it.
# Jobs need DBOS, whose driver of PostgreSQL is under the LGPL. JOBS=no leaves it out, and with it videos.
#
# requirements/ names all that is needed, so pip adds nothing to it (--no-deps): OpenVINO and NNCF ask for a package that
# sends usage figures, which is left out.
set -euo pipefail
cd "$(dirname "$0")/.."

python=$1
group=$2
cpu_index=https://download.pytorch.org/whl/cpu
pip=(.venv/bin/python -m pip --disable-pip-version-check --quiet)
hashed=("${pip[@]}" install --no-deps --require-hashes)

say() { printf 'pagesight: %s\n' "$1" >&2; }

torch_pins() { grep -Eo '^(torch|torchvision)==[^ ]+' requirements/torch.txt; }

has_torch() { # in the pinned versions, of whatever build
    torch_pins | .venv/bin/python -c 'if True:
        import sys
        from importlib.metadata import PackageNotFoundError, version
        try:
            found = {line: version(line.partition("==")[0]).partition("+")[0] for line in sys.stdin.read().split()}
        except PackageNotFoundError:
            sys.exit(1)
        sys.exit(any(not pin.endswith("==" + found[pin]) for pin in found))'
}

wants_cpu_build() {
    [ "$(uname -s)" = Linux ] || return 1
    if command -v nvidia-smi >/dev/null && nvidia-smi --list-gpus >/dev/null 2>&1; then return 1; fi
    curl --silent --fail --max-time 5 --output /dev/null "$cpu_index/torch/"
}

install_cpu_build() {
    say "installing PyTorch's CPU build"
    local pins
    mapfile -t pins < <(torch_pins)
    "${pip[@]}" install --no-deps --index-url "$cpu_index" "${pins[@]}" ||
        { say "PyTorch's own index did not give it; the package index will" && return 1; }
}

has_openvino_build() {
    .venv/bin/python -c 'if True:
        import platform, sys
        library, version = platform.libc_ver()
        old = library == "glibc" and tuple(map(int, version.split("."))) < (2, 35)
        sys.exit(old and platform.machine() == "aarch64")'
}

if ! .venv/bin/python -c '' 2>/dev/null; then
    say "making a virtual environment in .venv"
    "$python" -m venv --clear .venv
fi
"${hashed[@]}" --requirement requirements/pip.txt

files=(--requirement "requirements/$group.txt")
if [ "$group" != audit ] && [ "$group" != telegram ]; then
    if ! has_torch && ! { wants_cpu_build && install_cpu_build; }; then files+=(--requirement requirements/torch.txt); fi
    if has_openvino_build; then
        files+=(--requirement requirements/openvino.txt)
    else
        say "there is no build of OpenVINO for this system: PyTorch computes, which takes longer"
    fi
fi
if [ "$group" = runtime ] && [ "${VIDEO:-}" != no ]; then files+=(--requirement requirements/video.txt); fi
if [ "$group" = runtime ] && [ "${JOBS:-}" != no ]; then files+=(--requirement requirements/jobs.txt); fi
say "installing the Python packages ($group); the first time takes a minute or more"
"${hashed[@]}" "${files[@]}"
