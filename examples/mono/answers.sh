#!/bin/sh
# answers.sh LIBRARY: compiles Answers.cs and runs it.
set -eu
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
mcs -out:"$build/answers.exe" "$(dirname "$0")"/*.cs
LD_LIBRARY_PATH=$(dirname "$(realpath "$1")") mono "$build/answers.exe"
