"""The Python module where it is not as the other languages are."""

import ctypes
import doctest
import pickle
import threading
from datetime import date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import numpy
import pandas
import pytest

import guiche
from guiche import State

CUIABA = ZoneInfo("America/Cuiaba")
NOON = datetime(2026, 1, 7, 12, tzinfo=CUIABA)
SECOND = int(NOON.timestamp())


@pytest.fixture(scope="module")
def desk():
    return guiche.Desk()


def test_examples_of_the_docstrings():
    at = NOON
    results = doctest.testmod(guiche, extraglobs={"guiche": guiche, "at": at})
    assert results.attempted > 5 and results.failed == 0


def test_answers_are_values(desk):
    one = desk.open(at=NOON, place="Sinop")
    assert one == desk.open(at=NOON, place="sinop") and hash(one) == hash(
        desk.open(at=NOON, place="sinop")
    )
    assert one != desk.open(at=NOON - timedelta(seconds=1), place="Sinop")
    assert pickle.loads(pickle.dumps(one)) == one
    assert "State.OPEN" in repr(one)
    with pytest.raises(AttributeError):
        one.state = State.CLOSED


def test_instants_are_on_the_clock_of_the_place(desk):
    one = desk.open(at=NOON.astimezone(timezone.utc), place="Sinop")
    assert one.until == NOON + timedelta(hours=6)
    assert one.until.tzinfo == CUIABA and one.at.tzinfo == CUIABA


def test_instants_that_are_none(desk):
    before = desk.open(at=datetime(1, 1, 1, tzinfo=timezone.utc))
    assert before.state == State.UNCOVERED and before.since is guiche.NEVER
    assert before.at == datetime(1, 1, 1, tzinfo=timezone.utc)
    after = desk.open(at=datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=4))))
    assert after.state == State.UNCOVERED and after.next_open in (
        guiche.NEVER,
        guiche.BEYOND_HORIZON,
    )
    assert repr(guiche.NEVER) == "guiche.NEVER"


class NoOffset(tzinfo):
    def utcoffset(self, at):
        return None


@pytest.mark.parametrize(
    "at, error",
    [
        (datetime(2026, 1, 7, 12), ValueError),
        (datetime(2026, 1, 7, 12, tzinfo=NoOffset()), ValueError),
        (pandas.NaT, ValueError),
        (pandas.Timestamp("2026-01-07 12:00"), ValueError),
        (numpy.datetime64("2026-01-07T16:00:00"), TypeError),
        ("2026-01-07T12:00:00-04:00", TypeError),
        (date(2026, 1, 7), TypeError),
        (None, TypeError),
    ],
    ids=repr,
)
def test_refuses_what_is_no_aware_datetime(desk, at, error):
    with pytest.raises(error, match="^at: "):
        desk.open(at=at)
    with pytest.raises(error, match="^at: "):
        desk.window().state(at)


@pytest.mark.parametrize(
    "at",
    [
        NOON,
        NOON.astimezone(timezone.utc),
        NOON.astimezone(timezone(timedelta(hours=5, minutes=45))),
        NOON.replace(microsecond=999_999),
        pandas.Timestamp(NOON),
        pandas.Timestamp(NOON.astimezone(timezone.utc)),
        # A zone's mean time before it had an hour's offset.
        datetime(1800, 1, 1, tzinfo=CUIABA),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(-timedelta(hours=14))),
    ],
    ids=repr,
)
def test_state_is_that_of_open(desk, at):
    assert desk.window(place="Sinop").state(at) is desk.open(at=at, place="Sinop").state


def test_last_microsecond_before_it_opens(desk):
    assert desk.window().state(NOON - timedelta(microseconds=1)) is State.CLOSED
    assert desk.window().state(NOON) is State.OPEN


