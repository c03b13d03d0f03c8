"""guiche by ctypes, for who cannot install the wheel. Copy this file.

    guiche = Guiche("/usr/lib/x86_64-linux-gnu/libguiche.so.0")
    answer = guiche.ask("open", place="Sinop", at="2026-01-07T12:00:00-04:00")
    print(answer["state"])

Any number of threads may ask one object: ctypes lets go of the interpreter lock.
"""

import ctypes
import json

_JSON, _TEXT = 0, 2


class _Buffer(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t)]


class GuicheError(ValueError):
    """A question that cannot be answered as put, or a policy that does not compile.

    `code` is gRPC's; the text is the error as JSON, with field, value and remedy.
    """

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


class Guiche:
    """A compiled policy.

    policy    as textproto; empty: that of DPE/MT
    digest    the digest it must have; empty: any
    known_at  RFC 3339: only acts published by then count; empty: all
    """

    def __init__(self, library="libguiche.so.0", policy="", digest="", known_at=""):
        self._engine = ctypes.c_void_p()
        self._c = ctypes.CDLL(library)
        text, out = [ctypes.c_char_p, ctypes.c_size_t], ctypes.POINTER(_Buffer)
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
        policy, digest, known_at = (_utf8(t) for t in (policy, digest, known_at))
        buffer = _Buffer()
        code = self._c.guiche_engine_create(
            policy, len(policy), _TEXT, digest, len(digest), known_at, len(known_at),
            ctypes.byref(self._engine), ctypes.byref(buffer),
        )  # fmt: skip
        self._take(code, buffer)

    def __del__(self):
        if self._engine:
            self._c.guiche_engine_free(self._engine)

    def call(self, method, request):
        """The answer to a request, both as the bytes of JSON."""
        method, request, buffer = _utf8(method), _utf8(request), _Buffer()
        code = self._c.guiche_call(
            self._engine, method, len(method), _JSON, request, len(request),
            ctypes.byref(buffer),
        )  # fmt: skip
        return self._take(code, buffer)

    def ask(self, method, **request):
        """As call(), with the fields of the request, and a dict back."""
        return json.loads(self.call(method, json.dumps(request)))

    def _take(self, code, buffer):
        """The answer in `buffer`, whose memory it frees, or the error."""
        text = ctypes.string_at(buffer.data, buffer.size) if buffer.size else b""
        self._c.guiche_buffer_free(ctypes.byref(buffer))
        if code:
            raise GuicheError(code, text.decode())
        return text


def _utf8(text):
    return text.encode() if isinstance(text, str) else text
