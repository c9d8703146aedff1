#!/bin/sh
# Runs every scenario of tests/…/matrix under fast track {on, off, random} x I/O {epoll, poll, simulated} x TLS {none and
# each installed backend} x version {1.2, 1.3}: ci/matrix.sh [--seed S] [--page FILE]
# Its last line is "matrix: C cells, P passed, F failed, S skipped"; it fails unless F is 0. The page, target/matrix.md in
# module tests by default, tells of each cell what was done in it, which part of that was immediate, the seed, and why it
# was skipped if it was.
set -eu

start=$PWD
cd "$(dirname -- "$0")/.."
seed=
page=$PWD/tests/target/matrix.md
while [ $# -gt 0 ]; do
    case $1 in
        --seed) seed=-Dmatrix.seed=$2 ;;
        --page)
            case $2 in
                /*) page=$2 ;;
                *) page=$start/$2 ;;
            esac
            ;;
        *)
            echo "matrix: unknown option $1" >&2
            exit 2
            ;;
    esac
    shift 2
done

rm -f "$page"
rc=0
# shellcheck disable=SC2086
log=$(mvn -q -B -ntp test -pl tests -am -Dtest=MatrixTest -Dsurefire.failIfNoSpecifiedTests=false \
    -Dmatrix.whole=true "-Dmatrix.page=$page" $seed 2>&1) || rc=$?
[ "$rc" -eq 0 ] || printf '%s\n' "$log" >&2
if [ ! -f "$page" ]; then
    echo "matrix: it did not come to its page" >&2
    exit 1
fi
echo "page: $page"
tail -n 1 "$page"
exit "$rc"
