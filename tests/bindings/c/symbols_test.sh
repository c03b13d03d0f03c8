#!/bin/sh
# symbols_test.sh LIBRARY MAP: the library exports what the version script lists,
# all of one version, and nothing else; its SONAME is that of the file.
set -eu
nm --dynamic --defined-only "$1" | sed -n 's/.* T //p' | sort > "$TEST_TMPDIR/exported"
nm --dynamic --defined-only "$1" | grep -v ' [TA] ' && exit 1
sed -n 's/^ *\(guiche_[a-z_]*\);$/\1@@GUICHE_0/p' "$2" | sort > "$TEST_TMPDIR/listed"
test -s "$TEST_TMPDIR/listed"
diff "$TEST_TMPDIR/listed" "$TEST_TMPDIR/exported"
readelf --dynamic "$1" | grep -F 'soname: [libguiche.so.0]'
