#!/bin/sh
# answers.sh LIBRARY HEADER: builds the addon with the Node of this machine and
# its headers, and runs answers.js. Exits with 77 where there is no such Node.
set -eu
here=$(dirname "$0")
library=$(realpath "$1")
command -v node > /dev/null || exit 77
headers=$(node -p 'path.resolve(process.execPath, "../../include/node")')
[ -e "$headers/node_api.h" ] || exit 77
addon=$(mktemp -d)
trap 'rm -rf "$addon"' EXIT
cc -O2 -Wall -Wextra -Werror -fPIC -shared -I"$headers" -I"$(dirname "$2")" "$here/guiche_node.c" \
  -o "$addon/guiche.node" "$library" -Wl,-rpath,"$(dirname "$library")"
GUICHE_ADDON=$addon/guiche.node node "$here/answers.js"
