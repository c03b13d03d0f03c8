#!/bin/sh
# host_test.sh QUESTIONS ANSWERS CASES... -- COMMAND...: COMMAND answers the
# questions of the cases with the same bytes as the C consumer, ANSWERS, does. If
# it exits with 77 the language is not on this machine, and the test is skipped.
set -eu
questions=$1
answers=$2
shift 2
cases=
while [ "$1" != -- ]; do
  cases="$cases $1"
  shift
done
shift
# shellcheck disable=SC2086
"$questions" $cases > "$TEST_TMPDIR/questions"
"$answers" < "$TEST_TMPDIR/questions" > "$TEST_TMPDIR/expected"
code=0
LC_ALL=C "$@" < "$TEST_TMPDIR/questions" > "$TEST_TMPDIR/answers" || code=$?
if [ "$code" = 77 ]; then
  echo "SKIPPED: this machine cannot run $1"
  exit 0
fi
[ "$code" = 0 ]
test "$(wc -l < "$TEST_TMPDIR/expected")" -gt 90
cmp "$TEST_TMPDIR/expected" "$TEST_TMPDIR/answers"
