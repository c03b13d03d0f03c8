"""Which núcleo takes this request, and is its window open at this instant.

>>> import guiche
>>> from datetime import datetime
>>> from zoneinfo import ZoneInfo
>>> desk = guiche.Desk()
>>> at = datetime(2026, 1, 7, 12, tzinfo=ZoneInfo("America/Cuiaba"))
>>> desk.open(place="Sinop", at=at).state
State.OPEN
>>> desk.decide(text="quero pedir pensão", place="Sinop", at=at).route.area
'familia'
"""

import json
import re
from collections.abc import Iterable
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any, Literal, Optional, Union

from guiche import _native
from guiche._answers import (
    BEYOND_HORIZON,
    NEVER,
    Availability,
    Calendar,
    CalendarDay,
    Candidate,
    Certainty,
    Channel,
    ConductAnswer,
    Contact,
    Counterpart,
    Decision,
    Device,
    EmergencyCall,
    Evidence,
    Hours,
    Kind,
    Layer,
    Mode,
    Moment,
    OnCall,
    Outcome,
    PolicyRef,
    Purpose,
    Reason,
    ReferralRef,
    Role,
    RouteAnswer,
    Ruling,
    State,
    TraceStep,
    Unbounded,
    UnitRef,
    Weekday,
    read,
)
from guiche._columns import Requests, is_arrow, read_instants
from guiche._replay import Change, Group, Replay, replay

__version__ = _native.VERSION
__all__ = [
    "BEYOND_HORIZON",
    "NEVER",
    "Availability",
    "Calendar",
    "CalendarDay",
    "Candidate",
    "Certainty",
    "Change",
    "Channel",
    "ConductAnswer",
    "Contact",
    "Counterpart",
    "Decision",
    "Desk",
    "Device",
    "EmergencyCall",
    "Evidence",
    "Group",
    "Hours",
    "Kind",
    "Layer",
    "Mode",
    "Moment",
    "OnCall",
    "Outcome",
    "PolicyError",
    "PolicyRef",
    "Purpose",
    "Reason",
    "ReferralRef",
    "Replay",
    "Role",
    "RouteAnswer",
    "Ruling",
    "State",
    "TraceStep",
    "Unbounded",
    "UnitRef",
    "Weekday",
    "Window",
    "replay",
]

_FORMATS = {"json": _native.JSON, "proto": _native.PROTO, "text": _native.TEXT}
_ENDINGS = {".json": "json", ".pb": "proto", ".binpb": "proto"}


_KINDS = {
    _native.NEED: "need",
    _native.AREA: "area",
    _native.FACT: "facts",
    _native.PLACE: "place",
}


class PolicyError(ValueError):
    """A policy that does not compile: every problem at once.

    Attributes:
      problems: (path of the field to correct, what is wrong with it), each.
    """

    def __init__(self, message: str, problems: Iterable[tuple[str, str]]) -> None:
        super().__init__(message)
        self.problems = list(problems)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.problems)


class Window(_native.Window):
    """A service at a place, found once and asked often: `Desk.window()`.

    `state(at)` answers one aware datetime, in well under a microsecond.
    """

    def states(self, column: Any) -> Any:
        """The states at many instants, as numbers: `State.OPEN.code` and so on.

        Releases the interpreter's lock. NaT or null is ValueError, and so is a
        column whose type can tell zones but names none.

        Args:
          column: a numpy array of datetime64, which counts UTC; a pandas Series
            or DatetimeIndex with a zone; or whatever gives an Arrow column of
            timestamps with a zone through `__arrow_c_array__` or
            `__arrow_c_stream__`.

        Returns:
          A read-only numpy array of uint8; of a Series, a Series of that index
          with the names as categories; of an Arrow column, bytes, one a state.
        """
        if is_arrow(column):
            return self._arrow_states(column)
        import numpy

        ticks_per_second, instants, _ = read_instants("column", column)
        states = numpy.frombuffer(self._states(ticks_per_second, instants), "u1")
        if not hasattr(column, "index"):
            return states
        import pandas  # type: ignore[import]

        names = pandas.Categorical.from_codes(states - 1, [*State][1:])
        return pandas.Series(names, index=column.index, name=column.name)


