"""Columns of requests as the numbers that the C interface takes."""

from collections.abc import Sequence
from typing import Any, Callable, Optional

from guiche import _native

TICKS = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}

# guiche_decision, field by field.
DECISION = [
    ("unit", "i4"),
    ("area", "i4"),
    ("outcome", "u1"),
    ("urgent", "u1"),
    ("state", "u1"),
    ("mode", "u1"),
]

# What cannot be found in a policy has this number: out of range there, too.
NOT_FOUND = -2


def is_arrow(column: Any) -> bool:
    """Whether it is pyarrow's, or of a library that gives its columns so."""
    arrow = hasattr(column, "__arrow_c_stream__") or hasattr(column, "__arrow_c_array__")
    return arrow and not (hasattr(column, "dtype") and hasattr(column, "index"))


def read_instants(name: str, column: Any) -> tuple[int, Any, Any]:
    """Ticks a second, ticks since 1970 as int64, and which are none, or None."""
    import numpy

    if is_arrow(column):
        return _arrow_instants(name, column)
    dtype: Any = getattr(column, "dtype", None)
    if getattr(dtype, "kind", None) != "M":
        raise TypeError(
            f"{name}: {type(column).__name__} is no column of instants; give an array of"
            " datetime64, a Series with a zone, or an Arrow column of timestamps"
        )
    if isinstance(column, numpy.ndarray):
        instants = column
    else:
        dtype = getattr(dtype, "pyarrow_dtype", dtype)
        if getattr(dtype, "tz", None) is None:
            raise ValueError(f"{name}: has no zone; say which one with .dt.tz_localize(...)")
        # In its own unit: nanoseconds end in 2262, and numpy would wrap round.
        instants = numpy.asarray(column, dtype=f"datetime64[{dtype.unit}]")
    unit, step = numpy.datetime_data(instants.dtype)
    if unit not in TICKS or step != 1:
        instants = instants.astype("datetime64[s]")
        unit = "s"
    instants = numpy.ascontiguousarray(instants, dtype=f"=M8[{unit}]")
    if instants.ndim != 1:
        raise ValueError(f"{name}: has {instants.ndim} dimensions; give one")
    none = numpy.isnat(instants)
    return TICKS[unit], instants.view("i8"), none if none.any() else None


def _arrow_instants(name: str, column: Any) -> tuple[int, Any, Any]:
    import numpy

    kind: Any = getattr(column, "type", None)
    if not hasattr(kind, "tz"):
        raise TypeError(f"{name}: an Arrow column must be of timestamps")
    if kind.tz is None:
        raise ValueError(f"{name}: the timestamps have no zone; say which one they are in")
    none = column.is_null().to_numpy(zero_copy_only=False) if column.null_count else None
    ticks = column.cast("int64").fill_null(0).to_numpy()
    return TICKS[kind.unit], numpy.ascontiguousarray(ticks), none


class Texts:
    """A column of texts: its different values, and which of them each row has.

    The last value is None, for rows that state nothing.
    """

    def __init__(self, name: str, column: Any) -> None:
        self.codes, values = encode(column)
        self.name = name
        self.values: list[Optional[str]] = [_text(name, value) for value in values] + [None]

    def __len__(self) -> int:
        return len(self.codes)

    def numbers(self, find: Callable[[str], int]) -> Any:
        """For each row the number that `find` gives its text; -1: nothing stated."""
        import numpy

        found = [-1 if value is None else find(value) for value in self.values]
        return numpy.array(found, "i4")[self.codes]


def is_none(value: Any) -> bool:
    """Whether it stands for no value: None, NaN, NaT or pandas.NA."""
    return not isinstance(value, str) and str(value) in ("None", "nan", "NaT", "<NA>")


def _text(name: str, value: Any) -> Optional[str]:
    if isinstance(value, str):
        return value or None
    if is_none(value):
        return None
    raise TypeError(f"{name}: holds a {type(value).__name__}; give texts")


