#!/bin/sh
# stubs_test.sh EXAMPLES...: the module is as its stub says, and strict mypy finds
# nothing in the package and in the examples.
set -eu
export MYPYPATH=bindings/python:examples/python MYPY_CACHE_DIR="$TEST_TMPDIR"
for example in "$@"; do
  # What they import that is not here, as Spark, is not checked.
  /usr/bin/python3 -m mypy --strict --no-warn-unused-ignores --ignore-missing-imports "$example"
done
cd bindings/python
export MYPYPATH=. PYTHONPATH=.
/usr/bin/python3 -m mypy --strict --package guiche
# pybind11's classes have a metaclass of their own.
printf 'guiche._native.Engine\nguiche._native.Window\n' > "$TEST_TMPDIR/allowed"
/usr/bin/python3 -m mypy.stubtest --allowlist "$TEST_TMPDIR/allowed" guiche._native
