# Fetching over HTTP what is believed by its sha256 alone. Sourced by the scripts beside it.
# shellcheck shell=bash
# Everything here works with bash 3.2 and with what macOS and Linux bring along.

CONNECT_SECONDS=3 # a source that has not answered by then counts as silent
STALL_SECONDS=4   # how long a transfer may stand still

# How a transfer ended; `why` then says it in words.
FETCHED=0 REFUSED=1 NO_RESUME=2 INTERRUPTED=3 UNREACHABLE=4 SILENT=5
why=

say() { printf '%s\n' "$*" >&2; }

host_of() { local rest=${1#*://}; printf '%s\n' "${rest%%/*}"; }

size_of() { wc -c <"$1" | tr -d ' '; }

sha256_of() {
    if command -v sha256sum >/dev/null; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi | cut -d ' ' -f 1
}

is_web_page() { head -c 512 "$1" | LC_ALL=C grep -aqiE '<(!doctype|html)'; }

# has_sha256 FILE SHA256: the whole sha256, or its first digits.
has_sha256() {
    local found
    found=$(sha256_of "$1")
    [ "${found:0:${#2}}" = "$2" ] || { why="altered: expected sha256 $2, found $found" && return 1; }
}

# is_right FILE SIZE SHA256: succeed, or say in `why` what is wrong with the file.
is_right() {
    local size
    size=$(size_of "$1")
    if is_web_page "$1"; then
        why="a web page instead of the file"
    elif [ "$size" -ne "$2" ]; then
        why="expected $2 bytes, found $size"
    else
        has_sha256 "$1" "$3" && return
    fi
    return 1
}

# transfer URL FILE SIZE [curl option...]: write the answer to FILE; return how it ended.
transfer() {
    local url=$1 file=$2 size=$3 before=0 after=0 code=0 http progress=--silent
    shift 3
    if ! command -v curl >/dev/null; then
        why="curl is not installed"
        return $UNREACHABLE
    fi
    [ -t 2 ] && progress=--progress-bar
    [ -e "$file" ] && before=$(size_of "$file")
    http=$(curl "$progress" --fail --location --max-redirs 5 --max-filesize "$size" \
        --connect-timeout $CONNECT_SECONDS --speed-time $STALL_SECONDS --speed-limit 1024 \
        --write-out '%{http_code}' --output "$file" "$@" -- "$url") || code=$?
    [ -e "$file" ] && after=$(size_of "$file")
    case $code in
    0) return $FETCHED ;;
    6) why="its name cannot be found (no internet?)" && return $UNREACHABLE ;;
    7) why="it refuses the connection" && return $UNREACHABLE ;;
    22) why="it answers HTTP $http" ;;
    23) why="cannot write to $(dirname "$file") (is the disk full?)" ;;
    33) return $NO_RESUME ;;
    35 | 51 | 58 | 60) why="no trusted connection to it (curl error $code)" ;;
    63) why="it offers more than the $size bytes expected" ;;
    *) why="curl gives up with error $code" ;;
    esac
    [ "$http" = 416 ] && return $NO_RESUME
    if [ "$code" -eq 28 ] && [ "$after" -eq "$before" ]; then
        why="it does not answer"
        return $SILENT
    fi
    case $code in
    18 | 28 | 52 | 55 | 56 | 92)
        why="interrupted after $after of $size bytes"
        return $INTERRUPTED
        ;;
    esac
    return $REFUSED
}

# start_anew URL FILE SIZE SHA256: fetch the whole file. An older FILE.part is given up
# only for something better: the right file, or a longer part.
start_anew() {
    local part=$2.part status=0 target=$2.part
    [ -e "$part" ] && target=$part.fresh
    rm -f "$part.fresh"
    transfer "$1" "$target" "$3" || status=$?
    if [ $status -eq $FETCHED ] && is_right "$target" "$3" "$4"; then
        mv -f "$target" "$2"
        rm -f "$part"
        return $FETCHED
    fi
    if [ $status -ne $INTERRUPTED ]; then
        rm -f "$target"
        [ $status -eq $FETCHED ] && status=$REFUSED
    elif [ ! -s "$target" ] || is_web_page "$target"; then
        rm -f "$target"
    elif [ "$target" != "$part" ]; then
        if [ "$(size_of "$target")" -gt "$(size_of "$part")" ]; then mv -f "$target" "$part"; else rm -f "$target"; fi
    fi
    return $status
}

# fetch_verified URL FILE SIZE SHA256: put the file into place, resuming FILE.part if
# there is one. FILE appears only when it is right; otherwise returns how it ended.
fetch_verified() {
    local part=$2.part status=0 have=0
    [ -e "$part" ] && have=$(size_of "$part")
    if [ "$have" -gt 0 ] && [ "$have" -lt "$3" ]; then
        say "  going on at byte $have of $3"
        transfer "$1" "$part" "$3" --continue-at - || status=$?
        case $status in
        "$FETCHED") ;;
        "$NO_RESUME") say "  this source cannot go on in the middle: from the start" ;;
        *) return $status ;;
        esac
    fi
    if [ -e "$part" ] && [ $status -eq $FETCHED ]; then
        if is_right "$part" "$3" "$4"; then
            mv -f "$part" "$2"
            return $FETCHED
        fi
        say "  what an earlier run left is no good ($why): from the start"
        rm -f "$part"
    fi
    start_anew "$1" "$2" "$3" "$4"
}
