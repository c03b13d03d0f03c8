"""Two policies over one archive of requests: what would be answered otherwise."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

from guiche import _native
from guiche._answers import Mode, Outcome, PolicyRef, State
from guiche._columns import NOT_FOUND, Requests, encode, is_none

if TYPE_CHECKING:
    from guiche import Desk

# What of a decision is compared.
ASPECTS = ("unit", "area", "outcome", "urgent", "state", "mode")
# Stands for an answer where the policy cannot take the request as it is put.
REFUSED = "REFUSED"

_FIELDS = ("need", "area", "place", "facts", "at")
_BATCH = 1 << 16
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)
_MOST_GROUPS = 100_000
_MOST_KNOWN = 100_000


@dataclass(frozen=True)
class Change:
    """So many requests of a group whose answer is another.

    Attributes:
      aspect: "unit", "area", "outcome", "urgent", "state" or "mode".
      before: the answer by the policy before, as JSON has it; empty: none;
        "REFUSED": it does not know an id or place of the request.
      after: likewise by the policy after.
      group: the value of the column that was grouped by; empty: none.
      requests: how many.
    """

    aspect: str
    before: str
    after: str
    group: str
    requests: int


@dataclass(frozen=True)
class Group:
    """How many requests a group has, and of how many anything changes."""

    name: str
    requests: int
    changed: int


@dataclass(frozen=True)
class Replay:
    """What changes from one policy to another. Those of parts add up: `a + b`.

    Attributes:
      before: one policy.
      after: the other.
      groups: in the order of their names; all requests are in one of them.
      changes: by aspect, then the most frequent first.
    """

    before: PolicyRef
    after: PolicyRef
    groups: tuple[Group, ...]
    changes: tuple[Change, ...]

    @property
    def requests(self) -> int:
        """How many there are."""
        return sum(group.requests for group in self.groups)

    @property
    def changed(self) -> int:
        """Of how many anything changes."""
        return sum(group.changed for group in self.groups)

    def count(self, aspect: str) -> dict[tuple[str, str], int]:
        """Of all groups, how many requests change from one answer to another."""
        if aspect not in ASPECTS:
            raise ValueError(f"aspect: {aspect!r} is none of {', '.join(ASPECTS)}")
        counts: Counter[tuple[str, str]] = Counter()
        for change in self.changes:
            if change.aspect == aspect:
                counts[change.before, change.after] += change.requests
        return dict(counts.most_common())

    def __add__(self, other: Replay) -> Replay:
        if not isinstance(other, Replay):
            return NotImplemented
        if (self.before, self.after) != (other.before, other.after):
            raise ValueError("replay: is of other policies; only parts of one add up")
        tally = _Tally()
        for part in (self, other):
            for group in part.groups:
                tally.requests[group.name] += group.requests
                tally.changed[group.name] += group.changed
            for change in part.changes:
                key = change.aspect, change.before, change.after, change.group
                tally.changes[key] += change.requests
        return tally.replay(self.before, self.after)


class _Tally:
    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()
        self.changes: Counter[tuple[str, str, str, str]] = Counter()

    def replay(self, before: PolicyRef, after: PolicyRef) -> Replay:
        def order(change: Change) -> Any:
            return (
                ASPECTS.index(change.aspect),
                -change.requests,
                change.before,
                change.after,
                change.group,
            )

        changes = [Change(*key, count) for key, count in self.changes.items()]
        groups = [
            Group(name, count, self.changed[name]) for name, count in sorted(self.requests.items())
        ]
        return Replay(before, after, tuple(groups), tuple(sorted(changes, key=order)))


def replay(
    before: Desk,
    after: Desk,
    archive: Any,
    *,
    by: str = "",
    text: str = "",
    columns: Mapping[str, str] = {},
) -> Replay:
    """Decides the requests of an archive by two policies and counts what differs.

    Streams: memory does not grow with the archive, but with the groups of `by`, of
    which there can be 100,000. No text is read unless `text` names its column.

    >>> archive = [{"area": "familia", "place": "Sinop"}, {"area": "saude"}]
    >>> desk = guiche.Desk()
    >>> guiche.replay(desk, desk, archive).changed
    0

    On a cluster each part of the archive is replayed where it is, and the
    results added; examples/spark/replay.py does so by `mapInArrow`.

    Args:
      before: one policy.
      after: the other.
      archive: a Parquet file or a directory of them, an Arrow or a JSON lines
        file, by its path; a pyarrow Dataset, Table or RecordBatchReader; or an
        iterable of requests as mappings, of record batches or of DataFrames.
      by: a column to group by; empty: one group.
      text: the column of the citizen's words; empty: none is read. Requests that
        have some are decided one by one, some ten thousand a second.
      columns: which column of the archive is which of `need`, `area`, `place`,
        `facts` and `at`, where the names differ. Those that it lacks are not
        stated; without an instant state and mode are not compared.

    Returns:
      How many requests there are, and how many change in what.

    Raises:
      ValueError: a column that is not there, instants without a zone, or too
        many groups.
      TypeError: a column of another type. OSError: a file cannot be read.
    """
    for field in columns:
        if field not in _FIELDS:
            raise ValueError(f"columns: {field!r} is none of {', '.join(_FIELDS)}")
    wanted = {field: columns.get(field, field) for field in _FIELDS}
    must = set(columns.values())
    for field, name in (("by", by), ("text", text)):
        if name:
            wanted[field] = name
            must.add(name)
    tally = _Tally()
    pair = _Side(before), _Side(after)
    names = _Names(pair)
    for batch in _batches(archive, wanted, must):
        _compare(pair, names, batch, tally)
    return tally.replay(before.policy, after.policy)


class _Side:
    """One of the two policies, with the numbers that were looked up in it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.engine = desk._engine
        self.known: dict[tuple[int, str], int] = {}

    def find(self, kind: int, text: str) -> int:
        number = self.known.get((kind, text))
        if number is None:
            try:
                number = self.engine.number(kind, text.encode(errors="replace"))
            except ValueError:
                number = NOT_FOUND
            if len(self.known) >= _MOST_KNOWN:
                self.known.clear()
            self.known[kind, text] = number
        return number


