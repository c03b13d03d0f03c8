#!/bin/sh
# The module is as its stub says, and strict mypy finds nothing in the package.
set -eu
cd bindings/python
export MYPYPATH=. PYTHONPATH=. MYPY_CACHE_DIR="$TEST_TMPDIR"
/usr/bin/python3 -m mypy --strict --package guiche
# pybind11's classes have a metaclass of their own.
printf 'guiche._native.Engine\nguiche._native.Window\n' > "$TEST_TMPDIR/allowed"
/usr/bin/python3 -m mypy.stubtest --allowlist "$TEST_TMPDIR/allowed" guiche._native
