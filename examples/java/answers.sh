#!/bin/sh
# answers.sh LIBRARY: compiles Answers.java, with Debian's JNA, and runs it.
set -eu
classes=$(mktemp -d)
trap 'rm -rf "$classes"' EXIT
javac -cp /usr/share/java/jna.jar -d "$classes" "$(dirname "$0")"/*.java
java -XX:TieredStopAtLevel=1 -cp "/usr/share/java/jna.jar:$classes" Answers "$(realpath "$1")"
