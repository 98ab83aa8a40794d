# The service: a release is tried under a name of its own, from the same unit files and beside what serves; then it
# takes its place. The socket stays with systemd all the time, so that requests wait during the change and none is lost.
# shellcheck shell=bash

TRIAL=pagesight-trial
TRIAL_SETTINGS=/run/$TRIAL.env
PROVED_SETTINGS=$ROOT/settings  # with which `current` was tried
UNITS=/etc/systemd/system
WORKER=pagesight-worker
READY_LIMIT_S=180
SECRET=600  # settings may hold a password of PostgreSQL's; systemd reads them as root

# prove_and_switch: have `release` serve, if it can. A version that has served before need not be tried beforehand.
prove_and_switch() {
    if serves_already; then
        note "$(basename "$release") serves already, with these settings"
        return
    fi
    note "$(basename "$release") is to serve in place of $(current_name)"
    if [ $dry_run = yes ]; then
        candidate_settings | write_file "$SETTINGS" "$SECRET" || true
        return
    fi
    if [ $rollback = no ]; then
        (umask 077 && candidate_settings >"$TRIAL_SETTINGS")
        try_release || { discard_release && fail "the new version does not do; $(current_name) goes on serving."; }
    fi
    switch_to_release
}

current_name() { if [ -d "$ROOT/current" ]; then basename "$(realpath "$ROOT/current")"; else echo nothing; fi; }

serves_already() {
    [ "$release" -ef "$ROOT/current" ] && systemctl is-active --quiet pagesight.socket &&
        systemctl is-active --quiet pagesight.service &&
        cmp -s "$PROVED_SETTINGS" <(candidate_settings) && cmp -s "$PROVED_SETTINGS" "$SETTINGS" &&
        cmp -s "$UNITS/pagesight.service" <(unit service pagesight "$ROOT/current" "$SETTINGS") &&
        cmp -s "$UNITS/pagesight.socket" <(unit socket pagesight "$ROOT/current" "$SETTINGS")
}

# unit KIND NAME CODE SETTINGS: print a unit of `release`, filled in.
unit() { filled "$release/deploy/systemd/pagesight.$1" "${@:2}"; }

# filled FILE NAME CODE SETTINGS: print a file with its words filled in.
filled() { sed "s|@NAME@|$2|g; s|@CODE@|$3|g; s|@SETTINGS@|$4|g; s|@CACHE@|$(cache_name)|g" "$1"; }

# cache_name: where `release` keeps its converted models, below /var/cache. Versions do not share it: each forgets what
# another has made.
cache_name() { echo "pagesight/$(basename "$release")"; }

try_release() {
    serves_the_same_model || look_at_model || return 1
    convert_models || return 1
    local kind
    mkdir -p /run/systemd/system
    for kind in socket service; do
        unit $kind $TRIAL "$release" $TRIAL_SETTINGS >"/run/systemd/system/$TRIAL.$kind"
    done
    systemctl daemon-reload
    systemctl start $TRIAL.socket
    prove $TRIAL || return 1
    end_trial
}

serves_the_same_model() {
    local file files
    files=$(model_files "$release/weights")
    [ "$files" = "$(model_files "$ROOT/current/weights")" ] || return 1
    for file in $files; do
        cmp -s "$ROOT/current/weights/$file" "$release/weights/$file" || return 1
    done
}

look_at_model() {
    local findings
    findings=$(run_as_service api.commands.check_model 2>&1) && return
    say "$findings" | tail -n 40
    return 1
}

# convert_models: so that the service starts quickly, and what served before serves meanwhile. The first time it takes up
# to a minute.
convert_models() { run_as_service api.commands.convert 2>&1 | sed -u 's/^/   /'; }

# run_as_service PROGRAM: run a program of `release` as the service's user, with its settings and its cache.
run_as_service() {
    systemd-run --quiet --wait --pipe --collect --property User=pagesight --property MemoryMax=75% \
        --property "WorkingDirectory=$release" --property "CacheDirectory=$(cache_name)" \
        --setenv "PAGESIGHT_CONVERTED_DIR=/var/cache/$(cache_name)" --property EnvironmentFile=$TRIAL_SETTINGS \
        "$release/.venv/bin/python" -m "$1"
}

# prove NAME: start the service NAME, wait until its model is loaded, have it look at a photograph.
prove() {
    systemctl restart "$1.service" && wait_until_ready "$1" && detect "$1" && return
    say "The last lines of its log:"
    journalctl --unit "$1.service" --lines 15 --no-pager --output cat
    return 1
}

wait_until_ready() {
    local started deadline=$((SECONDS + READY_LIMIT_S))
    started=$(invocation "$1")
    while [ $SECONDS -lt $deadline ]; do
        if ask "$1" /readyz --max-time 5 --output /dev/null 2>/dev/null; then return; fi
        if has_ended "$1" "$started"; then
            say "It ended while it started."
            return 1
        fi
        sleep 0.2
    done
    say "Its model was not loaded within $READY_LIMIT_S seconds."
    return 1
}

