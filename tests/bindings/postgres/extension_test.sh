#!/bin/sh
# extension_test.sh INSTALL LIBRARY GUICHE SQL EXPECTED: installs the extension under a
# directory of its own, starts a server there, and compares what psql prints.
#
# PostgreSQL refuses to run as root: then it runs as nobody, who cannot see
# Bazel's directories, so all that it needs lies under /tmp.
set -eu
install=$1
library=$2
guiche=$3
sql=$4
expected=$5
bin=/usr/lib/postgresql/15/bin

root=$(mktemp -d /tmp/guiche.XXXXXX)
as_server=
if [ "$(id -u)" = 0 ]; then
  as_server="setpriv --reuid=nobody --regid=nogroup --clear-groups"
  chown nobody:nogroup "$root"
fi
stop() {
  $as_server "$bin/pg_ctl" -D "$root/data" -m immediate -s stop || true
  rm -rf "$root"
}
trap stop EXIT

"$install" "$root/extension"
cp -L "$library" "$root/libguiche.so.0"
chmod -R a+rX "$root/extension" "$root/libguiche.so.0"

cd "$root"
export LC_ALL=C PGTZ=UTC
$as_server "$bin/initdb" -D data -U postgres -A trust -E UTF8 --no-sync > initdb.log
# A socket and no port; nothing is kept.
LD_LIBRARY_PATH=$root $as_server "$bin/pg_ctl" -D data -s -w -l log start -o \
  "-k $root -c listen_addresses= -c fsync=off -c extension_destdir=$root/extension" ||
  { cat log; exit 1; }
cd "$OLDPWD"

psql="$bin/psql -X -h $root -U postgres"
$psql -q -c "CREATE DATABASE one" -c "CREATE DATABASE two"
$psql -a -q -d one < "$sql" > "$TEST_TMPDIR/actual" 2>&1
diff -u "$expected" "$TEST_TMPDIR/actual"

# Policies are in a dump.
"$bin/pg_dump" -h "$root" -U postgres one | $psql -q -v ON_ERROR_STOP=1 -d two > /dev/null
rows="SELECT name, digest, md5(textproto) FROM guiche_policy ORDER BY name"
$psql -A -t -d one -c "$rows" > "$TEST_TMPDIR/one"
$psql -A -t -d two -c "$rows" > "$TEST_TMPDIR/two"
test -s "$TEST_TMPDIR/one"
diff "$TEST_TMPDIR/one" "$TEST_TMPDIR/two"

# What is exported answers as the extension does, without it.
"$guiche" export sql --place Sinop --from 2026-01-01 --to 2027-01-01 > "$TEST_TMPDIR/export.sql"
{
  echo "CREATE TABLE exported AS"
  cat "$TEST_TMPDIR/export.sql"
  echo "DELETE FROM guiche_policy;"
  echo "SELECT count(*), count(*) FILTER (WHERE guiche_open(at, 'Sinop') =
      (at <@ (SELECT open_hours + '{}' FROM exported)))
    FROM generate_series('2026-01-01 00:00-04'::timestamptz, '2026-12-31 23:30-04', '30 minutes') AS at;"
} | $psql -q -A -t -v ON_ERROR_STOP=1 -d two > "$TEST_TMPDIR/agree"
test "$(cat "$TEST_TMPDIR/agree")" = "17520|17520"