class Desk:
    """A compiled policy. Immutable: any number of threads may ask one.

    Without a policy it is the embedded one, that of DPE/MT. Instants are aware
    datetimes: one without a zone is ValueError, as is every question that
    cannot be answered as it was put; the message names field, value and remedy.
    """

    __slots__ = ("_engine", "_policy")

    def __init__(self, *, known_at: Optional[datetime] = None, digest: str = "") -> None:
        """Compiles the embedded policy.

        Args:
          known_at: only acts published by this instant count: "was the answer
            right that day, given what was published?" None: all acts.
          digest: the SHA-256 that the policy must have, as answers carry it.
        """
        self._compile(b"", _native.PROTO, known_at, digest)

    @classmethod
    def from_bytes(
        cls,
        policy: bytes,
        format: Literal["json", "proto", "text"] = "text",
        *,
        known_at: Optional[datetime] = None,
        digest: str = "",
    ) -> "Desk":
        """Compiles a whole policy. PolicyError lists every problem.

        >>> try:
        ...     guiche.Desk.from_bytes(b'id: "x" version: "1" time_zone: "Nowhere"')
        ... except guiche.PolicyError as error:
        ...     error.problems[0][0]
        'time_zone'
        """
        if format not in _FORMATS:
            raise ValueError(f"format: {format!r} is not json, proto or text")
        if not policy:
            raise PolicyError("policy: is empty", [("", "is empty")])
        desk = cls.__new__(cls)
        desk._compile(policy, _FORMATS[format], known_at, digest)
        return desk

    @classmethod
    def from_files(
        cls,
        *files: Union[str, Path],
        known_at: Optional[datetime] = None,
        digest: str = "",
    ) -> "Desk":
        """Compiles a policy from its files, merged in any order.

        They are textproto, unless they end in .json, of which there can be but
        one, or .pb. OSError if one cannot be read.
        """
        formats = {_ENDINGS.get(Path(file).suffix, "text") for file in files}
        if len(formats) != 1 or (formats == {"json"} and len(files) > 1):
            raise ValueError("files: give files of one format, or one .json")
        parts = [Path(file).read_bytes() for file in files]
        format = formats.pop()
        if format == "text":
            parts = [part + b"\n" for part in parts]
        try:
            return cls.from_bytes(
                b"".join(parts), format, known_at=known_at, digest=digest  # type: ignore[arg-type]
            )
        except PolicyError as error:
            if format != "text":
                raise
            message = _name_files(str(error), files, [part.count(b"\n") for part in parts])
            raise PolicyError(message, error.problems) from None

    def _compile(
        self, policy: bytes, format: int, known_at: Optional[datetime], digest: str
    ) -> None:
        known = "" if known_at is None else _rfc3339("known_at", known_at)
        try:
            self._engine = _native.Engine(
                policy, format, _utf8("digest", digest), known.encode()
            )
        except ValueError as error:
            raise _error(error, compiling=True) from None
        self._policy = read(PolicyRef, self._ask("policy", None))

    @property
    def policy(self) -> PolicyRef:
        """What every answer says of its origin."""
        return self._policy

    def __repr__(self) -> str:
        policy = self._policy
        return f"<guiche.Desk {policy.id} {policy.version} {policy.digest[:12]}>"

    def open(
        self,
        *,
        at: datetime,
        place: str = "",
        service: str = "",
        trace: bool = False,
        hours: str = "",
        time_zone: str = "",
    ) -> Availability:
        """Is a window open, why, since and until when.

        Args:
          at: the instant.
          place: as people write it, or its id; empty: the whole state.
          service: service id; empty: the policy's default, "online".
          trace: also say what every layer said.
          hours: hours to ask about instead of the policy's, as OpenStreetMap
            writes them: "Mo-Fr 12:00-18:00". Then `service` and `place` are
            left empty.
          time_zone: the IANA zone on whose clock `hours` are.
        """
        request = {
            "at": _rfc3339("at", at),
            "place": place,
            "service": service,
            "trace": trace,
            "hours": hours,
            "time_zone": time_zone,
        }
        answer = self._ask("open", request)
        answer["at"] = at
        return read(Availability, answer)

    def route(
        self,
        *,
        text: str = "",
        need: str = "",
        area: str = "",
        place: str = "",
        facts: Iterable[str] = (),
        language: str = "",
    ) -> RouteAnswer:
        """Which unit takes a request. The text is read, never kept or repeated.

        Args:
          text: the citizen's words.
          need: need id, if the host knows it; then the text decides less.
          area: area id, likewise.
          place: as people write it, or its id; empty: the text may name one.
          facts: ids of facts that hold.
          language: BCP 47 tag for texts; empty: as the message.
        """
        request = {
            "text": text,
            "need": need,
            "area": area,
            "place": place,
            "facts": _list("facts", facts),
            "language": language,
        }
        return read(RouteAnswer, self._ask("route", request))

    def decide(
        self,
        *,
        at: datetime,
        text: str = "",
        need: str = "",
        area: str = "",
        place: str = "",
        facts: Iterable[str] = (),
        language: str = "",
        service: str = "",
        trace: bool = False,
    ) -> Decision:
        """Route, then the window of that unit at that instant, then the reply.

        Arguments are those of `route()` and `open()`. Where no unit takes the
        request the window is that of the place.
        """
        request = {
            "text": text,
            "need": need,
            "area": area,
            "place": place,
            "facts": _list("facts", facts),
            "language": language,
            "at": _rfc3339("at", at),
            "service": service,
            "trace": trace,
        }
        answer = self._ask("decide", request)
        answer["availability"]["at"] = at
        return read(Decision, answer)

    def check(
        self,
        *,
        device: Device = Device.DEVICE_UNSPECIFIED,
        channel: Channel = Channel.CHANNEL_UNSPECIFIED,
        counterpart: Counterpart = Counterpart.COUNTERPART_UNSPECIFIED,
        purpose: Purpose = Purpose.PURPOSE_UNSPECIFIED,
        role: Role = Role.ROLE_UNSPECIFIED,
        at: Optional[datetime] = None,
        place: str = "",
    ) -> ConductAnswer:
        """May this be used for that? Arts. 4 and 5.

        What no rule speaks of is NOT_GOVERNED. Without `at` it is asked of any
        time; `place` says whose office hours.

        >>> guiche.Desk().check(device=guiche.Device.INSTITUTIONAL_PHONE,
        ...                     channel=guiche.Channel.MESSAGING_APP,
        ...                     counterpart=guiche.Counterpart.CITIZEN).ruling
        Ruling.FORBIDDEN
        """
        request = {
            "device": Device(device),
            "channel": Channel(channel),
            "counterpart": Counterpart(counterpart),
            "purpose": Purpose(purpose),
            "role": Role(role),
            "at": "" if at is None else _rfc3339("at", at),
            "place": place,
        }
        return read(ConductAnswer, self._ask("check", request))

    def calendar(
        self, *, from_: date, until: date, place: str = "", service: str = "", next: int = 0
    ) -> Calendar:
        """The days of [from_, until) that do not keep the weekly hours.

        Args:
          from_: the first day.
          until: the first day that is no more asked about.
          place: as in `open()`.
          service: as in `open()`.
          next: at most so many days, the first ones; 0: all.
        """
        request = {
            "from": _date("from_", from_),
            "until": _date("until", until),
            "place": place,
            "service": service,
            "next": next,
        }
        return read(Calendar, self._ask("calendar", request))

    def window(self, *, place: str = "", service: str = "") -> Window:
        """The window of a service at a place, for many questions about it.

        >>> guiche.Desk().window(place="sinop").state(at)
        State.OPEN
        """
        try:
            return Window(
                self._engine, _utf8("service", service), _utf8("place", place), tuple(State)
            )
        except ValueError as error:
            raise _error(error) from None

    def open_many(self, column: Any, *, place: str = "", service: str = "") -> Any:
        """The states at many instants: `window(...).states(column)`."""
        return self.window(place=place, service=service).states(column)

    def decide_many(
        self,
        *,
        at: Any = None,
        need: Any = None,
        area: Any = None,
        place: Any = None,
        facts: Any = None,
    ) -> dict[str, Any]:
        """The decisions on many requests whose parts are known, without text.

        Columns are of one length, each of numpy, pandas, pyarrow or a list; one
        that is left out is not stated, nor is None or an empty text in one. An
        area is read where there is no need. Releases the interpreter's lock.

        >>> many = guiche.Desk().decide_many(area=["familia", ""], place=["Sinop", ""])
        >>> many["outcome"].tolist()
        [Outcome.ROUTED, Outcome.ASK]

        Args:
          at: instants, as `Window.states()` takes them.
          need: need ids.
          area: area ids.
          place: as people write them, or ids.
          facts: of each request a list of fact ids.

        Returns:
          Numpy arrays by name, which a DataFrame can be made of: `unit` and `area`
          are ids, `outcome`, `state` and `mode` values of their enums, `urgent`
          truths. Without `at` state and mode are unspecified.
        """
        import numpy

        requests = Requests(at, need, area, place, facts)
        if requests.no_instant is not None:
            row = int(requests.no_instant.argmax())
            raise ValueError(f"at[{row}]: is no time (NaT, null); leave it out, or fill it")
        decisions, _ = requests.decide(self._engine, self._number)

        def names(field: str, values: Iterable[str]) -> Any:
            return numpy.array([*values, ""], object)[decisions[field]]

        return {
            "unit": names("unit", self._engine.ids(_native.UNIT)),
            "area": names("area", self._engine.ids(_native.AREA)),
            "outcome": names("outcome", Outcome),
            "urgent": decisions["urgent"].astype(bool),
            "state": names("state", State),
            "mode": names("mode", Mode),
        }

    def _number(self, kind: int, text: str) -> int:
        try:
            return self._engine.number(kind, _utf8(_KINDS[kind], text))
        except ValueError as error:
            raise _error(error) from None

    def call(self, method: str, request: str) -> str:
        """Any question as JSON: open, route, decide, check, calendar, policy."""
        try:
            return self._engine.call(
                _utf8("method", method), _native.JSON, _utf8("request", request)
            ).decode()
        except ValueError as error:
            raise _error(error) from None

    def _ask(self, method: str, request: Optional[dict[str, Any]]) -> dict[str, Any]:
        text = "" if request is None else json.dumps(request)
        answer = json.loads(self.call(method, text))
        assert isinstance(answer, dict)
        return answer


