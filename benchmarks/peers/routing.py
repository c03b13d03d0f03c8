"""Asks other programs what guiche is asked: which phrases a message holds, and
which area it is for.

    bazel build --config=opt //tools:guiche //benchmarks:phrases_benchmark //benchmarks:routing_questions
    python3 benchmarks/peers/routing.py MESSAGES [--bin DIRECTORY]

MESSAGES are labelled as `guiche eval` reads them. Builds the aho-corasick crate's
adapter with cargo and installs scikit-learn with pip, in a temporary directory.
Phrases and the messages that hold them are the default policy's, and peers get
them folded and split; scikit-learn learns from the policy's examples. Which
phrases are found is compared with guiche's answers before anything is timed, and
which areas with the labels. All figures are CPU time.
"""

import argparse
import json
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
COUNT = 20_000

CRATE = """
[package]
name = "peer"
version = "1.0.0"
edition = "2021"
[dependencies]
aho-corasick = "1"
cpu-time = "1"
[[bin]]
name = "peer"
path = "routing.rs"
"""


def run(*arguments, **options):
    arguments = [str(argument) for argument in arguments]
    return subprocess.run(arguments, check=True, encoding="utf-8", stdout=subprocess.PIPE, **options).stdout


def install(directory):
    (directory / "Cargo.toml").write_text(CRATE)
    (directory / "routing.rs").write_text((HERE / "routing.rs").read_text())
    run("cargo", "build", "--quiet", "--release", cwd=directory)
    run(sys.executable, "-m", "venv", directory / "venv")
    python = directory / "venv/bin/python"
    run(python, "-m", "pip", "install", "--quiet", "scikit-learn")
    return directory / "target/release/peer", python


def batch_seconds(guiche, lines):
    """CPU time of one process that answers them all."""

    def used():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    begin = used()
    run(guiche, "batch", "route", "--jobs", "1", input="".join(lines), stderr=subprocess.DEVNULL)
    return used() - begin


def quality(guiche, *messages):
    """As routing_peers.py prints it."""
    evaluation = run(guiche, "eval", *messages)
    lines = ("certas ou aceitas", "porta errada")
    percents = [re.search(rf"^{line} +(\S+)", evaluation, re.MULTILINE)[1] for line in lines]
    return "  ".join(percent.rjust(10) for percent in percents)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("messages", type=pathlib.Path)
    parser.add_argument("--bin", type=pathlib.Path, default=pathlib.Path("bazel-bin"))
    options = parser.parse_args()
    guiche = options.bin / "tools/guiche"
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        crate, python = install(directory)
        run(options.bin / "benchmarks/routing_questions", directory)

        print(f"{'which phrases does a message hold?':44} {'CPU ns each':>12}  differs")
        print(run(crate, directory / "phrases"), end="", flush=True)
        results = directory / "results.json"
        run(options.bin / "benchmarks/phrases_benchmark",
            f"--benchmark_out={results}", "--benchmark_out_format=json", stderr=subprocess.DEVNULL)
        for one in json.loads(results.read_text())["benchmarks"]:
            print(f"{one['name']:44} {one['cpu_time']:12.1f}  0")

        print(f"\n{'which area is a message for?':44} {'CPU us each':>12}  acceptable  wrong door")
        print(run(python, HERE / "routing_peers.py", directory / "examples", options.messages), end="", flush=True)
        texts = [json.loads(line)["text"] for line in options.messages.read_text().splitlines() if line]
        lines = [json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts]
        many = (lines * (1 + COUNT // len(lines)))[:COUNT]
        each = (batch_seconds(guiche, many) - batch_seconds(guiche, lines[:1])) / (COUNT - 1) * 1e6
        print(f"{'guiche eval, examples held out in fifths':44} {'':12}  {quality(guiche)}")
        print(f"{'guiche batch route, JSON, unit and reply too':44} {each:12.1f}  {quality(guiche, options.messages)}")


if __name__ == "__main__":
    main()
