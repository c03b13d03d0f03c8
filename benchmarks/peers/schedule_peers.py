"""Peers of Python on the questions in the file that the command line names."""

import datetime
import json
import sys
import time
import zoneinfo

import holidays
import numpy
import opening_hours

ASKED = json.load(open(sys.argv[1], encoding="utf-8"))
ZONE = zoneinfo.ZoneInfo(ASKED["zone"])
LOCAL = [datetime.datetime.fromtimestamp(at, ZONE).replace(tzinfo=None) for at in ASKED["instants"]]


def report(name, ask, questions, answers):
    differs = sum(bool(answer) != is_open for answer, is_open in zip(answers, ASKED["open"]))
    begin = time.process_time()
    asks = 0
    while time.process_time() - begin < 1:
        for question in questions[:200]:
            ask(question)
        asks += 200
    each = (time.process_time() - begin) / asks * 1e9
    print(f"{name:44} {each:12.1f}  {differs}")


rust = opening_hours.OpeningHours(ASKED["hours"])
report("opening-hours (Rust, from Python), state", rust.is_open, LOCAL, [rust.is_open(at) for at in LOCAL])
report("opening-hours (Rust), state, next change", lambda at: (rust.is_open(at), rust.next_change(at)), LOCAL,
       [rust.is_open(at) for at in LOCAL])

brazil = holidays.country_holidays("BR", subdiv="MT", years=2026)


def by_holidays(at):
    return at.weekday() < 5 and 12 <= at.hour < 18 and at.date() not in brazil


report("python-holidays and fixed hours", by_holidays, LOCAL, [by_holidays(at) for at in LOCAL])

# The instants at which the state changes, read off every half hour of the year.
instants = numpy.array(ASKED["instants"], dtype=numpy.int64)
half_hours = range(min(ASKED["instants"]) // 1800 * 1800, max(ASKED["instants"]) + 1800, 1800)
changes, state = [], False
for at in half_hours:
    now = rust.is_open(datetime.datetime.fromtimestamp(at, ZONE).replace(tzinfo=None))
    if now != state:
        changes.append(at)
        state = now
changes = numpy.array(changes, dtype=numpy.int64)
by_search = numpy.searchsorted(changes, instants, side="right") % 2 == 1
differs = int(numpy.count_nonzero(by_search != numpy.array(ASKED["open"])))
many = numpy.tile(instants, 1 + 1_000_000 // len(instants))
begin = time.process_time()
numpy.searchsorted(changes, many, side="right")
each = (time.process_time() - begin) / len(many) * 1e9
print(f"{'numpy.searchsorted, a column':44} {each:12.1f}  {differs}")
