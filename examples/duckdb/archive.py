"""Which messages of an archive came while the window was open, by DuckDB.

    python3 archive.py "FILE.parquet/*.parquet"    how many, by place

guiche_open(at, place) is a function of SQL here, over Arrow columns. Needs duckdb,
numpy, pyarrow and guiche's wheel.
"""

import sys
from typing import Any

import duckdb
import guiche
import numpy
import pyarrow


def whole(column: Any) -> Any:
    """A column in one piece."""
    return column.combine_chunks() if isinstance(column, pyarrow.ChunkedArray) else column


def add_guiche(connection: Any, desk: guiche.Desk) -> None:
    """Adds guiche_open(TIMESTAMPTZ, VARCHAR) -> BOOLEAN, NULL where the policy is silent."""
    windows: dict[str, guiche.Window] = {}

    def guiche_open(at: Any, places: Any) -> Any:
        at, places = whole(at), whole(places).dictionary_encode()
        which = places.indices.fill_null(-1).to_numpy()
        which = numpy.where(at.is_valid().to_numpy(zero_copy_only=False), which, -1)
        states = numpy.full(len(at), guiche.State.UNCOVERED.code, dtype="u1")
        for i, place in enumerate(places.dictionary.to_pylist()):
            if place not in windows:
                windows[place] = desk.window(place=place)
            rows = which == i
            states[rows] = numpy.frombuffer(
                windows[place].states(at.filter(pyarrow.array(rows))), dtype="u1"
            )
        silent = states == guiche.State.UNCOVERED.code
        return pyarrow.array(states == guiche.State.OPEN.code, mask=silent)

    connection.create_function(
        "guiche_open",
        guiche_open,
        ["TIMESTAMP WITH TIME ZONE", "VARCHAR"],
        "BOOLEAN",
        type="arrow",
        null_handling="special",  # Else no answer could be NULL.
        side_effects=False,
    )


if __name__ == "__main__":
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    add_guiche(connection, guiche.Desk())
    rows = connection.execute(
        """
        SELECT place, count(*), count(*) FILTER (WHERE guiche_open("at", place))
        FROM read_parquet(?) GROUP BY place ORDER BY place
        """,
        [sys.argv[1]],
    ).fetchall()
    for place, messages, is_open in rows:
        print(f"{place or 'whole state'}\t{messages}\t{is_open}")
