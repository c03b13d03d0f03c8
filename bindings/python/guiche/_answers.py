"""Answers as frozen values: the messages of proto/guiche/v1, field by field."""

import enum
import typing
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any, Callable, Optional, TypeVar, Union
from zoneinfo import ZoneInfo


class _Name(enum.StrEnum):
    """An enum of the API, each value its own name."""

    @staticmethod
    def _generate_next_value_(
        name: str, start: int, count: int, last_values: list[Any]
    ) -> str:
        return name

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


class Unbounded(_Name):
    """Why there is no instant to give."""

    NEVER = enum.auto()
    BEYOND_HORIZON = enum.auto()

    def __repr__(self) -> str:
        return f"guiche.{self.name}"


NEVER = Unbounded.NEVER
BEYOND_HORIZON = Unbounded.BEYOND_HORIZON
Moment = Union[datetime, Unbounded]


class State(_Name):
    STATE_UNSPECIFIED = enum.auto()
    OPEN = enum.auto()
    CLOSED = enum.auto()
    UNCOVERED = enum.auto()

    @property
    def code(self) -> int:
        """The number that stands for it in a column of states."""
        return _STATES.index(self)


_STATES = tuple(State)


class Mode(_Name):
    MODE_UNSPECIFIED = enum.auto()
    REGULAR = enum.auto()
    PLANTAO = enum.auto()
    BY_APPOINTMENT = enum.auto()


class Kind(_Name):
    KIND_UNSPECIFIED = enum.auto()
    REGULAR_HOURS = enum.auto()
    FERIADO_NACIONAL = enum.auto()
    FERIADO_ESTADUAL = enum.auto()
    FERIADO_MUNICIPAL = enum.auto()
    PONTO_FACULTATIVO = enum.auto()
    RECESSO = enum.auto()
    EXPEDIENTE_PARCIAL = enum.auto()
    SUSPENSAO = enum.auto()
    EMERGENCIA = enum.auto()
    POLICY_SILENT = enum.auto()
    BEYOND_HORIZON = enum.auto()


class Certainty(_Name):
    CERTAINTY_UNSPECIFIED = enum.auto()
    CONFIRMED = enum.auto()
    UNCONFIRMED = enum.auto()
    PROJECTED = enum.auto()


class Layer(_Name):
    LAYER_UNSPECIFIED = enum.auto()
    WEEKLY = enum.auto()
    PARTIAL_DAY = enum.auto()
    HOLIDAY = enum.auto()
    RECESS = enum.auto()
    ONE_OFF = enum.auto()
    EMERGENCY = enum.auto()


class Weekday(_Name):
    WEEKDAY_UNSPECIFIED = enum.auto()
    MONDAY = enum.auto()
    TUESDAY = enum.auto()
    WEDNESDAY = enum.auto()
    THURSDAY = enum.auto()
    FRIDAY = enum.auto()
    SATURDAY = enum.auto()
    SUNDAY = enum.auto()


class Outcome(_Name):
    OUTCOME_UNSPECIFIED = enum.auto()
    ROUTED = enum.auto()
    ASK = enum.auto()
    REFER = enum.auto()
    HUMAN = enum.auto()


class Device(_Name):
    DEVICE_UNSPECIFIED = enum.auto()
    INSTITUTIONAL_PHONE = enum.auto()
    COMPUTER = enum.auto()
    PERSONAL_PHONE = enum.auto()


class Channel(_Name):
    CHANNEL_UNSPECIFIED = enum.auto()
    CALL = enum.auto()
    MESSAGING_APP = enum.auto()
    ONLINE_PLATFORM = enum.auto()
    AUTOMATIC_GREETING = enum.auto()
    EMAIL = enum.auto()


class Counterpart(_Name):
    COUNTERPART_UNSPECIFIED = enum.auto()
    CITIZEN = enum.auto()
    INTERNAL = enum.auto()


class Purpose(_Name):
    PURPOSE_UNSPECIFIED = enum.auto()
    CITIZEN_SERVICE = enum.auto()
    INTERNAL_COMMUNICATION = enum.auto()
    USER_REGISTRATION = enum.auto()


class Role(_Name):
    ROLE_UNSPECIFIED = enum.auto()
    MEMBRO = enum.auto()
    SERVIDOR = enum.auto()
    ESTAGIARIO = enum.auto()


class Ruling(_Name):
    RULING_UNSPECIFIED = enum.auto()
    PERMITTED = enum.auto()
    FORBIDDEN = enum.auto()
    REQUIRED = enum.auto()
    NOT_GOVERNED = enum.auto()


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """The policy, library and zone data an answer came from."""

    id: str
    version: str
    digest: str
    library: str
    tzdata: str
    known_at: Optional[datetime]


@dataclass(frozen=True, slots=True)
class Reason:
    """The rule that decided, with its legal source."""

    rule: str
    label: str
    kind: Kind
    act: str
    act_title: str
    act_url: str
    article: str


@dataclass(frozen=True, slots=True)
class Contact:
    label: str
    phone: str
    printed: str
    url: str
    email: str
    act: str
    as_of: str
    note: str


