#!/bin/sh
# The package for Debian: installed in a root of its own, asked, and removed.
set -eux
deb=$PWD/packaging/guiche.deb
cd "$TEST_TMPDIR"
PATH=$PATH:/usr/sbin:/sbin  # for dpkg
mkdir -p root/var/lib/dpkg/info root/var/lib/dpkg/updates
touch root/var/lib/dpkg/status
dpkg-deb --field "$deb" Depends | grep -F libprotobuf32
# What it depends on is not in that root, and no trigger can run there.
set -- --root="$PWD/root" --force-not-root --force-depends --no-triggers
dpkg "$@" --install "$deb"
export LD_LIBRARY_PATH="$PWD/root/usr/lib"
root/usr/bin/guiche open --place Sinop --at 2026-01-07T12:00:00-04:00 --format json | grep '"OPEN"'
test -s root/usr/share/man/man1/guiche.1.gz && test -s root/usr/share/doc/guiche/copyright
dpkg --root="$PWD/root" --list guiche | grep '^i'
dpkg "$@" --purge guiche
test ! -e root/usr/bin/guiche && test ! -e root/usr/lib/libguiche.so.0
