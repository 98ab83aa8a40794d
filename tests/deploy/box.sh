#!/usr/bin/env bash
# Become the first process of a box, in namespaces that box.py has made. FOLDER is where its root is put together,
# FOLDER.seed holds the files that are put into it; PYTHON and PACKAGES of this machine are seen there as PYTHON_THERE and
# PACKAGES_THERE.
# Usage: box.sh FOLDER PYTHON PYTHON_THERE PACKAGES PACKAGES_THERE
set -euo pipefail

box=$1
mount -t tmpfs -o mode=755 tmpfs "$box"
mkdir "$box/upper" "$box/work" "$box/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$box/upper,workdir=$box/work" "$box/root"
cd "$box/root"

# What this machine serves itself, and what was installed on it by install.sh, is not there.
rm -rf etc/letsencrypt etc/nginx/pagesight etc/nginx/sites-enabled etc/pagesight.env etc/systemd/system
for folder in opt root; do mount -t tmpfs -o mode=755 tmpfs "$folder"; done
cp -a "$box.seed/." .
mount --bind -o ro "$2" ".$3"
mount --bind -o ro "$4" ".$5"

mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do
    touch "dev/$device"
    mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs tmpfs tmp
ip link set lo up

pivot_root . mnt
umount -l /mnt
exec env -i container=pagesight PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --system --unit=basic.target --show-status=0 --log-target=null
