#!/usr/bin/env bash
# Write the model that the page itself runs on a visitor's device into site/device/, from which the page is built: MODEL, or
# the `device` of site/site.json. With neither, the page has none, which is no error.
#
# Usage: site_model.sh [PHOTOGRAPHS]      (default: site/examples)
# Environment: MODEL, and that of choose_model.sh.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
. "$repository/scripts/fetch.sh"
target=$repository/site/device

named() {
    "${PYTHON:-python3}" -c 'import json, sys; print(json.load(open(sys.argv[1], encoding="utf-8")).get("device") or "")' \
        "$repository/site/site.json" 2>/dev/null || { say "site/site.json cannot be read: is it JSON?" && exit 1; }
}

model=${MODEL:-$(named)}
if [ -z "$model" ]; then
    rm -rf "$target"
    say 'The page has no model of its own: give one, MODEL=yolox-nano, or name it in site/site.json: "device": "yolox-nano".'
    exit 0
fi
models=$(MODEL=$model "$repository/scripts/choose_model.sh")
export PAGESIGHT_MODELS=$models PYTHONPATH=$repository
exec "$repository/.venv/bin/python" -m api.commands.site_model "${1:-$repository/site/examples}" "$target"
