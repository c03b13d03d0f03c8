#!/usr/bin/env -S fish --no-config
# What fish offers, with the program's own words.
set -x PATH $PWD/tools $PATH
source packaging/completion.fish

function expect
    set -l offered (complete -C "$argv[2]" | string replace --regex '\t.*' '')
    if test "$offered" != "$argv[1]"
        echo "after '$argv[2]' expected '$argv[1]', was '$offered'" >&2
        exit 1
    end
end
expect decide 'guiche de'
expect --place 'guiche open --pla'
expect --place 'guiche --policy x open --pla'
expect 'json text' 'guiche open --format '
string match --quiet -- '*decide*open*route*' (complete -C 'guiche ' | string collect); or exit 1
string match --quiet -- '*--policy*' (complete -C 'guiche --' | string collect); or exit 1
