#!/usr/bin/env bash
# Make the environments of other programs' servers, FOLDER/libreyolo and FOLDER/inference, if they are not there.
# Usage: setup_other_servers.sh FOLDER PYTHON
#
# Each sees PyTorch in .venv and has the rest of its own, in the versions that it asks for. Needs 2 GB and some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(realpath --canonicalize-missing "$1")
python=$2
site() { "$1" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }

make_environment() { # FOLDER, then what pip installs
    local home=$1 installed=$1/.installed
    shift
    if [ -e "$installed" ]; then return; fi
    printf 'pagesight: installing %s\n' "$(basename "$home")" >&2
    "$python" -m venv --clear "$home"
    site .venv/bin/python >"$(site "$home/bin/python")/pagesight.pth"
    "$home/bin/pip" install --disable-pip-version-check --quiet "$@"
    touch "$installed"
}

# Without OpenCV and NumPy of its own: those of .venv serve.
make_environment "$folder/libreyolo" --no-deps libreyolo==1.6.0 mss typer click safetensors scipy cloudpickle requests \
    urllib3 idna certifi charset-normalizer rich markdown-it-py mdurl pygments shellingham annotated-doc onnx==1.23.2 \
    protobuf ml-dtypes
make_environment "$folder/inference" "inference-cpu[http]==1.8.3"
