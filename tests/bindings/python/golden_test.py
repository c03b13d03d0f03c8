"""Every case of tests/cases, asked through the typed answers."""

import dataclasses
import enum
import inspect
from datetime import date, datetime
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory, text_format

import guiche

POOL = descriptor_pool.DescriptorPool()
for file in descriptor_pb2.FileDescriptorSet.FromString(
    Path("proto/guiche/v1/guiche_proto-descriptor-set.proto.bin").read_bytes()
).file:
    POOL.AddSerializedFile(file.SerializeToString())


def message(name):
    return POOL.FindMessageTypeByName(f"guiche.v1.{name}")


def suites():
    factory = message_factory.MessageFactory(POOL)
    suite_class = factory.GetPrototype(message("TestSuite"))
    for file in sorted(Path("tests/cases").glob("*.textproto")):
        yield text_format.Parse(file.read_text(), suite_class(), descriptor_pool=POOL)


CASES = [case for suite in suites() for case in suite.cases]
DESKS = {}


def desk_of(known_at):
    if known_at not in DESKS:
        instant = datetime.fromisoformat(known_at) if known_at else None
        DESKS[known_at] = guiche.Desk(known_at=instant)
    return DESKS[known_at]


def plain(value):
    """A typed answer as the JSON it was made of."""
    if dataclasses.is_dataclass(value):
        return {
            field.name.rstrip("_"): plain(getattr(value, field.name))
            for field in dataclasses.fields(value)
        }
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return {} if value is None else value


def agrees(expected, actual):
    if isinstance(expected, dict):
        return all(name in actual and agrees(one, actual[name]) for name, one in expected.items())
    if isinstance(expected, list):
        return all(any(agrees(one, other) for other in actual) for one in expected)
    if isinstance(expected, str) and expected.endswith("..."):
        return actual.startswith(expected[:-3])
    return expected == actual


def is_empty(actual, path):
    for name in path.split("."):
        if not actual:
            return True
        actual = actual[name]
    return not actual or str(actual).endswith("_UNSPECIFIED")


def arguments(request):
    values = json_format.MessageToDict(request, preserving_proto_field_name=True)
    if "at" in values:
        values["at"] = datetime.fromisoformat(values["at"])
    return values


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case(case):
    desk = desk_of(case.known_at)
    method = case.WhichOneof("question")
    request = getattr(case, method)
    expected = getattr(case, case.WhichOneof("expected"))
    if isinstance(expected, str):
        with pytest.raises(ValueError) as raised:
            desk.call(method, json_format.MessageToJson(request, preserving_proto_field_name=True))
        assert expected in str(raised.value)
        return
    answer = getattr(desk, method)(**arguments(request))
    assert hash(answer) == hash(getattr(desk, method)(**arguments(request)))
    actual = plain(answer)
    wanted = json_format.MessageToDict(expected, preserving_proto_field_name=True)
    assert agrees(wanted, actual), f"expected {wanted}, was {actual}"
    for path in case.empty:
        assert is_empty(actual, path), f"{path} is not empty in {actual}"


def test_cases_are_read():
    assert len(CASES) > 50


def value_classes():
    return [
        value
        for value in vars(guiche).values()
        if isinstance(value, type)
        and dataclasses.is_dataclass(value)
        and value.__module__ == "guiche._answers"
    ]


@pytest.mark.parametrize("cls", value_classes(), ids=lambda cls: cls.__name__)
def test_values_have_the_fields_of_their_message(cls):
    fields = [field.name.rstrip("_") for field in dataclasses.fields(cls)]
    assert fields == [field.name for field in message(cls.__name__).fields]


ENUMS = {
    guiche.State: ("Availability", "State"),
    guiche.Outcome: ("RouteAnswer", "Outcome"),
    guiche.Ruling: ("ConductRule", "Ruling"),
} | {
    kind: (None, kind.__name__)
    for kind in (
        guiche.Certainty,
        guiche.Channel,
        guiche.Counterpart,
        guiche.Device,
        guiche.Kind,
        guiche.Layer,
        guiche.Mode,
        guiche.Purpose,
        guiche.Role,
        guiche.Weekday,
    )
}


@pytest.mark.parametrize("kind", ENUMS, ids=lambda kind: kind.__name__)
def test_enums_have_the_values_of_theirs(kind):
    parent, name = ENUMS[kind]
    if parent:
        values = message(parent).enum_types_by_name[name].values
    else:
        values = POOL.FindEnumTypeByName(f"guiche.v1.{name}").values
    assert list(kind) == [value.name for value in values]


@pytest.mark.parametrize(
    "method, request_message",
    [
        ("open", "AvailabilityRequest"),
        ("route", "RouteRequest"),
        ("decide", "DecisionRequest"),
        ("check", "ConductRequest"),
        ("calendar", "CalendarRequest"),
    ],
)
def test_methods_take_the_fields_of_their_request(method, request_message):
    names = set(inspect.signature(getattr(guiche.Desk, method)).parameters) - {"self"}
    assert {name.rstrip("_") for name in names} == {
        field.name for field in message(request_message).fields
    }
