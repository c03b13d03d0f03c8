#compdef guiche
# What zsh offers after guiche. The program's own help says what there is.

_guiche() {
  local program=$words[1] command=${${(M)words[2,CURRENT-1]:#[a-z]*}[1]}
  local -a offers
  if [[ $words[CURRENT-1] == --format ]]; then
    offers=(text json)
  elif [[ $words[CURRENT] == -* ]]; then
    offers=(${(fu)"$($program $command --help 2>/dev/null | grep -oE -- '--[a-z][a-z-]*')"})
  elif [[ -z $command ]]; then
    offers=(${(f)"$($program --help 2>/dev/null |
      sed -n '/^Comandos:/,/^$/s/^  \([a-z]*\)  *\(.*\)/\1:\2/p')"})
    _describe comando offers
    return
  else
    _files
    return
  fi
  compadd -a offers
}
_guiche "$@"
