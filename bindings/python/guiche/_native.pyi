from datetime import datetime
from typing import Any

from guiche._answers import State

VERSION: str
JSON: int
PROTO: int
TEXT: int
NEED: int
AREA: int
FACT: int
PLACE: int
UNIT: int

class Engine:
    def __init__(
        self, policy: bytes, format: int, digest: bytes, known_at: bytes
    ) -> None: ...
    def call(self, method: bytes, format: int, request: bytes) -> bytes: ...
    def number(self, kind: int, text: bytes) -> int: ...
    def ids(self, kind: int) -> list[str]: ...
    def decide(
        self,
        needs: Any,
        areas: Any,
        places: Any,
        facts: Any,
        ticks_per_second: int,
        instants: Any,
        count: int,
    ) -> bytes: ...

class Window:
    def __init__(
        self, engine: Engine, service: bytes, place: bytes, states: tuple[Any, ...]
    ) -> None: ...
    def state(self, at: datetime) -> State: ...
    def _states(self, ticks_per_second: int, instants: Any) -> bytes: ...
    def _arrow_states(self, column: Any) -> bytes: ...
