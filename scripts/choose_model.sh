#!/usr/bin/env bash
# Print the names of the models to serve, with commas between; say on stderr which they are, and why.
#
# MODEL (or PAGESIGHT_MODELS, or PAGESIGHT_MODEL) if it is given, else yolov3 if it is there or can be had,
# else yolov3-tiny. Environment: also that of download_weights.sh.
set -euo pipefail

scripts=$(cd "$(dirname "$0")" && pwd)
. "$scripts/fetch.sh"
directory=${PAGESIGHT_WEIGHTS_DIR:-$(dirname "$scripts")/weights}
asked=${MODEL:-${PAGESIGHT_MODELS:-${PAGESIGHT_MODEL:-}}}
# The endings of a model's files, a format each, as in api/models/formats.py.
FORMATS=(".cfg .weights" ".onnx" ".tflite" ".torchvision.toml" ".xml .bin .json" ".reader.toml" ".chain.toml")

serve() {
    say "Serving $1: $2."
    printf '%s\n' "$1"
    exit 0
}

stop() {
    say "$1"
    exit 1
}

catalogue() { "${PYTHON:-python3}" "$scripts/catalogue.py" "$@"; }

# name_of FILE: the name of the model that the file is of.
name_of() {
    local ending endings
    read -ra endings <<<"${FORMATS[*]}"
    for ending in "${endings[@]}"; do
        if [ "${1%"$ending"}" != "$1" ]; then
            printf '%s\n' "${1%"$ending"}"
            return
        fi
    done
    printf '%s\n' "$1"
}

# missing NAME: print the first file that the model lacks, or "all". The first ending of a format tells which it is.
missing() {
    local endings ending
    for endings in "${FORMATS[@]}"; do
        [ -e "$directory/$1${endings%% *}" ] || continue
        for ending in $endings; do
            [ -e "$directory/$1$ending" ] || { printf '%s\n' "$1$ending" && return; }
        done
        return
    done
    if [ -e "$directory/$1.weights" ]; then printf '%s\n' "$1.cfg"; else printf 'all\n'; fi
}

# is_own NAME: succeed if the model is there, with no file that the catalogue has.
is_own() {
    local file
    [ -z "$(missing "$1")" ] || return 1
    for file in $(catalogue files "$1"); do
        [ ! -e "$directory/$file" ] || return 1
    done
}

# require_steps NAME: fetch the models of a chain that the catalogue has; the server says what is wrong with the others.
require_steps() {
    local step known
    known=$(catalogue names) || exit 1
    for step in $(catalogue steps "$1" "$directory"); do
        if grep -qxF -e "$step" <<<"$known"; then require "$step"; fi
    done
}

require() { # a model that was asked for
    local absent known
    known=$(catalogue names) || exit 1
    if grep -qxF -e "$1" <<<"$known" && ! is_own "$1"; then
        "$scripts/download_weights.sh" --keep "$1" || stop "MODEL=$1 was asked for, but its weights could not be had."
        return
    fi
    absent=$(missing "$1")
    case $absent in
    "") ;;
    all)
        known=$(printf ", $1%s" "${FORMATS[@]%% *}")
        stop "MODEL=$1 was asked for, but $directory has none of ${known#, }: put one there, or take a model of \`make models\`."
        ;;
    *) stop "MODEL=$1 was asked for, but there is no $absent in $directory." ;;
    esac
}

if [ -n "$asked" ]; then
    models=
    IFS=, read -ra names <<<"${asked// /}"
    for name in "${names[@]}"; do
        case $name in
        */*) stop "MODEL is a name such as yolov3, not a path: put $(basename "$name") into $directory and give its name." ;;
        esac
        name=$(name_of "$name")
        require "$name"
        require_steps "$name"
        models=$models,$name
    done
    serve "${models#,}" "MODEL asks for it"
fi

# With the smaller model there already, a start must not wait for a slow answer.
if [ -e "$directory/yolov3-tiny.weights" ]; then
    "$scripts/download_weights.sh" --hurry yolov3 && serve yolov3 "it is the more accurate one"
else
    "$scripts/download_weights.sh" yolov3 && serve yolov3 "it is the more accurate one"
fi
"$scripts/download_weights.sh" yolov3-tiny && serve yolov3-tiny "yolov3.weights could not be had"
stop "There are no weights to serve: connect to the internet once, or put a model into $directory and give MODEL=its-name."
