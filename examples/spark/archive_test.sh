#!/bin/sh
# archive_test.sh WHEEL [ROWS]: an archive of so many messages, ten million if not
# said, asked by Spark on a cluster of two executors and by DuckDB; both must answer
# alike. Then it is replayed, by Spark and on one machine alone, which must count
# alike; and replay_test is run where there is Arrow. Installs all of it from PyPI in
# an environment of its own. Needs a JDK and Python 3.11:
#   bazel test --config=opt //examples/spark:archive_test
set -eu
work=$TEST_TMPDIR
/usr/bin/python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet "$1" 'pyspark==3.5.*' pandas pyarrow duckdb pytest
JAVA_HOME=$(dirname "$(dirname "$(realpath "$(command -v java)")")")
PYSPARK_PYTHON=$work/venv/bin/python
export JAVA_HOME PYSPARK_PYTHON
python() { "$work/venv/bin/python" "$@"; }
python examples/spark/archive.py make "$work/archive.parquet" "${2:-10000000}"
python examples/spark/archive.py ask "$work/archive.parquet" 'local-cluster[2,1,1024]' > "$work/spark"
python examples/duckdb/archive.py "$work/archive.parquet/*.parquet" > "$work/duckdb"
test "$(wc -l < "$work/spark")" = 5
diff "$work/spark" "$work/duckdb"
cat "$work/spark"
known_at=2024-01-01T00:00:00Z
python examples/spark/replay.py "$work/archive.parquet" "$known_at" 'local-cluster[2,1,1024]' > "$work/spark"
python - "$work/archive.parquet" "$known_at" > "$work/alone" <<'END'
import sys
from datetime import datetime

import guiche

known_at = datetime.fromisoformat(sys.argv[2])
replay = guiche.replay(guiche.Desk(known_at=known_at), guiche.Desk(), sys.argv[1], by="place")
for group in replay.groups:
    print(f"{group.name or 'whole state'}\t{group.requests}\t{group.changed}")
for aspect in ("state", "mode", "unit"):
    for (before, after), requests in replay.count(aspect).items():
        print(f"{aspect}\t{before} -> {after}\t{requests}")
assert replay.changed > 0
END
diff "$work/spark" "$work/alone"
cat "$work/spark"
"$work/venv/bin/python" -m pytest -q -rs -p no:cacheprovider tests/bindings/python/replay_test.py
