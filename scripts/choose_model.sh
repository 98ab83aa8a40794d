#!/usr/bin/env bash
# Print the names of the models to serve, with commas between; say on stderr which they are, and why.
#
# MODEL (or PAGESIGHT_MODELS, or PAGESIGHT_MODEL) if it is given, else yolov3 if it is there or can be had,
# else yolov3-tiny. Environment: also PAGESIGHT_WEIGHTS_DIR and PYTHON, as in download_weights.sh.
set -euo pipefail

scripts=$(cd "$(dirname "$0")" && pwd)
. "$scripts/fetch.sh"
directory=${PAGESIGHT_WEIGHTS_DIR:-$(dirname "$scripts")/weights}
asked=${MODEL:-${PAGESIGHT_MODELS:-${PAGESIGHT_MODEL:-}}}

serve() {
    say "Serving $1: $2."
    printf '%s\n' "$1"
    exit 0
}

stop() {
    say "$1"
    exit 1
}

require() { # a model that was asked for
    case $1 in
    */*) stop "MODEL is a name such as yolov3, not a path: put $(basename "$1").cfg and its weights into $directory." ;;
    yolov3 | yolov3-tiny)
        "$scripts/download_weights.sh" "$1" || stop "MODEL=$1 was asked for, but its weights could not be had."
        ;;
    *)
        files=("$1.cfg" "$1.weights")
        if [ -e "$directory/$1.xml" ] && [ ! -e "$directory/$1.cfg" ]; then files=("$1.xml" "$1.bin" "$1.json"); fi
        for file in "${files[@]}"; do
            [ -e "$directory/$file" ] || stop "MODEL=$1 was asked for, but there is no $file in $directory."
        done
        ;;
    esac
}

if [ -n "$asked" ]; then
    IFS=, read -ra models <<<"${asked// /}"
    for model in "${models[@]}"; do require "$model"; done
    serve "${asked// /}" "MODEL asks for it"
fi

# With the smaller model there already, a start must not wait for a slow answer.
if [ -e "$directory/yolov3-tiny.weights" ]; then
    "$scripts/download_weights.sh" --hurry yolov3 && serve yolov3 "it is the more accurate one"
else
    "$scripts/download_weights.sh" yolov3 && serve yolov3 "it is the more accurate one"
fi
"$scripts/download_weights.sh" yolov3-tiny && serve yolov3-tiny "yolov3.weights could not be had"
stop "There are no weights to serve: connect to the internet once, or put a model into $directory and give MODEL=its-name."
