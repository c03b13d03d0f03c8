#!/bin/sh
# man.sh GUICHE: the manual page, from what the program says of itself.
set -eu
guiche=$1

# Text as it is, for roff.
verbatim() {
  echo .nf
  sed 's/\\/\\e/g; s/-/\\-/g; s/^\([.'"'"']\)/\\\&\1/'
  echo .fi
}

cat <<END
.TH GUICHE 1 "" "$("$guiche" --version)" "Defensoria Pública"
.SH NOME
guiche \\- qual núcleo atende um pedido, e se a janela de atendimento está aberta
.SH SINOPSE
.B guiche
[\\fIopções\\fR] \\fIcomando\\fR [\\fIopções do comando\\fR]
.SH DESCRIÇÃO
END
"$guiche" --help | verbatim
echo .SH COMANDOS
"$guiche" --help | sed -n '/^Comandos:/,/^$/s/^  \([a-z]*\) .*/\1/p' | while read -r command; do
  echo ".SS guiche $command"
  "$guiche" "$command" --help </dev/null | verbatim
done
cat <<'END'
.SH VEJA TAMBÉM
As fontes da política embutida ficam em
.IR share/guiche/policy .
A biblioteca é descrita em
.IR include/guiche.h .
END
