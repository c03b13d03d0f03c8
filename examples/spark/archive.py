"""Which messages of an archive came while the window was open, by Spark.

    python3 archive.py make FILE.parquet ROWS     an archive to try it on
    python3 archive.py ask FILE.parquet [MASTER]  how many, by place

An executor's worker compiles the policy once a task; rows cross as Arrow columns.
Needs pyspark, pandas, pyarrow and guiche's wheel on every executor.
"""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any

from pyspark.sql import SparkSession, functions

PLACES = ["Sinop", "Cuiabá", "Rondonópolis", "Tangará da Serra", ""]
AREAS = ["familia", "saude", "consumidor", ""]


def add_states(batches: Iterable[Any]) -> Iterator[Any]:
    """For mapInArrow: `at` and `place`, and whether the window was open.

    Null where the policy is silent, and where `at` or `place` is.
    """
    import guiche
    import numpy
    import pyarrow

    desk = guiche.Desk()
    windows: dict[str, guiche.Window] = {}
    for batch in batches:
        at, places = batch.column("at"), batch.column("place").dictionary_encode()
        which = places.indices.fill_null(-1).to_numpy()
        which = numpy.where(at.is_valid().to_numpy(zero_copy_only=False), which, -1)
        states = numpy.full(len(batch), guiche.State.UNCOVERED.code, dtype="u1")
        for i, place in enumerate(places.dictionary.to_pylist()):
            if place not in windows:
                windows[place] = desk.window(place=place)
            rows = which == i
            states[rows] = numpy.frombuffer(
                windows[place].states(at.filter(pyarrow.array(rows))), dtype="u1"
            )
        silent = states == guiche.State.UNCOVERED.code
        is_open = pyarrow.array(states == guiche.State.OPEN.code, mask=silent)
        yield pyarrow.RecordBatch.from_arrays(
            [at, batch.column("place"), is_open], ["at", "place", "open"]
        )


def make(spark: SparkSession, file: str, rows: int) -> None:
    """Messages spread over the years 2023 to 2026, one every few seconds."""
    start, seconds = 1672545600, 4 * 365 * 86400

    def one_of(values: list[str]) -> Any:
        return functions.element_at(
            functions.array(*map(functions.lit, values)),
            (functions.col("id") % len(values) + 1).cast("int"),
        )

    at = functions.timestamp_seconds(start + functions.col("id") * 7919 % seconds)
    spark.range(rows).select(
        at.alias("at"), one_of(PLACES).alias("place"), one_of(AREAS).alias("area")
    ).write.mode("overwrite").parquet(file)


def ask(spark: SparkSession, file: str) -> None:
    """Prints open and all messages by place, and what it took."""
    begin = time.monotonic()
    answered = spark.read.parquet(file).select("at", "place").mapInArrow(
        add_states, "at timestamp, place string, open boolean"
    )
    by_place = answered.groupBy("place").agg(
        functions.count("*").alias("messages"),
        functions.count(functions.when(functions.col("open"), 1)).alias("open"),
    )
    for row in by_place.orderBy("place").collect():
        print(f"{row.place or 'whole state'}\t{row.messages}\t{row.open}")
    print(f"{time.monotonic() - begin:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    master = sys.argv[3] if sys.argv[1] == "ask" and len(sys.argv) > 3 else "local[2]"
    session = (
        SparkSession.Builder()
        .master(master)
        .config("spark.sql.session.timeZone", "UTC")
        # Instants, which other readers see as such; not the old 96 bits.
        .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    if sys.argv[1] == "make":
        make(session, sys.argv[2], int(sys.argv[3]))
    else:
        ask(session, sys.argv[2])
    session.stop()
