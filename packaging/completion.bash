# guiche: what bash offers after it. The program's own help says what there is.

_guiche() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local program=${COMP_WORDS[0]} command= other
  for other in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $other == [a-z]* ]] && command=$other && break
  done
  if [[ $before == --format ]]; then
    mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$word")
  elif [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$("$program" $command --help 2>/dev/null |
      grep -oE -- '--[a-z][a-z-]*' | sort -u)" -- "$word")
  elif [[ -z $command ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$("$program" --help 2>/dev/null |
      sed -n '/^Comandos:/,/^$/s/^  \([a-z]*\) .*/\1/p')" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -o filenames -F _guiche guiche