class _Names:
    """The answers that there are to each aspect, and which a number stands for."""

    def __init__(self, pair: tuple[_Side, _Side]) -> None:
        import numpy

        self.of: dict[str, list[str]] = {
            "outcome": [*map(str, Outcome)],
            "urgent": ["false", "true"],
            "state": ["", *map(str, list(State)[1:])],
            "mode": ["", *map(str, list(Mode)[1:])],
        }
        # Number -1, none, is the last of each side's.
        self.codes: dict[str, list[Any]] = {}
        for aspect, kind in (("unit", _native.UNIT), ("area", _native.AREA)):
            ids = [[*side.engine.ids(kind), ""] for side in pair]
            names = self.of[aspect] = sorted({*ids[0], *ids[1]})
            self.codes[aspect] = [
                numpy.array([names.index(name) for name in side], "i8") for side in ids
            ]
        for names in self.of.values():
            names.append(REFUSED)
        self.numbers = {
            aspect: {name: number for number, name in enumerate(names)}
            for aspect, names in self.of.items()
        }

    def answers(self, side: int, aspect: str, decisions: Any, refused: Any) -> Any:
        answers = decisions[aspect].astype("i8")
        if aspect in self.codes:
            answers = self.codes[aspect][side][answers]
        answers[refused] = len(self.of[aspect]) - 1
        return answers


def _compare(
    pair: tuple[_Side, _Side], names: _Names, batch: dict[str, Any], tally: _Tally
) -> None:
    import numpy

    groups, group_names = _groups(batch)
    texts = batch.get("text")
    asked = Requests(**{field: batch[field] for field in _FIELDS if field in batch})
    size = asked.size or (0 if texts is None else len(texts)) or len(groups)
    asked.size = size
    answers = []
    for number, side in enumerate(pair):
        decisions, refused = asked.decide(side.engine, side.find)
        answers.append(
            {aspect: names.answers(number, aspect, decisions, refused) for aspect in ASPECTS}
        )
    if texts is not None:
        for row, question in _questions(batch, asked):
            for number, side in enumerate(pair):
                for aspect, name in _ask(side, question).items():
                    answers[number][aspect][row] = names.numbers[aspect][name]

    if len(groups) == 0:
        groups = numpy.zeros(size, "i8")
    changed = numpy.zeros(size, bool)
    for aspect in ASPECTS:
        one, two = answers[0][aspect], answers[1][aspect]
        differ = one != two
        if not differ.any():
            continue
        changed |= differ
        count = len(names.of[aspect])
        keys = (groups[differ] * count + one[differ]) * count + two[differ]
        for key, requests in zip(*(part.tolist() for part in numpy.unique(keys, return_counts=True))):
            group, both = divmod(key, count * count)
            was, is_now = divmod(both, count)
            tally.changes[
                aspect, names.of[aspect][was], names.of[aspect][is_now], group_names[group]
            ] += requests
    least = len(group_names)
    for name, requests, other in zip(
        group_names,
        numpy.bincount(groups, minlength=least).tolist(),
        numpy.bincount(groups[changed], minlength=least).tolist(),
    ):
        if requests:
            tally.requests[name] += requests
            tally.changed[name] += other
    if len(tally.requests) > _MOST_GROUPS:
        raise ValueError(
            f"by: the column has over {_MOST_GROUPS} different values; group by a coarser one"
        )


