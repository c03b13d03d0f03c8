"""Asks other programs what guiche is asked: is the window open at an instant?

    bazel build --config=opt //tools:guiche //benchmarks:schedule_benchmark
    python3 benchmarks/peers/schedule.py [--guiche FILE] [--benchmark FILE]

Installs opening_hours.js with npm, and opening-hours-py, holidays and numpy with
pip, into a temporary directory. The calendar is the default policy's for Sinop in
2026, which `guiche export osm` writes as opening hours; the instants are random
minutes of that year. Answers are compared with guiche's before anything is timed.
All figures are CPU time.
"""

import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
PLACE = ["--service", "online", "--place", "Sinop"]
FIRST = 1767240000  # 2026-01-01T00:00:00-04:00
MINUTES = 365 * 24 * 60
COUNT = 20_000


def run(*arguments, **options):
    return subprocess.run([str(a) for a in arguments], check=True, text=True, stdout=subprocess.PIPE, **options).stdout


def install(directory):
    run("npm", "install", "--silent", "--no-audit", "--no-fund", "opening_hours", cwd=directory)
    run(sys.executable, "-m", "venv", directory / "venv")
    python = directory / "venv/bin/python"
    run(python, "-m", "pip", "install", "--quiet", "opening-hours-py", "holidays", "numpy")
    return python


def questions(guiche):
    """The calendar as opening hours, and instants with guiche's answers."""
    hours = run(guiche, "export", "osm", *PLACE, "--from", "2026-01-01", "--to", "2027-01-01",
                stderr=subprocess.DEVNULL).strip()
    chosen = random.Random(20220912)
    instants = [FIRST + 60 * chosen.randrange(MINUTES) for _ in range(COUNT)]
    instants += [at + shift for at in instants[:500] for shift in (-1, 1)]
    lines = "".join(json.dumps({"place": "Sinop", "at": utc(at)}) + "\n" for at in instants)
    answers = run(guiche, "batch", "open", input=lines, stderr=subprocess.DEVNULL).splitlines()
    is_open = [json.loads(answer)["state"] == "OPEN" for answer in answers]
    return {"hours": hours, "zone": "America/Cuiaba", "instants": instants, "open": is_open}


def utc(seconds):
    import datetime

    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--guiche", default="bazel-bin/tools/guiche")
    parser.add_argument("--benchmark", default="bazel-bin/benchmarks/schedule_benchmark")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        python = install(directory)
        asked = questions(options.guiche)
        questions_file = directory / "questions.json"
        questions_file.write_text(json.dumps(asked))
        print(f"{len(asked['instants'])} instants of 2026 in Sinop, {sum(asked['open'])} of them open")
        print(f"{'peer':44} {'CPU ns each':>12}  differs")
        environment = dict(os.environ, TZ=asked["zone"], NODE_PATH=str(directory / "node_modules"))
        print(run("node", HERE / "schedule.js", questions_file, env=environment), end="")
        print(run(python, HERE / "schedule_peers.py", questions_file), end="", flush=True)
        results = directory / "results.json"
        run(options.benchmark, "--benchmark_filter=State_Guiche|Answer_Guiche|State_UpperBound",
            f"--benchmark_out={results}", "--benchmark_out_format=json", stderr=subprocess.DEVNULL)
        for one in json.loads(results.read_text())["benchmarks"]:
            print(f"{one['name']:44} {one['cpu_time']:12.1f}")


if __name__ == "__main__":
    main()
