#!/bin/sh
# deb.sh TARBALL CONTROL OUT: a package for Debian of an installed tree.
set -eu
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
umask 022
chmod 755 "$tree"
mkdir -p "$tree/usr" "$tree/DEBIAN" "$tree/usr/share/doc/guiche" "$tree/debian"
tar --extract --gzip --file "$1" --directory "$tree/usr" --no-same-owner
mv "$tree/usr/share/licenses/guiche/LICENSE" "$tree/usr/share/doc/guiche/copyright"
rm -r "$tree/usr/share/licenses"
# What the programs need, as Debian's own tool tells it of a source package.
{ printf 'Source: guiche\n\n'; cat "$2"; } > "$tree/debian/control"
depends=$(cd "$tree" && dpkg-shlibdeps --warnings=0 -O usr/bin/guiche usr/lib/libguiche.so.0 |
  sed -n 's/^shlibs:Depends=//p')
test -n "$depends"
sed "s/@DEPENDS@/$depends, tzdata/; s/@ARCHITECTURE@/$(dpkg --print-architecture)/" "$2" \
  > "$tree/DEBIAN/control"
rm -r "$tree/debian"
echo 'activate-noawait ldconfig' > "$tree/DEBIAN/triggers"
gzip --no-name --best "$tree/usr/share/man/man1/guiche.1"
SOURCE_DATE_EPOCH=0 dpkg-deb --root-owner-group --build "$tree" "$3" > /dev/null