def _groups(batch: dict[str, Any]) -> tuple[Any, list[str]]:
    """The number of each row's group, and their names."""
    import numpy

    column = batch.get("by")
    if column is None:
        return numpy.zeros(0, "i8"), [""]
    codes, values = encode(column)
    names = ["" if is_none(value) else str(value) for value in [*values, None]]
    return codes.astype("i8") % len(names), names


def _questions(batch: dict[str, Any], asked: Requests) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows that have a text, as requests."""
    import numpy

    columns = {
        field: _values(batch[field]) for field in ("text", "need", "area", "place", "facts")
        if field in batch
    }
    for row, words in enumerate(columns["text"]):
        if not isinstance(words, str) or not words:
            continue
        question = {
            field: values[row] for field, values in columns.items()
            if isinstance(values[row], (str, list, tuple))
        }
        if asked.instants is not None and (
            asked.no_instant is None or not asked.no_instant[row]
        ):
            second = numpy.datetime64(int(asked.instants[row] // asked.ticks), "s")
            question["at"] = f"{second}Z"
        yield row, question


def _values(column: Any) -> Any:
    return column.to_pylist() if hasattr(column, "to_pylist") else list(column)


def _ask(side: _Side, question: dict[str, Any]) -> dict[str, str]:
    """The answers to one request with a text."""
    method = "decide" if "at" in question else "route"
    try:
        answer = json.loads(side.desk.call(method, json.dumps(question)))
    except ValueError:
        return dict.fromkeys(ASPECTS, REFUSED)
    route = answer.get("route", answer)
    window = answer.get("availability", {"state": "", "mode": ""})
    return {
        "unit": route["unit"]["id"],
        "area": route["area"],
        "outcome": route["outcome"],
        "urgent": "true" if route["urgent"] else "false",
        "state": window["state"],
        "mode": "" if window["mode"] == Mode.MODE_UNSPECIFIED else window["mode"],
    }


# --- Archives ---------------------------------------------------------------


def _batches(archive: Any, wanted: dict[str, str], must: set[str]) -> Iterator[dict[str, Any]]:
    """The wanted columns of an archive, by field, some at a time."""
    if isinstance(archive, (str, Path)):
        path = Path(archive)
        if path.suffix in (".jsonl", ".ndjson"):
            with path.open(encoding="utf-8") as lines:
                yield from _rows(map(json.loads, lines), wanted)
            return
        import pyarrow.dataset  # type: ignore[import]

        arrow = path.suffix in (".arrow", ".feather")
        archive = pyarrow.dataset.dataset(str(path), format="arrow" if arrow else "parquet")
    if hasattr(archive, "scanner"):  # a Dataset, of which only these are read
        names = _present(archive.schema.names, wanted, must)
        archive = archive.to_batches(
            columns=sorted(set(names.values())),
            batch_size=_BATCH,
            batch_readahead=2,
            fragment_readahead=1,
        )
    elif hasattr(archive, "to_batches"):
        archive = archive.to_batches(max_chunksize=_BATCH)
    elif hasattr(archive, "schema") and hasattr(archive, "num_rows") or hasattr(archive, "iloc"):
        archive = [archive]
    parts = iter(archive)
    first = next(parts, None)
    if first is None:
        return
    parts = itertools.chain([first], parts)
    if isinstance(first, Mapping):
        yield from _rows(parts, wanted)
        return
    for part in parts:
        names = _present(
            part.schema.names if hasattr(part, "schema") else list(part.columns), wanted, must
        )
        if len(part) > 0:
            yield {field: part[name] for field, name in names.items()}


def _present(there: list[str], wanted: dict[str, str], must: set[str]) -> dict[str, str]:
    names = {field: name for field, name in wanted.items() if name in there}
    missing = sorted(must - set(there))
    if missing or not names:
        raise ValueError(
            f"columns: {', '.join(missing or wanted.values())} is not there; the archive has "
            + ", ".join(map(str, there))
        )
    return names


def _rows(
    rows: Iterator[Mapping[str, Any]], wanted: dict[str, str]
) -> Iterator[dict[str, Any]]:
    import numpy

    done = 0
    while some := list(itertools.islice(rows, _BATCH)):
        batch: dict[str, Any] = {
            field: [row.get(name) for row in some] for field, name in wanted.items()
        }
        instants = [_microseconds(at, done + row) for row, at in enumerate(batch["at"])]
        batch["at"] = numpy.array(instants, "M8[us]")
        yield batch
        done += len(some)


def _microseconds(at: Any, row: int) -> Optional[int]:
    if at is None or at == "":
        return None
    problem = "is no RFC 3339 instant"
    try:
        instant = at if isinstance(at, datetime) else datetime.fromisoformat(at)
        problem = "has no zone"
        if instant.utcoffset() is not None:
            return (instant - _EPOCH) // _MICROSECOND
    except (TypeError, ValueError):
        pass
    raise ValueError(f"at[{row}]: {problem}; write such as \"2026-01-07T12:00:00-04:00\"")
