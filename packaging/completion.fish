# What fish offers after guiche. The program's own help says what there is.

function __guiche_command
    string match --regex '^[a-z].*' -- (commandline -opc)[2..] | head -n 1
end

function __guiche_options
    guiche (__guiche_command) --help 2>/dev/null | string match --regex --all --groups-only -- '(--[a-z][a-z-]*)' | sort -u
end

complete -c guiche -n 'test -z (__guiche_command)' -f -a "(guiche --help 2>/dev/null | sed -n '/^Comandos:/,/^\$/s/^  \([a-z]*\)  *\(.*\)/\1\t\2/p')"
complete -c guiche -n 'string match -q -- "-*" (commandline -ct)' -f -a '(__guiche_options)'
complete -c guiche -l format -x -a 'text json'
