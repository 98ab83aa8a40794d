#!/usr/bin/env bash
# Make .venv-fastai beside .venv, for `python -m benchmarks.training_peers`. Usage: setup_fastai.sh [PYTHON]
#
# It sees PyTorch, NumPy and Pillow in .venv, and has fastai (Apache-2.0) and what its vision part needs. spaCy, which
# fastai asks for besides, is for texts alone and left out.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${1:-python3}
site() { "$1" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }

if [ -e .venv-fastai/.installed ]; then exit; fi
printf 'pagesight: installing fastai\n' >&2
"$python" -m venv --clear .venv-fastai
site .venv/bin/python >"$(site .venv-fastai/bin/python)/pagesight.pth"
.venv-fastai/bin/pip install --disable-pip-version-check --quiet --no-deps \
    fastai==2.8.12 beartype==0.23.1 cloudpickle==3.1.3 fastcore==2.2.41 fastdownload==0.0.8 fastprogress==1.0.3 \
    fasttransform==0.0.5 joblib==1.6.0 narwhals==2.29.0 pandas==3.1.1 plum-dispatch==2.9.0 scikit-learn==1.9.1 \
    threadpoolctl==3.8.0 \
    certifi charset-normalizer idna markdown-it-py matplotlib mdurl packaging pygments python-dateutil pyyaml requests rich \
    scipy six typing-extensions urllib3 contourpy cycler fonttools kiwisolver pyparsing
.venv-fastai/bin/python -c 'import fastai.vision.all'
touch .venv-fastai/.installed
