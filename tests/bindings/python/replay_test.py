"""Columns of requests, and two policies over an archive of them."""

import dataclasses
import functools
import json
import operator
import pickle
import random
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy
import pandas
import pytest

import guiche
from guiche import Change, Outcome, State

CUIABA = ZoneInfo("America/Cuiaba")
SEED = datetime(2026, 3, 5, 9, tzinfo=CUIABA)
FIELDS = ("need", "area", "place", "facts", "at")


def compile_with(*changes):
    text = b"".join(
        path.read_bytes() + b"\n" for path in sorted(Path("policy/mato_grosso").rglob("*.textproto"))
    )
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return guiche.Desk.from_bytes(text)


@pytest.fixture(scope="module")
def before():
    return guiche.Desk()


@pytest.fixture(scope="module")
def after():
    """Opens an hour earlier, and lacks a need."""
    return compile_with((b'open: "12:00"', b'open: "11:00"'), (b"pensao_fixar", b"pensao_nova"))


@pytest.fixture(scope="module")
def archive():
    rng = random.Random(7)
    needs = ["pensao_fixar", "divorcio", "", None]
    return [
        {
            "need": (need := rng.choice(needs)),
            "area": None if need else rng.choice(["familia", "saude", "", None]),
            "place": rng.choice(["Sinop", "cuiabá", "5107909", "", None]),
            "facts": rng.choice([["urgent"], [], None]),
            "at": SEED + timedelta(minutes=rng.randrange(60 * 24 * 30)),
            "text": "SEGREDO",
            "month": rng.choice([3, 4, None]),
        }
        for _ in range(400)
    ]


def answers_to(desk, row):
    """By one question at a time."""
    asked = {field: row[field] for field in FIELDS if row.get(field)}
    try:
        decision = desk.decide(**asked)
    except ValueError:
        return dict.fromkeys(("unit", "area", "outcome", "urgent", "state", "mode"), "REFUSED")
    route, window = decision.route, decision.availability
    return {
        "unit": route.unit.id if route.unit else "",
        "area": route.area,
        "outcome": str(route.outcome),
        "urgent": "true" if route.urgent else "false",
        "state": str(window.state),
        "mode": "" if window.mode == guiche.Mode.MODE_UNSPECIFIED else str(window.mode),
    }


def replay_slowly(before, after, rows, by):
    changes, requests, changed = Counter(), Counter(), Counter()
    for row in rows:
        group = "" if row.get(by) is None else str(row[by])
        one, two = answers_to(before, row), answers_to(after, row)
        requests[group] += 1
        changed[group] += one != two
        for aspect in one:
            if one[aspect] != two[aspect]:
                changes[aspect, one[aspect], two[aspect], group] += 1
    groups = tuple(guiche.Group(name, n, changed[name]) for name, n in sorted(requests.items()))
    return groups, {Change(*key, n) for key, n in changes.items()}


@pytest.mark.parametrize("by", ["place", "month", "need", ""])
def test_counts_what_single_questions_count(before, after, archive, by):
    found = guiche.replay(before, after, archive, by=by)
    groups, changes = replay_slowly(before, after, archive, by)
    assert found.groups == groups and set(found.changes) == changes
    assert len(found.changes) == len(changes) > 2
    assert found.requests == 400 and 0 < found.changed < 400
    opened = [c.requests for c in found.changes if (c.before, c.after) == ("CLOSED", "OPEN")]
    assert found.count("state")["CLOSED", "OPEN"] == sum(opened) > 0
    # An id that only one of the two knows.
    assert any(c.after == "REFUSED" != c.before for c in found.changes)


