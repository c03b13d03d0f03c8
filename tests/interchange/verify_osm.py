#!/usr/bin/env python3
"""Compares guiche with opening_hours.js and with opening-hours for Rust.

By hand, as neither is a package of Debian:

  npm install --prefix /tmp/engines opening_hours
  python3 -m venv /tmp/engines/venv && /tmp/engines/venv/bin/pip install opening-hours-py
  NODE_PATH=/tmp/engines/node_modules /tmp/engines/venv/bin/python \\
      tests/interchange/verify_osm.py --guiche bazel-bin/tools/guiche

First values of hours, those of verify_osm.txt and random ones: how often guiche
says what both engines say. Then the values that guiche exports: whether both
engines find the same hours in them. Exits with 1 if guiche is alone with an
answer. --agreed FILE writes some of the answers on which the engines agree.
"""

import argparse
import collections
import datetime
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import zoneinfo

import opening_hours

HERE = pathlib.Path(__file__).parent
UTC = datetime.timezone.utc
WEEKDAYS = "Mo Tu We Th Fr Sa Su".split()
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
# Twice the zone of the policy; the others change their clocks, some by half an
# hour, some at midnight.
ZONES = [
    "America/Cuiaba", "America/Cuiaba", "America/Sao_Paulo", "America/New_York", "America/Havana", "America/Santiago",
    "America/St_Johns", "Africa/Cairo", "Asia/Beirut", "Asia/Gaza", "Asia/Kolkata", "Australia/Lord_Howe",
    "Europe/Berlin", "Europe/London", "Pacific/Auckland", "UTC",
]
# The rules of these zones are the same in every edition of the zone data.
STEADY = ["America/Cuiaba", "America/Sao_Paulo", "America/New_York", "Europe/Berlin", "Europe/London",
          "Australia/Lord_Howe", "America/Havana"]


class Writer:
    """Random values of hours."""

    def __init__(self, chance):
        self.chance = chance
        self.one_of = lambda *of: chance.choice(of)

    def clock(self, hour):
        return f"{hour:02}:{self.one_of('00', '00', '00', '15', '30', '45')}"

    def times(self):
        number, clock, roll = self.chance.randrange, self.clock, self.chance.random()
        if roll < .45:
            begin = number(6, 14)
            return f"{clock(begin)}-{clock(begin + number(1, 9))}"
        if roll < .60:
            return f"{clock(number(6, 11))}-12:00,{self.one_of('13:00', '14:00')}-{clock(number(15, 23))}"
        if roll < .75:
            return f"{clock(number(17, 24))}-{clock(number(0, 6))}"
        if roll < .83:
            return f"{clock(number(17, 24))}-{number(25, 31)}:00"
        if roll < .90:
            return self.one_of("00:00-24:00", f"{clock(number(0, 3))}-{clock(number(3, 6))}")
        if roll < .95:
            return f"{clock(number(14, 20))}-24:00"
        return f"00:00-{clock(number(1, 8))},{clock(number(18, 23))}-24:00"

    def weekdays(self):
        roll = self.chance.random()
        if roll < .45:
            return self.one_of("Mo-Fr", "Mo-Fr", "Sa", "Su", "Sa,Su", "Mo-Sa", "Mo-Su")
        if roll < .60:
            return ",".join(sorted(self.chance.sample(WEEKDAYS, self.chance.randrange(1, 4)), key=WEEKDAYS.index))
        if roll < .75:
            return "-".join(self.chance.sample(WEEKDAYS, 2))
        nth = self.one_of("1", "2", "3", "4", "5", "-1", "-2", "1,3", "2,4", "1-2")
        moved = self.one_of("", "", "", "", " +1 day", " -2 days")
        return f"{self.one_of(*WEEKDAYS)}[{nth if not moved else 1}]{moved}"

    def date(self, months=range(12)):
        month = self.one_of(*months)
        return f"{MONTHS[month]} {self.chance.randrange(1, MONTH_DAYS[month] + 1):02}"

    def days(self):
        roll = self.chance.random()
        if roll < .30:
            return self.one_of(self.one_of(*MONTHS), "-".join(self.chance.sample(MONTHS, 2)))
        if roll < .40:
            return ",".join(self.chance.sample(MONTHS, self.chance.randrange(2, 4)))
        if roll < .70:
            return self.one_of(self.date(), f"{self.date()}-{self.date()}", "Dec 20-Jan 06")
        if roll < .85:
            return ",".join(self.date() for _ in range(self.chance.randrange(2, 5)))
        if roll < .92:
            return "easter" + self.one_of("", " -2 days", " +1 day", " +60 days", " -47 days")
        return self.one_of(f"{self.one_of(*MONTHS)} {self.one_of(*WEEKDAYS)}[{self.one_of(1, 2, -1)}]",
                           f"Mar Su[{self.one_of(1, -1)}]-Oct Su[{self.one_of(1, -1)}]", "Feb 29", "Feb 28-Mar 01")

    def years(self):
        year = self.chance.randrange(2022, 2031)
        return self.one_of(str(year), f"{year}-{year + 2}", f"{year}+", f"{year}-{year + 6}/2", f"{year},{year + 2}",
                           f"{year} {self.date()}", f"{year} Dec 20-{year + 1} Jan 06",
                           f"{year} {self.date(range(6))}-{year} {self.date(range(6, 12))}", f"{year} easter -2 days")

    def weeks(self):
        return "week " + self.one_of("01-53/2", "02-52/2", "10-20", "01", "01-10,20-30", "52-53", "05,10,15")

    def rule(self):
        roll = self.chance.random()
        if roll < .45:
            selector = self.weekdays()
        elif roll < .75:
            selector = self.days() + self.one_of("", " " + self.weekdays())
        elif roll < .82:
            selector = self.weeks() + self.one_of("", " " + self.weekdays())
        elif roll < .95:
            selector = self.years()
        else:
            selector = ""
        return f"{selector} {self.one_of(*[self.times()] * 8, 'off', 'closed', self.times() + ' off')}".strip()

    def value(self):
        rules = [self.rule() for _ in range(self.one_of(1, 2, 2, 2, 3, 4))]
        if len(rules) > 1 and self.chance.random() < .5:
            rules[0] = f"{self.weekdays()} {self.times()}"
        value = rules[0]
        for rule in rules[1:]:
            value += self.one_of("; ", "; ", "; ", "; ", ", ", " || ") + rule
        return value


