# How install.sh speaks, and the only ways in which it changes something: `run`, `write_file` and `remove`.
# Under --dry-run these three say what they would do.
# shellcheck shell=bash

dry_run=no
title="Starting" hint="" explained=no

say() { printf '%s\n' "$*"; }

# step TITLE HINT: begin a step; HINT is said if it fails.
step() {
    title=$1 hint=$2
    say "== $title"
}

note() { say "   $*"; }

# fail SENTENCE: stop, because something is known to be wrong.
fail() {
    explained=yes
    say "install.sh stops: $*" >&2
    exit 1
}

# on_exit STATUS: say what to do about a command that failed; end what was only tried.
on_exit() {
    if [ "$1" != 0 ] && [ $explained = no ]; then
        say "install.sh stops: the step \"$title\" failed, for the reason above. $hint" >&2
    fi
    if [ $dry_run = no ]; then end_trial; fi
}

run() {
    if [ $dry_run = yes ]; then
        note "would run: $*"
    else
        "$@"
    fi
}

# write_file FILE [MODE]: make FILE what comes on stdin, in one go. Succeeds only if that changes it.
write_file() {
    local file=$1 mode=${2:-644} content
    content=$(cat && echo .)
    content=${content%.}
    if [ -f "$file" ] && [ "$(cat "$file" && echo .)" = "$content." ]; then
        [ $dry_run = yes ] || chmod "$mode" "$file"
        return 1
    fi
    note "$([ $dry_run = yes ] && echo "would write" || echo "writing") $file"
    if [ $dry_run = yes ]; then return 0; fi
    mkdir -p "$(dirname "$file")"
    # Written in conditions, where a failing command alone does not stop the script.
    if ! { (umask 077 && printf '%s' "$content" >"$file.new") && chmod "$mode" "$file.new" && mv -f "$file.new" "$file"; }; then
        fail "$file cannot be written."
    fi
}

remove() {
    local path
    for path in "$@"; do
        if [ -e "$path" ] || [ -L "$path" ]; then run rm -rf "$path"; fi
    done
}
