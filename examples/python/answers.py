"""Reads questions, a line each, and writes their answers.

    python3 answers.py LIBRARY < questions
"""

import sys

from guiche_ctypes import Guiche, GuicheError

engines: dict[bytes, Guiche] = {}
for line in sys.stdin.buffer:
    known_at, method, request = line.rstrip(b"\n").split(b"\t", 2)
    if known_at not in engines:
        engines[known_at] = Guiche(sys.argv[1], known_at=known_at)
    try:
        answer = engines[known_at].call(method, request)
    except GuicheError as error:
        answer = str(error).encode()
    sys.stdout.buffer.write(answer + b"\n")
