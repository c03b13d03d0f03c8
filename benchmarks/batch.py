"""Times `guiche batch route` on a million messages and a million structured requests.

    bazel build --config=opt //tools:guiche //benchmarks:routing_questions
    python3 benchmarks/batch.py [--bin DIRECTORY]

Messages are the default policy's examples, requests are of its needs and places;
all are chosen from a fixed seed. Answers go to /dev/null, and none may be an
error. Start, some tenths of a second, is included.
"""

import argparse
import json
import pathlib
import random
import re
import resource
import subprocess
import tempfile
import time

COUNT = 1_000_000
POLICY = pathlib.Path(__file__).parent.parent / "policy/mato_grosso"


def examples(program):
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([program, directory], check=True)
        with (pathlib.Path(directory) / "examples").open(encoding="utf-8") as lines:
            return [json.loads(line)["text"] for line in lines]


def ids(files, element):
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    return re.findall(rf'^{element} {{\n  id: "(.*)"', text, re.MULTILINE)


def used():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, default=pathlib.Path("bazel-bin"))
    options = parser.parse_args()
    texts = examples(options.bin / "benchmarks/routing_questions")
    needs = ids(sorted(POLICY.glob("needs/*.textproto")), "needs")
    places = ids([POLICY / "places.textproto"], "places")
    pick = random.Random(1).choice
    asked = {
        "messages": lambda: {"text": pick(texts)},
        "requests": lambda: {"need": pick(needs), "place": pick(places)},
    }
    print(f"{COUNT} of each{'':10} {'wall s':>8} {'CPU s':>8} {'CPU us each':>12}")
    for name, ask in asked.items():
        with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
            file.writelines(json.dumps(ask(), ensure_ascii=False) + "\n" for _ in range(COUNT))
            for jobs in (1, 2):
                file.seek(0)
                begin, cpu = time.monotonic(), used()
                result = subprocess.run([options.bin / "tools/guiche", "batch", "route", "--jobs", str(jobs)],
                                        check=True, stdin=file, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                wall, cpu = time.monotonic() - begin, used() - cpu
                if result.stderr:
                    raise SystemExit(result.stderr.decode())
                print(f"{name}, --jobs {jobs:<10} {wall:8.1f} {cpu:8.1f} {cpu / COUNT * 1e6:12.1f}", flush=True)


if __name__ == "__main__":
    main()