invocation() { systemctl show --property InvocationID --value "$1.service"; }

# has_ended NAME INVOCATION: succeed if the process that was started ended, even if systemd has started another.
has_ended() {
    [ "$(invocation "$1")" = "$2" ] || return 0
    systemctl show --property SubState --value "$1.service" | grep -qxE 'auto-restart|failed|dead'
}

# ask NAME PATH [curl option...]
ask() {
    curl --silent --show-error --fail-with-body --max-time 60 --unix-socket "/run/$1/gunicorn.sock" \
        "${@:3}" "http://localhost$2"
}

# As the server's own page, which needs no key (PAGESIGHT_API_KEYS).
detect() {
    local photograph=$checkout/docs/page.png answer page=(--header "Origin: http://localhost")
    if [ -f "$checkout/site/examples/dog.jpg" ]; then photograph=$checkout/site/examples/dog.jpg; fi
    answer=$(ask "$1" / "${page[@]}" --form "file=@$photograph" --form annotate=false) || { say "$answer" && return 1; }
    "$release/.venv/bin/python" -c 'if True:
        import json, sys
        answer = json.load(sys.stdin)
        found = ", ".join("{label} {confidence:.0%}".format(**one) for one in answer["detections"])
        print("   {model} finds in {name}:".format(**answer), found or "nothing")' <<<"$answer"
}

end_trial() {
    [ -e /run/systemd/system/$TRIAL.service ] || [ -e $TRIAL_SETTINGS ] || return 0
    systemctl stop $TRIAL.socket $TRIAL.service 2>/dev/null || true
    rm -f /run/systemd/system/$TRIAL.service /run/systemd/system/$TRIAL.socket $TRIAL_SETTINGS
    systemctl daemon-reload
    systemctl reset-failed $TRIAL.service 2>/dev/null || true
}

switch_to_release() {
    local before="" chosen=$release settings
    settings=$(candidate_settings)
    if [ -d "$ROOT/current" ]; then before=$(realpath "$ROOT/current"); fi
    activate "$settings"
    if ! prove pagesight; then
        if [ -z "$before" ] || [ ! -e "$PROVED_SETTINGS" ]; then
            fail "the service does not start, and there is none before it."
        fi
        release=$before
        activate "$(cat "$PROVED_SETTINGS")"
        prove pagesight || fail "neither the new version nor the one before it starts; the log above says why."
        release=$chosen
        discard_release
        fail "the new version does not do; $(current_name) serves again."
    fi
    write_file "$PROVED_SETTINGS" "$SECRET" <<<"$settings" || true
    if [ -n "$before" ] && [ "$before" != "$release" ]; then point_to "$ROOT/previous" "$before"; fi
}

# activate SETTINGS: put `release` in place with these settings, without starting it.
activate() {
    local kind changed_socket=no
    write_file "$SETTINGS" "$SECRET" <<<"$1" || true
    for kind in socket service; do
        if unit $kind pagesight "$ROOT/current" "$SETTINGS" | write_file "$UNITS/pagesight.$kind"; then
            [ $kind = service ] || changed_socket=yes
        fi
    done
    point_to "$ROOT/current" "$release"
    put_worker_in_place
    systemctl daemon-reload
    systemctl enable --quiet pagesight.socket pagesight.service
    if takes_jobs; then systemctl enable --quiet $WORKER.service && systemctl restart $WORKER.service; fi
    if [ $changed_socket = yes ] || ! systemctl is-active --quiet pagesight.socket; then
        systemctl stop pagesight.service
        systemctl restart pagesight.socket
    fi
}

# takes_jobs: succeed if the settings turn jobs on, and `release` knows of any.
takes_jobs() {
    local jobs
    jobs=$(setting PAGESIGHT_JOBS)
    [ "${jobs:-off}" != off ] && [ -e "$release/deploy/systemd/$WORKER.service" ]
}

# put_worker_in_place: the worker for jobs, or none.
put_worker_in_place() {
    if takes_jobs; then
        filled "$release/deploy/systemd/$WORKER.service" pagesight "$ROOT/current" "$SETTINGS" |
            write_file "$UNITS/$WORKER.service" || true
        filled "$release/deploy/systemd/pagesight-jobs.conf" pagesight "$ROOT/current" "$SETTINGS" |
            write_file "$UNITS/pagesight.service.d/jobs.conf" || true
    elif [ -e "$UNITS/$WORKER.service" ]; then
        systemctl disable --quiet --now $WORKER.service
        remove "$UNITS/$WORKER.service" "$UNITS/pagesight.service.d/jobs.conf"
    fi
}

# point_to LINK FOLDER: in one go, so that there is no moment without the link.
point_to() {
    ln -sfn "$2" "$1.new"
    mv -fT "$1.new" "$1"
}

discard_release() {
    if ! is_one_of "$release" "$ROOT/current" "$ROOT/previous"; then remove "$release" "/var/cache/$(cache_name)"; fi
}