@dataclass(frozen=True, slots=True)
class TraceStep:
    """What one layer said of the instant."""

    layer: Layer
    reason: Reason
    state: State
    decided: bool
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who serves while a window is closed."""

    service: str
    name: str
    contacts: tuple[Contact, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Availability:
    """Is a window open at an instant, why, since and until when."""

    state: State
    mode: Mode
    reason: Reason
    since: Moment
    until: Moment
    next_open: Moment
    next_close: Moment
    next_change: Moment
    certainty: Certainty
    service: str
    place: str
    place_name: str
    time_zone: str
    at: datetime
    shadowed: tuple[TraceStep, ...]
    trace: tuple[TraceStep, ...]
    on_call: Optional[OnCall]
    policy: PolicyRef


@dataclass(frozen=True, slots=True)
class Hours:
    open: str
    close: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class CalendarDay:
    date: date
    weekday: Weekday
    reason: Reason
    hours: tuple[Hours, ...]
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of [from_, until) that do not keep the weekly hours."""

    service: str
    place: str
    place_name: str
    time_zone: str
    from_: date
    until: date
    days: tuple[CalendarDay, ...]
    policy: PolicyRef


@dataclass(frozen=True, slots=True)
class Evidence:
    """Bytes [begin, end) of the text in UTF-8 that spoke for the answer."""

    begin: int
    end: int
    phrase: str
    speaks_for: str
    weight: int


@dataclass(frozen=True, slots=True)
class Candidate:
    need: str
    area: str
    name: str
    score: int


@dataclass(frozen=True, slots=True)
class UnitRef:
    id: str
    name: str
    address: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class ReferralRef:
    id: str
    name: str
    to: tuple[str, ...]
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class EmergencyCall:
    number: str
    name: str
    when: str
    url: str


@dataclass(frozen=True, slots=True)
class RouteAnswer:
    """Which unit takes a request, and by which rule."""

    outcome: Outcome
    area: str
    need: str
    unit: Optional[UnitRef]
    urgent: bool
    candidates: tuple[Candidate, ...]
    evidence: tuple[Evidence, ...]
    rule: str
    referral: Optional[ReferralRef]
    place: str
    place_name: str
    ask_place: bool
    question: str
    facts: tuple[str, ...]
    emergency: tuple[EmergencyCall, ...]
    certainty: Certainty
    reason: Reason
    policy: PolicyRef
    language: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Both answers, and the reply a citizen reads."""

    route: RouteAnswer
    availability: Availability
    reply: str


@dataclass(frozen=True, slots=True)
class ConductAnswer:
    """May this be used for that?"""

    ruling: Ruling
    explanation: str
    reason: Reason
    message: str
    contacts: tuple[Contact, ...]
    policy: PolicyRef


_Read = Callable[[Any, ZoneInfo], Any]
_Answer = TypeVar("_Answer")
_UTC = ZoneInfo("UTC")


def read(cls: type[_Answer], answer: dict[str, Any]) -> _Answer:
    """The value of a class above that an answer's JSON tells."""
    value = _reader(cls)(answer, _UTC)
    assert isinstance(value, cls)
    return value


def _reader(kind: Any) -> _Read:
    """What makes a value of `kind` from its JSON, on the clock of a zone."""
    if kind not in _READERS:
        _READERS[kind] = _make_reader(kind)
    return _READERS[kind]


def _make_reader(kind: Any) -> _Read:
    if kind == Moment:
        return _moment
    if kind is datetime:
        return _clock
    if kind == Optional[datetime]:
        return lambda value, zone: _clock(value, _UTC) if value else None
    if kind is date:
        return lambda value, zone: date.fromisoformat(value)
    if typing.get_origin(kind) is tuple:
        one = _reader(typing.get_args(kind)[0])
        return lambda values, zone: tuple(one(value, zone) for value in values)
    if typing.get_origin(kind) is Union:  # Optional: empty is None
        message = typing.get_args(kind)[0]
        read_message = _reader(message)
        first = fields(message)[0].name
        return lambda value, zone: read_message(value, zone) if value[first] else None
    if is_dataclass(kind):
        return _message_reader(kind)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return lambda value, zone: kind(value)
    return lambda value, zone: value


def _message_reader(kind: Any) -> _Read:
    hints = typing.get_type_hints(kind)
    parts = [(field.name.rstrip("_"), _reader(hints[field.name])) for field in fields(kind)]

    def read_message(value: dict[str, Any], zone: ZoneInfo) -> Any:
        if value.get("time_zone"):
            zone = ZoneInfo(value["time_zone"])
        return kind(*[part(value[name], zone) for name, part in parts])

    return read_message


def _moment(text: str, zone: ZoneInfo) -> Moment:
    if text in ("NEVER", "BEYOND_HORIZON"):
        return Unbounded(text)
    return datetime.fromisoformat(text).astimezone(zone)


def _clock(instant: Union[datetime, str], zone: ZoneInfo) -> datetime:
    if isinstance(instant, str):
        instant = datetime.fromisoformat(instant)
    try:
        return instant.astimezone(zone)
    except OverflowError:  # the first and last hours that datetime knows
        return instant


_READERS: dict[Any, _Read] = {}
