#!/usr/bin/env bash
# Put the six example photographs into place, believed by their sha256 alone: from the
# Darknet project, else from Debian's package darknet (installed, or just unpacked).
#
# A folder that has other photographs is its owner's, and is left as it is.
#
# Usage: download_examples.sh [FOLDER]      (default: site/examples)
#
# Environment: PAGESIGHT_EXAMPLES_TABLE (default examples_sources.txt beside this file),
# PAGESIGHT_DARKNET_DATA (default /usr/share/darknet/data).
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
. "$repository/scripts/fetch.sh"
directory=${1:-$repository/site/examples}
table=${PAGESIGHT_EXAMPLES_TABLE:-$repository/scripts/examples_sources.txt}
installed=${PAGESIGHT_DARKNET_DATA:-/usr/share/darknet/data}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/pagesight.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# missing: print the rows of the photographs that are not in place.
missing() {
    local name size sha256 source
    while read -r name size sha256 source; do
        if [ ! -e "$directory/$name" ] || ! is_right "$directory/$name" "$size" "$sha256"; then
            printf '%s %s %s %s\n' "$name" "$size" "$sha256" "$source"
        fi
    done < <(grep -vE '^ *(#|$)' "$table")
}

# owned: whether a photograph is there that the table does not know.
owned() (
    shopt -s nullglob nocaseglob
    for path in "$directory"/*.jpg "$directory"/*.jpeg "$directory"/*.png "$directory"/*.webp; do
        awk -v name="${path##*/}" '$1 == name { known = 1 } END { exit !known }' "$table" || return 0
    done
    return 1
)

# Upstream is one host: if it cannot be reached once, do not ask it for the other photographs.
fetch_from_upstream() {
    local name size sha256 source status
    while read -r name size sha256 source <&3; do
        status=0
        fetch_verified "$source" "$directory/$name" "$size" "$sha256" || status=$?
        [ $status -eq $FETCHED ] || say "  $name from $(host_of "$source"): $why"
        [ $status -lt $UNREACHABLE ] || return 0
    done 3< <(missing)
}

# copy_from FOLDER: take what is right there; a copy appears whole or not at all.
copy_from() {
    local name size sha256
    while read -r name size sha256 _; do
        if [ -e "$1/$name" ] && is_right "$1/$name" "$size" "$sha256"; then
            cp "$1/$name" "$directory/$name.part"
            mv -f "$directory/$name.part" "$directory/$name"
        fi
    done < <(missing)
}

# Download Debian's package without installing it. The lists of a system that has none
# (or old ones) are fetched into the scratch folder: nothing of the system is changed.
unpack_debian_package() (
    options=(-qq -o Acquire::Retries=0 -o Acquire::http::Timeout=5 -o Acquire::https::Timeout=5)
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
    cd "$scratch"
    if ! apt-get "${options[@]}" download darknet >/dev/null 2>&1; then
        mkdir -p "$scratch/lists/partial" "$scratch/archives/partial"
        options+=(-o "Dir::State::Lists=$scratch/lists" -o "Dir::Cache=$scratch" -o APT::Sandbox::User=)
        apt-get "${options[@]}" update >/dev/null 2>&1 || true
        apt-get "${options[@]}" download darknet >/dev/null 2>&1 || return 1
    fi
    dpkg-deb -x darknet_*.deb "$scratch/darknet"
)

mkdir -p "$directory"
directory=$(cd "$directory" && pwd)
if owned; then
    say "The page shows the photographs in ${directory#"$repository"/}."
    exit 0
fi
if [ -z "$(missing)" ]; then
    say "The example photographs are in place."
    exit 0
fi
copy_from "$installed"
if [ -n "$(missing)" ]; then
    say "Fetching the example photographs"
    fetch_from_upstream
fi
if [ -n "$(missing)" ]; then
    say "  trying Debian's package darknet"
    if unpack_debian_package; then copy_from "$scratch/darknet/usr/share/darknet/data"; fi
fi
absent=$(missing | awk '{ print $1 }' | paste -sd ' ' -)
if [ -n "$absent" ]; then
    say "Not all example photographs could be had (missing: $absent): run this again where there is internet."
    exit 1
fi
say "The example photographs are in place."
