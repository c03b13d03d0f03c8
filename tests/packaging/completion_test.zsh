#!/usr/bin/env -S zsh -f
# What the line becomes in an interactive zsh by the key of completion, with the
# program's own words.
zmodload zsh/zpty
mkdir -p $TEST_TMPDIR/functions
cp packaging/completion.zsh $TEST_TMPDIR/functions/_guiche
zpty shell "HOME=$TEST_TMPDIR TERM=dumb PS1= zsh -f -i"
zpty -w shell "PATH=$PWD/tools:\$PATH fpath=($TEST_TMPDIR/functions \$fpath)
autoload -U compinit; compinit -u -D
tell() { print -r -- \"<\$BUFFER>\"; zle kill-buffer }
zle -N tell; bindkey '^X' tell; bindkey '^I' complete-word; setopt no_list_beep no_beep
print ready:"

becomes() {
  local output
  zpty -w -n shell "$2"$'\t\x18'
  zpty -r -m shell output '*<*>*' || exit 1
  output=${${output##*<}%%>*}
  [[ $output == "$1" ]] && return
  print -u2 "'$2' became '$output', not '$1'"
  exit 1
}
zpty -r -m shell ignored '*ready:*ready:*' || exit 1
becomes 'guiche decide ' 'guiche de'
becomes 'guiche open --place ' 'guiche open --pla'
becomes 'guiche --policy x open --place ' 'guiche --policy x open --pla'
becomes 'guiche open --format json ' 'guiche open --format j'
becomes 'guiche calendar ' 'guiche cal'
zpty -d shell
