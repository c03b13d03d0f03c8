#!/bin/bash
# What bash offers, with the program's own words.
set -euo pipefail
PATH=$PWD/tools:$PATH
source packaging/completion.bash

offers() {
  COMP_WORDS=(guiche "$@") COMP_CWORD=$# COMPREPLY=()
  _guiche
  echo "${COMPREPLY[*]}"
}

expect() {
  [[ $2 == "$1" ]] || { echo "expected '$1', was '$2'" >&2; exit 1; }
}
expect decide "$(offers de)"
expect --place "$(offers open --pla)"
expect --place "$(offers --policy x open --pla)"
expect "text json" "$(offers open --format '')"
[[ $(offers '') == *open*route*decide* ]]
[[ $(offers --) == *--policy* ]]