def _error(error: ValueError, compiling: bool = False) -> ValueError:
    """The error that the library told as JSON."""
    try:
        told = json.loads(str(error))
    except json.JSONDecodeError:  # of the arguments' conversion
        return error
    message = told["error"]["message"]
    if not compiling:
        return ValueError(message)
    problems = [
        (problem["path"], problem["problem"])
        for problem in told.get("problems", ())
        if problem["severity"] == "ERROR"
    ]
    path, _, problem = message.partition(": ")
    return PolicyError(message, problems or [(path, problem)])


def _name_files(message: str, files: Iterable[Union[str, Path]], lines: list[int]) -> str:
    """Says `calendar.textproto:3` for the line of the merged text that it is."""

    def place(match: re.Match[str]) -> str:
        line = int(match[1])
        for file, count in zip(files, lines):
            if line <= count:
                return f"{file}:{line}:"
            line -= count
        return match[0]

    return re.sub(r"^policy:(\d+):", place, message, flags=re.MULTILINE)


def _utf8(name: str, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{name}: holds half of a surrogate pair") from None


def _rfc3339(name: str, at: datetime) -> str:
    if not isinstance(at, datetime):
        raise TypeError(f"{name}: must be a datetime.datetime with a zone")
    # The first test is for NaT, which refuses the second.
    offset = None if at.tzinfo is None else at.utcoffset()
    if offset is None:
        raise ValueError(
            f"{name}: has no zone; give one, as in datetime(...,"
            ' tzinfo=ZoneInfo("America/Cuiaba"))'
        )
    if offset.seconds % 60 or offset.microseconds:  # local mean time
        at = at.astimezone(timezone.utc)
    return at.isoformat()


def _date(name: str, day: date) -> str:
    if not isinstance(day, date) or isinstance(day, datetime):
        raise TypeError(f"{name}: must be a datetime.date")
    return day.isoformat()


def _list(name: str, values: Iterable[str]) -> list[str]:
    if isinstance(values, str):
        raise TypeError(f"{name}: must be a list of texts")
    return list(values)
