#!/bin/sh
# install.sh [DESTDIR]: installs the extension for PostgreSQL 15. Bazel starts it
# where this path leads to its files, in a run and in a test.
set -eu
destination=${1:-}
from=bindings/postgres
install -D -m 755 -t "$destination/usr/lib/postgresql/15/lib" "$from/guiche.so"
install -D -m 644 -t "$destination/usr/share/postgresql/15/extension" "$from/guiche.control" "$from/guiche--0.1.sql"
