# The machine: which system it is, the packages, Python, the user that serves.
# shellcheck shell=bash

LOCK=/run/lock/pagesight-install
system=""

check_machine() {
    [ "$(id -u)" = 0 ] || [ $dry_run = yes ] || wrong "It changes the system: put sudo before it."
    command -v apt-get >/dev/null ||
        wrong "It knows Debian and Ubuntu, and here is no apt-get; deploy/docker/ may suit you."
    local ID="" VERSION_ID="" PRETTY_NAME="this system" memory_mb
    # shellcheck source=/dev/null
    . /etc/os-release
    system="$ID $VERSION_ID"
    case $system in
        "debian 12" | "debian 13" | "ubuntu 22.04" | "ubuntu 24.04") ;;
        *) say "It is made for Debian 12 and 13 and Ubuntu 22.04 and 24.04; on $PRETTY_NAME it may stop half-way." ;;
    esac
    memory_mb=$(awk '$1 == "MemTotal:" { print int($2 / 1024) }' /proc/meminfo)
    if [ "$memory_mb" -lt 3000 ] && [ "$model" != yolov3-tiny ]; then
        say "This machine has $memory_mb MB of memory; $model may need 4,000 during an update. yolov3-tiny needs half."
    fi
}

one_at_a_time() {
    exec 9>"$LOCK"
    flock --nonblock 9 || wrong "Another install.sh is at work here."
}

install_packages() {
    local missing=() command
    for command in nginx certbot curl logrotate; do
        PATH=$PATH:/usr/sbin command -v "$command" >/dev/null || missing+=("$command")
    done
    [ -e /etc/ssl/certs/ca-certificates.crt ] || missing+=(ca-certificates)
    if [ -z "$venv" ] && [ -z "$(find_python)" ]; then
        if [ "$system" = "ubuntu 22.04" ]; then missing+=(python3.11-venv); else missing+=(python3-venv); fi
    fi
    [ -z "$dns" ] || is_installed "python3-certbot-dns-$dns" || missing+=("python3-certbot-dns-$dns")
    if [ ${#missing[@]} = 0 ]; then
        note "all are there"
        return
    fi
    note "to be installed: ${missing[*]}"
    run apt-get update -qq
    run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# find_python: print a Python that is new enough and can make environments; nothing if there is none.
find_python() {
    local python
    for python in /usr/bin/python3 /usr/bin/python3.{13,12,11}; do
        if "$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
}

add_user() {
    if getent passwd pagesight >/dev/null; then
        note "is there"
    else
        run useradd --system --user-group --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin pagesight
    fi
}
