#!/bin/sh
# abi_test.sh HEADER MAP DUMP OBJECTS...: functions, types and layouts are those
# of the dump. After a change that is meant, what this prints last takes its place.
set -eu
header=$1 map=$2 dump=$3
shift 3
for objects in "$@"; do
  case $objects in *.lo) break ;; esac
done
# Bazel's linker drops what abidw reads. The interface alone needs no other library.
library=$TEST_TMPDIR/libguiche.so.0
c++ -shared -Wl,-soname,libguiche.so.0 "-Wl,--version-script,$map" -Wl,--whole-archive "$objects" \
  -Wl,--no-whole-archive -o "$library"
abidw --no-corpus-path --no-elf-needed --no-show-locs --no-comp-dir-path --exported-interfaces-only \
  --drop-private-types --headers-dir "$(dirname "$header")" "$library" > "$TEST_TMPDIR/guiche.abi"
grep -q "var-decl name='urgent'" "$TEST_TMPDIR/guiche.abi"
if ! abidiff "$dump" "$TEST_TMPDIR/guiche.abi"; then
  cat "$TEST_TMPDIR/guiche.abi"
  exit 1
fi
