#!/usr/bin/env bash
# Print the name of the model to serve; say on stderr which one it is, and why.
#
# MODEL (or PAGESIGHT_MODEL) when it is given, else yolov3 if it is there or can be had,
# else yolov3-tiny. Environment: also PAGESIGHT_WEIGHTS_DIR and PYTHON, as in
# download_weights.sh.
set -euo pipefail

scripts=$(cd "$(dirname "$0")" && pwd)
. "$scripts/fetch.sh"
directory=${PAGESIGHT_WEIGHTS_DIR:-$(dirname "$scripts")/weights}
model=${MODEL:-${PAGESIGHT_MODEL:-}}

serve() {
    say "Serving $1: $2."
    printf '%s\n' "$1"
    exit 0
}

stop() {
    say "$1"
    exit 1
}

case $model in
'') ;;
*/*) stop "MODEL is a name such as yolov3, not a path: put $(basename "$model").cfg and its weights into $directory." ;;
yolov3 | yolov3-tiny)
    "$scripts/download_weights.sh" "$model" || stop "MODEL=$model was asked for, but its weights could not be had."
    serve "$model" "MODEL asks for it"
    ;;
*)
    for file in "$model.cfg" "$model.weights"; do
        [ -e "$directory/$file" ] || stop "MODEL=$model was asked for, but there is no $file in $directory."
    done
    serve "$model" "MODEL asks for it"
    ;;
esac

# With the smaller model there already, a start must not wait for a slow answer.
if [ -e "$directory/yolov3-tiny.weights" ]; then
    "$scripts/download_weights.sh" --hurry yolov3 && serve yolov3 "it is the more accurate one"
else
    "$scripts/download_weights.sh" yolov3 && serve yolov3 "it is the more accurate one"
fi
"$scripts/download_weights.sh" yolov3-tiny && serve yolov3-tiny "yolov3.weights could not be had"
stop "There are no weights to serve: connect to the internet once, or put a model into $directory and give MODEL=its-name."
