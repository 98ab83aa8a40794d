#!/usr/bin/env bash
# See to it that the programs which the tests drive are here: browsers, nginx, the original darknet, and more.
# apt-get installs them if this is root; tests that need other programs are skipped without those.
set -euo pipefail
cd "$(dirname "$0")/.."

FETCHED=.venv/.test-packages # what install.sh installs in its tests, and nobody on this machine

has_browser() {
    for name in chromium-headless-shell chromium chromium-browser google-chrome; do
        if command -v "$name" >/dev/null; then return 0; fi
    done
    [ -d "/Applications/Google Chrome.app" ]
}

# Debian keeps it in a folder that only root's PATH names.
has_nginx() { PATH="$PATH:/usr/sbin" command -v nginx >/dev/null; }

is_debian_root() { command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; }

renew_lists() {
    apt-get update -qq || echo "pagesight: the package lists could not be renewed; trying with the old ones" >&2
}

install_missing() {
    echo "pagesight: installing ${missing[*]} for the tests" >&2
    renew_lists
    for package in "${missing[@]}"; do
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null ||
            echo "pagesight: $package could not be installed" >&2
    done
}

fetch_packages() {
    mkdir -p "$FETCHED/partial"
    renew_lists
    apt-get install -y -qq --no-install-recommends --download-only --option Dir::Cache::Archives="$PWD/$FETCHED" \
        python3-certbot-dns-rfc2136 >/dev/null || echo "pagesight: no plugin of certbot could be fetched" >&2
}

missing=()
has_browser || missing+=(chromium fonts-dejavu-core)
command -v chromium-headless-shell >/dev/null || missing+=(chromium-headless-shell) # quicker than a browser with windows
# Firefox, and Safari's engine on a screen that nobody sees.
command -v firefox-esr >/dev/null || command -v firefox >/dev/null || missing+=(firefox-esr)
command -v WebKitWebDriver >/dev/null || missing+=(webkit2gtk-driver)
command -v Xvfb >/dev/null || missing+=(xvfb)
command -v darknet >/dev/null || missing+=(darknet)
has_nginx || missing+=(nginx-light)
command -v promtool >/dev/null || missing+=(prometheus)
command -v strace >/dev/null || missing+=(strace)
# For the tests of deploy/install.sh; without them these are skipped.
for program in certbot git logrotate pebble shellcheck sudo ufw; do
    PATH="$PATH:/usr/sbin" command -v "$program" >/dev/null || missing+=("$program")
done
PATH="$PATH:/usr/sbin" command -v ip >/dev/null || missing+=(iproute2)
PATH="$PATH:/usr/sbin" command -v knotd >/dev/null || missing+=(knot)
/usr/bin/python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
[ -e /lib/systemd/systemd ] || missing+=(systemd)

if is_debian_root; then
    if [ ${#missing[@]} != 0 ]; then install_missing; fi
    if [ ! -d "$FETCHED" ]; then fetch_packages; fi
fi
has_nginx || { echo "The tests of deploy/nginx need nginx; install it (Debian: sudo apt install nginx-light)." >&2; exit 1; }
has_browser && exit 0
echo "The browser tests need Chromium or Chrome, and there is none here; install it (Debian: sudo apt install chromium)." >&2
exit 1
