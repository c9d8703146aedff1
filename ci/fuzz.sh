#!/bin/sh
# Fuzzes what reads the bytes of strangers: ci/fuzz.sh [--seconds N] [TARGET...]; each target for N seconds (default 60) in
# a JVM of its own. Its last lines are "fuzz TARGET: N runs, ok|FAILED"; it fails unless all are ok. What breaks a property
# is then in fuzz/target/fuzz/TARGET. Without a target it runs all, which fuzz/src/test/java/.../Target.java lists.
set -eu

cd "$(dirname -- "$0")/.."
seconds=60
targets=
while [ $# -gt 0 ]; do
    case $1 in
        --seconds)
            seconds=$2
            shift
            ;;
        -*)
            echo "fuzz: unknown option $1" >&2
            exit 2
            ;;
        *) targets=$targets${targets:+,}$1 ;;
    esac
    shift
done

rm -f fuzz/target/fuzz/*/report.txt
rc=0
log=$(mvn -q -B test -Pfull -pl fuzz -am -Dtest=FuzzTest -Dsurefire.failIfNoSpecifiedTests=false \
    -Dfuzz.seconds="$seconds" -Dfuzz.targets="$targets" 2>&1) || rc=$?
[ "$rc" -eq 0 ] || printf '%s\n' "$log" >&2
if ! ls fuzz/target/fuzz/*/report.txt >/dev/null 2>&1; then
    echo "fuzz: it did not come to a report" >&2
    exit 1
fi
cat fuzz/target/fuzz/*/report.txt
exit "$rc"