def encode(column: Any) -> tuple[Any, Sequence[Any]]:
    """For each row which of the different values it has; -1: Arrow's null."""
    import numpy

    if not hasattr(column, "dictionary_encode"):
        known: dict[Any, int] = {}
        codes = [known.setdefault(value, len(known)) for value in column]
        return numpy.array(codes, "i4"), list(known)
    column = whole(column)
    if not hasattr(column, "dictionary"):
        column = column.dictionary_encode()
    return column.indices.fill_null(-1).to_numpy(), column.dictionary.to_pylist()


def whole(column: Any) -> Any:
    """An Arrow column in one piece."""
    if not hasattr(column, "chunks"):
        return column
    return column.unify_dictionaries().combine_chunks()


class Facts:
    """A column of lists of texts: the texts of all rows, and whose each is."""

    def __init__(self, name: str, column: Any) -> None:
        import numpy

        self.size = len(column)
        column = whole(column)
        if hasattr(column, "value_lengths"):
            lengths = column.value_lengths().fill_null(0).to_numpy()
            self.rows = numpy.repeat(numpy.arange(self.size), lengths)
            self.texts = Texts(name, column.flatten())
            return
        rows, texts = [], []
        for row, facts in enumerate(column):
            if facts is None or isinstance(facts, float):  # NaN
                continue
            if isinstance(facts, str):
                raise TypeError(f"{name}: must hold lists of texts")
            for fact in facts:
                rows.append(row)
                texts.append(fact)
        self.rows = numpy.array(rows, "i8")
        self.texts = Texts(name, texts)

    def __len__(self) -> int:
        return self.size

    def bits(self, find: Callable[[str], int]) -> tuple[Any, Any]:
        """The facts of each row as bits; and the rows with one not found."""
        import numpy

        numbers = self.texts.numbers(find)
        bits = numpy.zeros(self.size, "u8")
        stated = numbers >= 0
        ones = numpy.left_shift(numpy.uint64(1), numbers[stated].astype("u8"))
        numpy.bitwise_or.at(bits, self.rows[stated], ones)
        return bits, self.rows[numbers == NOT_FOUND]


class Requests:
    """Requests as columns, read once and put to any engine."""

    def __init__(
        self, at: Any = None, need: Any = None, area: Any = None, place: Any = None,
        facts: Any = None,
    ) -> None:
        self.texts = {
            kind: Texts(name, column)
            for kind, name, column in (
                (_native.NEED, "need", need),
                (_native.AREA, "area", area),
                (_native.PLACE, "place", place),
            )
            if column is not None
        }
        self.facts = None if facts is None else Facts("facts", facts)
        self.ticks, self.instants, self.no_instant = (
            (1, None, None) if at is None else read_instants("at", at)
        )
        sizes = {text.name: len(text) for text in self.texts.values()}
        if self.facts is not None:
            sizes["facts"] = len(self.facts)
        if self.instants is not None:
            sizes["at"] = len(self.instants)
        if len(set(sizes.values())) > 1:
            raise ValueError(
                "columns: differ in length: "
                + ", ".join(f"{name} has {size}" for name, size in sizes.items())
            )
        self.size = next(iter(sizes.values()), 0)

    def decide(self, engine: _native.Engine, find: Callable[[int, str], int]) -> tuple[Any, Any]:
        """An array of DECISION, and which requests hold what was NOT_FOUND."""
        import numpy

        refused = numpy.zeros(self.size, bool)
        columns = {}
        for kind, texts in self.texts.items():
            columns[kind] = texts.numbers(lambda text: find(kind, text))
            refused |= columns[kind] == NOT_FOUND
        bits = None
        if self.facts is not None:
            bits, rows = self.facts.bits(lambda text: find(_native.FACT, text))
            refused[rows] = True
        answer = engine.decide(
            columns.get(_native.NEED),
            columns.get(_native.AREA),
            columns.get(_native.PLACE),
            bits,
            self.ticks,
            self.instants,
            self.size,
        )
        decisions = numpy.frombuffer(bytearray(answer), numpy.dtype(DECISION))
        if self.no_instant is not None:
            decisions["state"][self.no_instant] = 0
            decisions["mode"][self.no_instant] = 0
        return decisions, refused
