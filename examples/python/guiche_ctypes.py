"""guiche by ctypes, for who cannot install the wheel. Copy this file.

    guiche = Guiche()
    answer = guiche.ask("open", place="Sinop", at="2026-01-07T12:00:00-04:00")
    print(answer["state"])

Any number of threads may ask one object: ctypes lets go of the interpreter lock.
"""

import ctypes
import json
from typing import Any, Union

_JSON, _TEXT = 0, 2
Text = Union[str, bytes]


class _Buffer(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t)]


class GuicheError(ValueError):
    """A question that cannot be answered as put, or a policy that does not compile.

    `code` is gRPC's; the text is the error as JSON, with field, value and remedy.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class Guiche:
    """A compiled policy.

    policy    as textproto; empty: that of DPE/MT
    digest    the digest it must have; empty: any
    known_at  RFC 3339: only acts published by then count; empty: all
    """

    def __init__(
        self,
        library: str = "libguiche.so.0",
        policy: Text = "",
        digest: Text = "",
        known_at: Text = "",
    ) -> None:
        self._engine = ctypes.c_void_p()
        self._c = ctypes.CDLL(library)
        text: list[Any] = [ctypes.c_char_p, ctypes.c_size_t]
        out = ctypes.POINTER(_Buffer)
        self._c.guiche_buffer_free.argtypes = [out]
        self._c.guiche_buffer_free.restype = None
        self._c.guiche_engine_free.argtypes = [ctypes.c_void_p]
        self._c.guiche_engine_free.restype = None
        self._c.guiche_engine_create.argtypes = (
            text + [ctypes.c_int32] + 2 * text + [ctypes.POINTER(ctypes.c_void_p), out]
        )
        self._c.guiche_call.argtypes = (
            [ctypes.c_void_p] + text + [ctypes.c_int32] + text + [out]
        )
        texts = [part for t in (digest, known_at) for part in _sized(t)]
        buffer = _Buffer()
        code = self._c.guiche_engine_create(
            *_sized(policy), _TEXT, *texts,
            ctypes.byref(self._engine), ctypes.byref(buffer),
        )  # fmt: skip
        self._take(code, buffer)

    def __del__(self) -> None:
        if self._engine:
            self._c.guiche_engine_free(self._engine)

    def call(self, method: Text, request: Text) -> bytes:
        """The answer to a request, both as the bytes of JSON."""
        buffer = _Buffer()
        code = self._c.guiche_call(
            self._engine, *_sized(method), _JSON, *_sized(request), ctypes.byref(buffer)
        )
        return self._take(code, buffer)

    def ask(self, method: str, **request: Any) -> Any:
        """As call(), with the fields of the request, and a dict back."""
        return json.loads(self.call(method, json.dumps(request)))

    def _take(self, code: int, buffer: _Buffer) -> bytes:
        """The answer in `buffer`, whose memory it frees, or the error."""
        text = ctypes.string_at(buffer.data, buffer.size) if buffer.size else b""
        self._c.guiche_buffer_free(ctypes.byref(buffer))
        if code:
            raise GuicheError(code, text.decode())
        return text


def _sized(text: Text) -> tuple[bytes, int]:
    utf8 = text.encode() if isinstance(text, str) else text
    return utf8, len(utf8)
