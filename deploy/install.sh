#!/usr/bin/env bash
# Put Pagesight online on this machine, or bring what is there up to date. Run it from a clone of the repository.
#
#   sudo deploy/install.sh --domain detector.example.org --origin https://you.github.io --email you@example.org
#
# The options are kept: `sudo deploy/install.sh` alone, for example after a `git pull`, does an update.
#
#   --domain NAME           the name of this server
#   --origin URL[,URL...]   the sites whose pages may use it, such as https://you.github.io (no path, no / at the end)
#   --model NAME[,NAME...]  yolov3 (if nothing is said), yolov3-tiny, or models of yours in weights/ of this clone
#   --email ADDRESS         where the certificate authority writes to when something is wrong with the certificate
#   --dry-run               say what would be done, and change nothing
#   --rollback              go back to the version before this one; a second time: forth again
#   --venv FOLDER           a Python environment (venv or conda) of yours, in place of one made here
#   --dns PLUGIN            prove the domain by DNS-01 through certbot's plugin, such as cloudflare or rfc2136
#   --dns-credentials FILE  what that plugin wants to know
#   --acme-server URL       another certificate authority than Let's Encrypt
#   --acme-ca FILE          the certificate (PEM) by which that authority's own server is believed
#   --help                  print this
#
# A new version lies beside the old one in /opt/pagesight/releases, and serves only once it has been tried under the same
# protection and has found what is in a photograph. Until then, and if it fails, the old one goes on serving.
set -euo pipefail
umask 022

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/lib/speech.sh
. "$checkout/deploy/lib/speech.sh"
# shellcheck source=deploy/lib/arguments.sh
. "$checkout/deploy/lib/arguments.sh"
# shellcheck source=deploy/lib/machine.sh
. "$checkout/deploy/lib/machine.sh"
# shellcheck source=deploy/lib/settings.sh
. "$checkout/deploy/lib/settings.sh"
# shellcheck source=deploy/lib/release.sh
. "$checkout/deploy/lib/release.sh"
# shellcheck source=deploy/lib/service.sh
. "$checkout/deploy/lib/service.sh"
# shellcheck source=deploy/lib/front.sh
. "$checkout/deploy/lib/front.sh"

read_arguments "$@"
if [ $dry_run = yes ]; then say "A dry run: nothing is changed."; fi
check_machine
if [ $dry_run = no ]; then one_at_a_time; fi
trap 'on_exit $?' EXIT

if [ $rollback = yes ]; then
    step "The version before" "Without --rollback, install.sh puts the version of this clone in place."
    choose_previous
    prove_and_switch
    exit
fi

keep_other_sites
find_ports_free
step "Packages" "\`sudo apt-get update\` and \`df -h\` tell whether the network and the disk are well."
install_packages
step "The user 'pagesight'" "\`getent passwd pagesight\` tells what is in the way."
add_user
step "The model $model" "scripts/download_weights.sh lists where weights come from; a file of yours goes into weights/."
fetch_model
step "The release" "\`df -h /opt\` tells how full the disk is; run this again, and it goes on where it stopped."
stage_release
step "The service" "\`journalctl -u $TRIAL -n 50\` tells what the new version said. What served before still serves."
prove_and_switch
step "nginx and the certificate" "deploy/certbot.md has a table of what certbot says, and what to do."
set_up_front
step "Logs" "\`systemctl status systemd-journald\` tells more."
limit_journal
step "Tidying up" "Nothing depends on it: run this again later."
remove_old_releases
keep_answers
if [ $dry_run = no ]; then say "Online: https://$domain/status_check"; fi
