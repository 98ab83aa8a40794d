#!/usr/bin/env bash
# Make the environments of other programs' servers: FOLDER/libreyolo and FOLDER/inference. Usage: setup.sh FOLDER [PYTHON]
#
# Each sees PyTorch in .venv and has the rest of its own, in the versions that it asks for. Needs 2 GB and some minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=$(realpath --canonicalize-missing "$1")
python=${2:-python3}
site() { "$1" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }

for name in libreyolo inference; do
    "$python" -m venv --clear "$folder/$name"
    site .venv/bin/python >"$(site "$folder/$name/bin/python")/pagesight.pth"
done
# Without OpenCV and NumPy of its own: those of .venv serve.
"$folder/libreyolo/bin/pip" install --quiet --no-deps libreyolo==1.6.0 mss typer click safetensors scipy cloudpickle \
    requests urllib3 idna certifi charset-normalizer rich markdown-it-py mdurl pygments shellingham annotated-doc \
    onnx==1.23.2 protobuf ml-dtypes
"$folder/inference/bin/pip" install --quiet "inference-cpu[http]==1.8.3"
