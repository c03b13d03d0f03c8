#!/bin/sh
# answers.sh LIBRARY HEADER: builds the program with the Go of this machine, and
# runs it. Exits with 77 where there is no Go.
set -eu
PATH=$PATH:/usr/local/go/bin
command -v go > /dev/null || exit 77
library=$(dirname "$(realpath "$1")")
header=$(dirname "$(realpath "$2")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -RL "$(dirname "$0")" "$work/source"
(cd "$work/source" && HOME=$work GOCACHE=$work/cache GOTOOLCHAIN=local GOFLAGS=-mod=mod CGO_ENABLED=1 \
  CGO_CFLAGS="-I$header" CGO_LDFLAGS="-L$library -Wl,-rpath,$library" go build -o "$work/answers" ./answers >&2)
"$work/answers"