def test_results_are_values_that_add_up(before, after, archive):
    whole = guiche.replay(before, after, archive, by="place")
    parts = [guiche.replay(before, after, archive[i::7], by="place") for i in range(7)]
    sent = [pickle.loads(pickle.dumps(part)) for part in parts]
    assert functools.reduce(operator.add, sent) == whole
    assert hash(functools.reduce(operator.add, parts)) == hash(whole)
    with pytest.raises(dataclasses.FrozenInstanceError):
        whole.changes = ()
    with pytest.raises(ValueError, match="other policies"):
        whole + guiche.replay(after, before, archive)
    with pytest.raises(ValueError, match="^aspect: "):
        whole.count("colour")
    same = guiche.replay(before, before, archive)
    assert (same.requests, same.changed, same.changes) == (400, 0, ())


def test_text_is_read_only_when_asked(before, after):
    class Row(dict):
        def get(self, name, default=None):
            assert name != "text"
            return super().get(name, default)

    rows = [Row(area="familia", text="SEGREDO", at=SEED)]
    assert guiche.replay(before, after, rows).requests == 1
    # What the words are decides, in the one policy as in the other.
    rows = [
        {"text": "ele me bateu", "at": SEED.replace(hour=11)},
        {"text": "quero pedir pensão", "place": "Sinop"},
        {"text": "\ud800", "at": SEED},
        {"text": None, "area": "familia"},
        {"need": "pensao_fixar", "text": "quero pedir pensão"},
    ]
    found = guiche.replay(before, after, rows, text="text")
    assert found.requests == 5 and found.changed == 2
    assert found.count("state") == {("CLOSED", "OPEN"): 1, ("", "REFUSED"): 1}
    assert [change.after for change in found.changes].count("REFUSED") == 6


def test_files_of_json_lines(before, after, archive, tmp_path):
    path = tmp_path / "archive.jsonl"
    with path.open("w") as lines:
        for row in archive:
            json.dump({**row, "at": row["at"].isoformat()}, lines)
            lines.write("\n")
    expected = guiche.replay(before, after, archive, by="month")
    assert guiche.replay(before, after, path, by="month") == expected
    assert guiche.replay(before, after, str(path), by="month") == expected
    with pytest.raises(OSError):
        guiche.replay(before, after, tmp_path / "missing.jsonl")


def test_frames_and_other_names(before, after, archive):
    frame = pandas.DataFrame(archive).rename(columns={"at": "received", "place": "city"})
    frame["received"] = pandas.to_datetime(frame["received"], utc=True)
    columns = {"at": "received", "place": "city"}
    expected = guiche.replay(before, after, archive, by="place")
    assert guiche.replay(before, after, frame, by="city", columns=columns) == expected
    halves = [frame[:150], frame[150:150], frame[150:]]
    assert guiche.replay(before, after, halves, by="city", columns=columns) == expected
    with pytest.raises(ValueError, match="^columns: plaza is not there; .*city"):
        guiche.replay(before, after, frame, columns={"place": "plaza"})
    with pytest.raises(ValueError, match="^columns: 'town' is none of"):
        guiche.replay(before, after, frame, columns={"town": "city"})
    with pytest.raises(ValueError, match="^columns: nowhere is not there"):
        guiche.replay(before, after, frame, by="nowhere")


