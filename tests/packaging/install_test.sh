#!/bin/sh
# Installs where nobody expected it, moves it, and builds against what lies there.
set -eux
here=$PWD/tests/packaging
example=$PWD/examples/c/answers.c
packaging/install.sh packaging/guiche.tar.gz "--prefix=$TEST_TMPDIR/first"
mv "$TEST_TMPDIR/first" "$TEST_TMPDIR/prefix"
prefix=$TEST_TMPDIR/prefix
cd "$TEST_TMPDIR"
expected='{"state":"OPEN",'

cmake -S "$here" -B cmake -DCMAKE_PREFIX_PATH="$prefix"
cmake --build cmake
cmake/consumer | grep -Fx "$expected"

export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
# A host of the shared library needs nobody's -dev package.
PKG_CONFIG_LIBDIR="$prefix/lib/pkgconfig" pkg-config --cflags --libs guiche
# shellcheck disable=SC2046
cc -Wall -Werror -pedantic "$here/consumer.c" -o shared $(pkg-config --cflags --libs guiche)
LD_LIBRARY_PATH="$prefix/lib" ./shared | grep -Fx "$expected"
# shellcheck disable=SC2046
cc -Wall -Werror -pedantic "$example" -o example $(pkg-config --cflags --libs guiche)
printf '\topen\t{"place":"Sinop","at":"2026-01-07T12:00:00-04:00"}\n' |
  LD_LIBRARY_PATH="$prefix/lib" ./example | grep -F '"state":"OPEN"'
# shellcheck disable=SC2046
cc -static "$here/consumer.c" -o static $(pkg-config --cflags --static --libs guiche)
env -i ./static | grep -Fx "$expected"
# shellcheck disable=SC2046
c++ -std=c++17 "$here/consumer.cc" -o whole $(pkg-config --cflags guiche) \
  "$prefix/lib/libguiche.a" $(pkg-config --static --libs guiche)
readelf --dynamic whole | grep -F libguiche && exit 1
./whole | grep -Fx 1

"$prefix/bin/guiche" --version
test -s "$prefix/share/guiche/policy/mato_grosso/policy.textproto"
find "$prefix/share/guiche/policy" -name '*.textproto' -exec "$prefix/bin/guiche" check {} +
MANWIDTH=200 man --warnings=w -P cat "$prefix/share/man/man1/guiche.1" > page 2> warnings
test ! -s warnings
for command in $("$prefix/bin/guiche" --help | sed -n '/^Comandos:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
  grep -q "^ *guiche $command\$" page
done

# Where there is no directory to install to.
if packaging/install.sh packaging/guiche.tar.gz; then exit 1; fi
