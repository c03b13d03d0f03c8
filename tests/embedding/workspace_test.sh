#!/bin/sh
# Builds tests/embedding/embedder as a workspace that depends on this one.
set -eu
here=tests/embedding/embedder
root=$(dirname "$(readlink -f WORKSPACE)")
work=$TEST_TMPDIR/embedder
mkdir -p "$work"
cp -L "$here/embedder.cc" "$work"
cp -L "$here/BUILD.in" "$work/BUILD.bazel"
sed "s|@GUICHE@|$root|" "$here/WORKSPACE.in" > "$work/WORKSPACE"

cd "$work"
export HOME="$TEST_TMPDIR"
answer=$(bazel --batch --output_user_root="$TEST_TMPDIR/bazel" run \
  --nosandbox_debug --spawn_strategy=local --cxxopt=-std=c++17 \
  --noshow_progress --ui_event_filters=-info,-debug :embedder)
echo "$answer"
test "$answer" = "OPEN familia"
