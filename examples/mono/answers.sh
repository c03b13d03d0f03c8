#!/bin/sh
# answers.sh LIBRARY: compiles Answers.cs and runs it.
set -eu
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
mcs -out:"$build/answers.exe" "$(dirname "$0")"/*.cs
# Beside the program: Mono looks there first, and in /usr/lib before LD_LIBRARY_PATH.
ln -s "$(realpath "$1")" "$build/libguiche.so.0"
mono "$build/answers.exe"
