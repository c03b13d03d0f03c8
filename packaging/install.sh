#!/bin/sh
# install.sh TARBALL --prefix=DIRECTORY: puts guiche there. Everything in it finds
# the rest by where it lies itself, so the directory may be moved.
set -eu
tarball=$1
case ${2:-} in
  --prefix=?*) prefix=${2#--prefix=} ;;
  --prefix) prefix=${3:-} ;;
  *) prefix= ;;
esac
if [ -z "$prefix" ]; then
  echo "install: say where: bazel run //:install -- --prefix=/usr/local" >&2
  exit 1
fi
case $prefix in
  /*) ;;
  *) prefix=${BUILD_WORKING_DIRECTORY:-.}/$prefix ;;
esac
mkdir -p "$prefix"
tar --extract --gzip --file "$tarball" --directory "$prefix" --no-same-owner --no-overwrite-dir --touch
echo "install: guiche is in $prefix" >&2
case $prefix in
  /usr | /usr/local) [ "$(id -u)" != 0 ] || ldconfig ;;
esac
