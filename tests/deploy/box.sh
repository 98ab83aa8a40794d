#!/usr/bin/env bash
# Put the disk of a box together and boot it, again after each reboot, in namespaces that box.py has made. FOLDER is where
# that is done, FOLDER.seed holds the files that are put into it; PACKAGES of this machine are seen there as PACKAGES_THERE.
# Usage: box.sh FOLDER PACKAGES PACKAGES_THERE
set -euo pipefail

HANGUP=129 # reboot(2) ends the first process of a namespace by this signal

box=$1
boot=$(dirname "$(realpath "$0")")/boot.sh
mount -t tmpfs -o mode=755 tmpfs "$box"
mkdir "$box/upper" "$box/work" "$box/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$box/upper,workdir=$box/work" "$box/root"
cd "$box/root"

# What this machine serves itself, what was installed on it by install.sh, and where it gets its packages, is not there.
rm -rf etc/letsencrypt etc/nginx/pagesight etc/nginx/sites-enabled etc/pagesight.env etc/systemd/system
rm -rf etc/apt/sources.list etc/apt/sources.list.d var/lib/apt/lists
for folder in opt root; do mount -t tmpfs -o mode=755 tmpfs "$folder"; done
cp -a "$box.seed/." .
mount --bind -o ro "$2" ".$3"
ip link set lo up

status=$HANGUP
while [ $status = $HANGUP ]; do
    status=0
    unshare --mount --pid --fork --kill-child "$boot" "$PWD" || status=$?
done