def test_errors_name_the_field(desk):
    with pytest.raises(ValueError, match="^place: .*Sinop"):
        desk.open(at=NOON, place="Sinope")
    with pytest.raises(ValueError, match="^place: "):
        desk.window(place="Sinope")
    with pytest.raises(ValueError, match="^need"):
        desk.route(need="nothing")
    with pytest.raises(ValueError, match="method"):
        desk.call("shut", "{}")
    with pytest.raises(ValueError):
        desk.route(text="\ud800")
    with pytest.raises(ValueError):
        desk.call("route", '{"text":"\ud800"}')
    with pytest.raises(ValueError):
        desk.window(place="\ud800")
    with pytest.raises(TypeError, match="^facts: "):
        desk.route(facts="urgent")
    with pytest.raises(ValueError, match="PARROT"):
        desk.check(device="PARROT")
    with pytest.raises(TypeError, match="^from_: "):
        desk.calendar(from_=NOON, until=date(2026, 2, 1))


def test_policies_are_pinned_by_digest(desk):
    assert guiche.Desk(digest=desk.policy.digest).policy == desk.policy
    with pytest.raises(guiche.PolicyError, match="digest: .*" + desk.policy.digest):
        guiche.Desk(digest="0" * 64)


def test_policies_of_another_day(desk):
    known_at = datetime(2023, 1, 1, tzinfo=CUIABA)
    assert guiche.Desk(known_at=known_at).policy.known_at == known_at
    with pytest.raises(ValueError, match="^known_at: "):
        guiche.Desk(known_at=datetime(2023, 1, 1))


def test_policy_errors_list_every_problem():
    with pytest.raises(guiche.PolicyError) as raised:
        guiche.Desk.from_bytes(b'id: "x" time_zone: "Nowhere" default_unit: "none"')
    problems = dict(raised.value.problems)
    assert {"time_zone", "default_unit"} <= set(problems)
    again = pickle.loads(pickle.dumps(raised.value))
    assert again.problems == raised.value.problems and str(again) == str(raised.value)


def test_policies_from_files(desk, tmp_path):
    files = sorted(Path("policy/mato_grosso").rglob("*.textproto"))
    assert guiche.Desk.from_files(*reversed(files)).policy == desk.policy
    broken = tmp_path / "broken.textproto"
    broken.write_text("# a comment\nid: 5\n")
    with pytest.raises(guiche.PolicyError, match=f"{broken}:2:"):
        guiche.Desk.from_files(files[0], broken)
    with pytest.raises(OSError):
        guiche.Desk.from_files(tmp_path / "missing")
    with pytest.raises(ValueError, match="^files: "):
        guiche.Desk.from_files("a.json", "b.pb")


INSTANTS = numpy.array([SECOND - 1, SECOND, 0], "M8[s]")
STATES = [State.CLOSED.code, State.OPEN.code, State.UNCOVERED.code]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns", "10ms", "25s"])
def test_numpy_columns(desk, unit):
    column = INSTANTS.astype(f"M8[{unit}]")
    states = desk.open_many(column, place="Sinop")
    assert states.dtype == numpy.uint8
    expected = [desk.window(place="Sinop").state(at) for at in as_datetimes(column)]
    assert states.tolist() == [state.code for state in expected]
    assert desk.open_many(column[::-1]).tolist() == states.tolist()[::-1]
    assert desk.open_many(column.astype(column.dtype.newbyteorder())).tolist() == states.tolist()
    assert desk.open_many(column[:0]).tolist() == []


def as_datetimes(column):
    return [at.replace(tzinfo=timezone.utc) for at in column.astype("M8[us]").tolist()]


def test_pandas_columns(desk):
    series = pandas.Series(pandas.to_datetime(INSTANTS), index=[3, 1, 2], name="at")
    aware = series.dt.tz_localize("UTC").dt.tz_convert(CUIABA)
    states = desk.open_many(aware)
    assert states.tolist() == ["CLOSED", "OPEN", "UNCOVERED"]
    assert states.index.tolist() == [3, 1, 2] and states.name == "at"
    assert desk.open_many(pandas.DatetimeIndex(aware)).tolist() == STATES
    with pytest.raises(ValueError, match="^column: has no zone"):
        desk.open_many(series)
    with pytest.raises(ValueError, match=r"^instants\[1\]: "):
        desk.open_many(aware.where([True, False, True]))


class Microseconds:
    """A column as pandas 2 has them: in its own unit, or as Arrow's type."""

    def __init__(self, instants, arrow):
        kind = SimpleNamespace(tz=timezone.utc, unit="us")
        self.dtype = SimpleNamespace(pyarrow_dtype=kind) if arrow else kind
        self.dtype.kind = "M"
        self._instants = instants

    def __array__(self, dtype=None):
        return self._instants.astype(dtype)