def test_arrow_and_parquet(before, after, archive, tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    import pyarrow.dataset
    import pyarrow.parquet

    table = pyarrow.Table.from_pylist(archive)
    table = table.set_column(
        table.schema.get_field_index("at"), "at", table["at"].cast(pyarrow.timestamp("us", "UTC"))
    )
    expected = guiche.replay(before, after, archive, by="place")
    pyarrow.parquet.write_table(table, tmp_path / "part.parquet", row_group_size=90)
    with pyarrow.ipc.new_file(tmp_path / "whole.arrow", table.schema) as file:
        file.write_table(table)
    for source in (
        table,
        table.to_reader(max_chunksize=33),
        table.combine_chunks().to_batches()[0],
        iter(table.to_batches(max_chunksize=70)),
        table.set_column(2, "place", table["place"].dictionary_encode()),
        pyarrow.dataset.dataset(tmp_path / "part.parquet"),
        tmp_path / "part.parquet",
        tmp_path / "whole.arrow",
    ):
        assert guiche.replay(before, after, source, by="place") == expected
    many = before.decide_many(**{field: table[field] for field in FIELDS if field != "need"})
    assert many["state"].tolist() == [str(answers_to(before, row)["state"]) for row in archive]
    naive = table.set_column(4, "at", table["at"].cast(pyarrow.timestamp("us")))
    with pytest.raises(ValueError, match="^at: the timestamps have no zone"):
        guiche.replay(before, after, naive)


def test_archives_with_nothing_in_them(before, after):
    assert guiche.replay(before, after, []).requests == 0
    assert guiche.replay(before, after, [{}]).requests == 1


@pytest.mark.parametrize(
    "row, error, message",
    [
        ({"at": "2026-03-05T09:00:00"}, ValueError, r"^at\[1\]: has no zone"),
        ({"at": SEED.replace(tzinfo=None)}, ValueError, r"^at\[1\]: has no zone"),
        ({"at": "SEGREDO"}, ValueError, r"^at\[1\]: is no RFC 3339"),
        ({"at": 5}, ValueError, r"^at\[1\]: is no RFC 3339"),
        ({"need": 5}, TypeError, "^need: holds a int"),
        ({"facts": "urgent"}, TypeError, "^facts: must hold lists"),
    ],
    ids=repr,
)
def test_names_what_cannot_be_read(before, row, error, message):
    with pytest.raises(error, match=message) as raised:
        guiche.replay(before, before, [{"at": SEED}, row])
    assert "SEGREDO" not in str(raised.value)


def test_too_many_groups(before):
    rows = ({"area": "familia", "id": i} for i in range(150_000))
    with pytest.raises(ValueError, match="^by: .*100000"):
        guiche.replay(before, before, rows, by="id")


def test_decides_columns_as_single_requests(before, archive):
    known = [row for row in archive if not row["area"] or not row["need"]]
    columns = {field: [row[field] for row in known] for field in FIELDS}
    columns["at"] = pandas.Series(columns["at"])
    many = before.decide_many(**columns)
    assert many["urgent"].dtype == bool and many["state"][0] is State(many["state"][0])
    for row, *found in zip(known, *many.values()):
        unit, area, outcome, urgent, state, mode = answers_to(before, row).values()
        assert found[:3] == [unit, area, outcome]
        assert found[3] == (urgent == "true") and found[4] == state
        assert found[5] == (mode or "MODE_UNSPECIFIED")
    frame = pandas.DataFrame(many)
    assert len(frame) == len(known)


def test_columns_that_are_left_out(before):
    many = before.decide_many(area=numpy.array(["familia", ""], object))
    assert many["outcome"].tolist() == [Outcome.ROUTED, Outcome.ASK]
    assert many["unit"][1] == "" and many["state"][0] is State.STATE_UNSPECIFIED
    assert all(len(column) == 0 for column in before.decide_many().values())
    utc = numpy.array([SEED.astimezone(timezone.utc).replace(tzinfo=None)], "M8[ms]")
    assert before.decide_many(at=utc)["state"].tolist() == [State.CLOSED]


@pytest.mark.parametrize(
    "columns, error, message",
    [
        ({"need": ["nothing"]}, ValueError, '^need: "nothing" is no need'),
        ({"place": ["Sinope"]}, ValueError, "^place: .*Sinop"),
        ({"facts": [["none"]]}, ValueError, '"none" is no fact'),
        ({"facts": ["urgent"]}, TypeError, "^facts: "),
        ({"need": [5]}, TypeError, "^need: holds a int"),
        ({"need": ["\ud800"]}, ValueError, "^need: holds half"),
        ({"need": [""], "place": ["", ""]}, ValueError, "^columns: .*need has 1, place has 2"),
        ({"at": numpy.array(["2026-01-01", "NaT"], "M8[s]")}, ValueError, r"^at\[1\]: "),
        ({"at": [SEED]}, TypeError, "^at: list is no column"),
    ],
    ids=repr,
)
def test_refuses_other_columns(before, columns, error, message):
    with pytest.raises(error, match=message):
        before.decide_many(**columns)
