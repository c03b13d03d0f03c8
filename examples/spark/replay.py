"""What the acts published since a day changed over an archive, by Spark.

    python3 replay.py FILE.parquet KNOWN_AT [MASTER]

KNOWN_AT is an instant as in 2024-01-01T00:00:00Z. Each task replays its part of the
archive by two policies and sends what it counted, which the driver adds. Needs what
archive.py needs.
"""

import functools
import operator
import pickle
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from pyspark.sql import SparkSession


def replay_part(known_at: datetime) -> Callable[[Iterable[Any]], Iterator[Any]]:
    def replay(batches: Iterable[Any]) -> Iterator[Any]:
        import guiche
        import pyarrow

        part = guiche.replay(guiche.Desk(known_at=known_at), guiche.Desk(), batches, by="place")
        yield pyarrow.RecordBatch.from_pydict({"part": [pickle.dumps(part)]})

    return replay


if __name__ == "__main__":
    file, known_at = sys.argv[1], datetime.fromisoformat(sys.argv[2])
    master = sys.argv[3] if len(sys.argv) > 3 else "local[2]"
    session = (
        SparkSession.Builder()
        .master(master)
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    begin = time.monotonic()
    parts = session.read.parquet(file).mapInArrow(replay_part(known_at), "part binary").collect()
    whole = functools.reduce(operator.add, (pickle.loads(row.part) for row in parts))
    print(f"{time.monotonic() - begin:.1f} s, {len(parts)} parts", file=sys.stderr)
    for group in whole.groups:
        print(f"{group.name or 'whole state'}\t{group.requests}\t{group.changed}")
    for aspect in ("state", "mode", "unit"):
        for (before, after), requests in whole.count(aspect).items():
            print(f"{aspect}\t{before} -> {after}\t{requests}")
    session.stop()