def changes(zone):
    """Instants, to the hour, at which the clock changes."""
    clock = zoneinfo.ZoneInfo(zone)
    begin = datetime.datetime(2016, 1, 1, tzinfo=UTC)
    found, before = [], None
    for day in range(20 * 365):
        at = begin + datetime.timedelta(days=day)
        offset = at.astimezone(clock).utcoffset()
        if before is not None and offset != before:
            for hour in range(-24, 1):
                moment = at + datetime.timedelta(hours=hour)
                if moment.astimezone(clock).utcoffset() == offset:
                    found.append(int(moment.timestamp()))
                    break
        before = offset
    return found


def instants(chance, hours, zone, clock_changes):
    """Any, at the bounds of hours and dates that the value names, and about changes of the clock."""
    clock = zoneinfo.ZoneInfo(zone)
    asked = [chance.randrange(1451606400, 2082758400) // 60 * 60 for _ in range(8)]
    bounds = re.findall(r"(\d\d):(\d\d)", hours) or [("00", "00")]
    for _ in range(8):
        hour, minute = map(int, chance.choice(bounds))
        day = datetime.date(2024, 1, 1) + datetime.timedelta(days=chance.randrange(1800))
        at = datetime.datetime.combine(day, datetime.time(hour % 24, minute), clock)
        asked.append(int(at.timestamp()) + chance.choice([-60, 0, 0, 60]))
    for month, day in re.findall(r"(" + "|".join(MONTHS) + r") (\d\d)", hours)[:6]:
        year = chance.randrange(2024, 2030)
        try:
            at = datetime.datetime(year, MONTHS.index(month) + 1, int(day), chance.randrange(24), tzinfo=clock)
        except ValueError:
            continue
        asked.append(int((at + datetime.timedelta(days=chance.choice([-1, 0, 0, 1]))).timestamp()))
    if clock_changes:
        change = chance.choice(clock_changes)
        asked += [chance.choice(clock_changes) + 60 * chance.randrange(-180, 180) for _ in range(5)]
        asked += [change - 60, change, change + 60]
    return asked


def ask_javascript(questions):
    answers = [None] * len(questions)
    for zone in {question["zone"] for question in questions}:
        indices = [i for i, question in enumerate(questions) if question["zone"] == zone]
        result = subprocess.run(["node", HERE / "verify_osm.js"], check=True, text=True, stdout=subprocess.PIPE,
                                input="\n".join(json.dumps(questions[i]) for i in indices),
                                env={**os.environ, "TZ": zone})
        for i, line in zip(indices, result.stdout.splitlines(), strict=True):
            answers[i] = json.loads(line)
    return answers


def ask_rust(questions):
    parsed, answers = {}, []
    for question in questions:
        clock = zoneinfo.ZoneInfo(question["zone"])
        key = question["hours"], question["zone"]
        if key not in parsed:
            try:
                parsed[key] = opening_hours.OpeningHours(
                    question["hours"], timezone=clock, country="BR", auto_country=False)
            except Exception as error:
                parsed[key] = "error: " + str(error).split("\n")[0]
        value = parsed[key]
        if not isinstance(value, str):
            at = datetime.datetime.fromtimestamp(question["at"], clock)
            value = "unknown" if value.is_unknown(at) else "open" if value.is_open(at) else "closed"
        answers.append(value)
    return answers


def ask_guiche(program, questions):
    lines = "".join(json.dumps({"hours": question["hours"], "time_zone": question["zone"], "at": rfc3339(question)}) +
                    "\n" for question in questions)
    result = subprocess.run([program, "batch", "open"], input=lines, check=True, text=True, stdout=subprocess.PIPE)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(answers) == len(questions)
    return [answer["state"].lower() if "state" in answer else f"error: {answer['error']}" for answer in answers]


def rfc3339(question):
    return datetime.datetime.fromtimestamp(question["at"], zoneinfo.ZoneInfo(question["zone"])).isoformat()


def compare(name, program, questions):
    """The questions on which both engines agree; and how many of them guiche answers otherwise."""
    ours, js, rust = ask_guiche(program, questions), ask_javascript(questions), ask_rust(questions)
    agreed, wrong = [], collections.Counter()
    for question, our, a, b in zip(questions, ours, js, rust):
        if a != b or a not in ("open", "closed"):
            continue
        agreed.append({**question, "answer": a})
        if our != a:
            if not wrong[question["hours"]]:
                print(f"guiche {our}, both engines {a}: {question['hours']!r} {question['zone']} {rfc3339(question)}")
            wrong[question["hours"]] += 1

    def share(engine):
        comparable = [(x, y) for x, y in zip(ours, engine) if y in ("open", "closed")]
        return f"{sum(x == y for x, y in comparable)} of {len(comparable)}"

    print(f"{name}: {len(questions)} questions, {len({q['hours'] for q in questions})} values; both engines agree on "
          f"{len(agreed)}, guiche with them on {len(agreed) - sum(wrong.values())}; with opening_hours.js on {share(js)}, "
          f"with opening-hours on {share(rust)}")
    return agreed, sum(wrong.values())


def exported_questions(program):
    chance, questions = random.Random(3), []
    for service in "online", "plantao":
        for place in "Sinop", "Cuiabá", "Rondonópolis", "Barra do Garças", "Água Boa":
            span = ["--from", "2024-01-01", "--to", "2028-01-01"]
            text = subprocess.run([program, "export", "osm", "--service", service, "--place", place, *span], check=True,
                                  text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.strip()
            answer = subprocess.run([program, "open", "--service", service, "--place", place, "--at",
                                     "2026-01-01T00:00:00Z", "--format", "json"], text=True, stdout=subprocess.PIPE)
            zone = json.loads(answer.stdout)["time_zone"]
            for _ in range(1000):
                at = chance.randrange(1704085200, 1830300000) // 60 * 60
                questions.append({"hours": text, "zone": zone, "at": at, "service": service, "place": place})
    return questions


def check_exports(program):
    """Whether both engines find in our values what the policy says."""
    questions = exported_questions(program)
    lines = "".join(json.dumps({"service": q["service"], "place": q["place"], "at": rfc3339(q)}) + "\n"
                    for q in questions)
    result = subprocess.run([program, "batch", "open"], input=lines, check=True, text=True, stdout=subprocess.PIPE)
    ours = [json.loads(line)["state"].lower() for line in result.stdout.splitlines()]
    failed = 0
    for name, answers in ("opening_hours.js", ask_javascript(questions)), ("opening-hours", ask_rust(questions)):
        wrong = [(q, a, b) for q, a, b in zip(questions, ours, answers) if a != b]
        failed += len(wrong)
        for question, our, theirs in wrong[:3]:
            print(f"policy {our}, {name} {theirs}: {question['service']} {question['place']} {rfc3339(question)}")
        print(f"exports: {name} finds the policy's state in our values at {len(questions) - len(wrong)} of "
              f"{len(questions)} instants")
    return failed


def write_agreed(path, agreed):
    """Up to three a value and zone: about a change of the clock, open, and any."""
    chance, groups = random.Random(5), collections.defaultdict(list)
    for question in agreed:
        if question["at"] < 1798761600:  # by the end of 2026, up to which zone data are settled
            groups[question["hours"], question["zone"]].append(question)
    clock_changes = {zone: changes(zone) for zone in {zone for _, zone in groups}}
    with open(path, "w", encoding="utf-8") as file:
        for (hours, zone), questions in groups.items():
            near = [q for q in questions if any(abs(q["at"] - at) < 7200 for at in clock_changes[zone])]
            picked = {}
            for pool in near, [q for q in questions if q["answer"] == "open"], questions:
                if pool:
                    question = chance.choice(pool)
                    picked[question["at"]] = question
            for _, question in sorted(picked.items()):
                file.write(f"{hours}\t{zone}\t{rfc3339(question)}\t{question['answer']}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--guiche", required=True)
    parser.add_argument("--random", type=int, default=300, help="values to make up")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--agreed", help="a file to write")
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    writer = Writer(chance)
    clock_changes = {zone: changes(zone) for zone in set(ZONES)}

    def questions(values):
        return [{"hours": hours, "zone": zone, "at": at} for hours, zone in values
                for at in instants(chance, hours, zone, clock_changes[zone])]

    listed = HERE.joinpath("verify_osm.txt").read_text(encoding="utf-8").splitlines()
    agreed, wrong = compare("listed values", arguments.guiche,
                            questions((hours, zone) for hours in listed for zone in chance.sample(STEADY, 3)))
    more, more_wrong = compare("random values", arguments.guiche,
                               questions((writer.value(), chance.choice(ZONES)) for _ in range(arguments.random)))
    failed = wrong + more_wrong + check_exports(arguments.guiche)
    if arguments.agreed:
        write_agreed(arguments.agreed, agreed + more)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