@pytest.mark.parametrize("arrow", [False, True])
def test_columns_beyond_nanoseconds(desk, arrow):
    far = SECOND + 2**64 // 10**9 + 1  # as nanoseconds it would be this noon again
    column = Microseconds(numpy.array([SECOND, far], "M8[s]").astype("M8[us]"), arrow)
    assert desk.open_many(column, place="Sinop").tolist() == [
        State.OPEN.code, State.UNCOVERED.code
    ]  # fmt: skip


@pytest.mark.parametrize(
    "column, error",
    [
        (numpy.array(["NaT"], "M8[s]"), ValueError),
        (numpy.zeros((2, 2), "M8[s]"), ValueError),
        (numpy.zeros(2, "i8"), TypeError),
        ([NOON], TypeError),
        (None, TypeError),
    ],
    ids=repr,
)
def test_refuses_other_columns(desk, column, error):
    with pytest.raises(error):
        desk.open_many(column)


class ArrowSchema(ctypes.Structure):
    _fields_ = [
        ("format", ctypes.c_char_p),
        ("name", ctypes.c_char_p),
        ("metadata", ctypes.c_char_p),
        ("flags", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("children", ctypes.c_void_p),
        ("dictionary", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    ]


class ArrowArray(ctypes.Structure):
    _fields_ = [
        ("length", ctypes.c_int64),
        ("null_count", ctypes.c_int64),
        ("offset", ctypes.c_int64),
        ("n_buffers", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("buffers", ctypes.POINTER(ctypes.c_void_p)),
        ("children", ctypes.c_void_p),
        ("dictionary", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    ]


def capsule(struct, name):
    new = ctypes.pythonapi.PyCapsule_New
    new.restype = ctypes.py_object
    return new(ctypes.c_void_p(ctypes.addressof(struct)), ctypes.c_char_p(name), None)


class ArrowColumn:
    """Seconds as an Arrow library gives them; `self` keeps all of it alive."""

    def __init__(self, instants, format=b"tss:UTC", valid=None, offset=0):
        self.instants = numpy.array(instants, "i8")
        self.valid = ctypes.create_string_buffer(valid) if valid else None
        self.buffers = (ctypes.c_void_p * 2)(
            ctypes.addressof(self.valid) if valid else None, self.instants.ctypes.data
        )
        length = len(instants) - offset
        self.schema = ArrowSchema(format=format)
        self.array = ArrowArray(
            length, -1 if valid else 0, offset, 2, 0, self.buffers
        )

    def __arrow_c_array__(self, requested_schema=None):
        return capsule(self.schema, b"arrow_schema"), capsule(self.array, b"arrow_array")


def test_arrow_columns(desk):
    assert list(desk.open_many(ArrowColumn([SECOND - 1, SECOND, 0]))) == STATES
    assert list(desk.open_many(ArrowColumn([SECOND - 1, SECOND, 0], offset=1))) == STATES[1:]
    milliseconds = ArrowColumn([SECOND * 1000], b"tsm:America/Cuiaba")
    assert list(desk.open_many(milliseconds)) == [State.OPEN.code]
    # Of the bits the first is no part of the column, and the third says null.
    assert list(desk.open_many(ArrowColumn([0, SECOND], valid=b"\x02", offset=1))) == [
        State.OPEN.code
    ]
    with pytest.raises(ValueError, match=r"^instants\[1\]: "):
        desk.open_many(ArrowColumn([0, SECOND, 0], valid=b"\x03", offset=1))
    with pytest.raises(ValueError, match="no zone"):
        desk.open_many(ArrowColumn([0], b"tss:"))
    with pytest.raises(TypeError, match="timestamps"):
        desk.open_many(ArrowColumn([0], b"l"))


def test_threads_share_a_desk(desk):
    expected = desk.decide(text="quero pedir pensão", place="Sinop", at=NOON)
    answers = []

    def ask():
        answers.append(desk.decide(text="quero pedir pensão", place="Sinop", at=NOON))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 8


def test_a_window_outlives_its_desk():
    window = guiche.Desk().window(place="Sinop")
    assert window.state(NOON) is State.OPEN
