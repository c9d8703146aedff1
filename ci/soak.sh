#!/bin/sh
# Runs 200 connections at a time, each as its seed wants it:
#     ci/soak.sh [--seconds N] [--seed S] [--tls jdk|conscrypt|bouncycastle]
# Its last line is "soak: B bytes, L lost, K leaked"; it fails unless both are 0. Lost is a byte sent on a connection that
# neither side reset and that did not arrive, or an op without completion; leaked are descriptors, threads, bytes of direct
# memory and of the queues' pools.
set -eu

cd "$(dirname -- "$0")/.."
seconds=300
seed=
tls=none
while [ $# -gt 0 ]; do
    case $1 in
        --seconds) seconds=$2 ;;
        --seed) seed=-Dsoak.seed=$2 ;;
        --tls) tls=$2 ;;
        *)
            echo "soak: unknown option $1" >&2
            exit 2
            ;;
    esac
    shift 2
done

report=tests/target/soak.txt
rm -f "$report"
rc=0
# shellcheck disable=SC2086
log=$(mvn -q -B test -pl tests -am -Dtest=SoakTest -Dsurefire.failIfNoSpecifiedTests=false \
    -Dsoak.seconds="$seconds" -Dsoak.tls="$tls" $seed 2>&1) || rc=$?
[ "$rc" -eq 0 ] || printf '%s\n' "$log" >&2
if [ ! -f "$report" ]; then
    echo "soak: it did not come to its report" >&2
    exit 1
fi
cat "$report"
exit "$rc"
