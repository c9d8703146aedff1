#!/bin/sh
# Runs the simulation of the lowest layer: ci/simulate.sh [--runs N] [--seed S]
# Its last line is "simulate: N runs, V violations, E schedules explored"; it fails when V is not 0. From 100 runs on, a
# kind of fault that never occurred counts as a violation. A single seed is had again by --runs 1 --seed S.
set -eu

cd "$(dirname -- "$0")/.."
runs=100000
seed=
while [ $# -gt 0 ]; do
    case $1 in
        --runs) runs=$2 ;;
        --seed) seed=-Dsimulate.seed=$2 ;;
        *)
            echo "simulate: unknown option $1" >&2
            exit 2
            ;;
    esac
    shift 2
done

report=testkit/target/simulate.txt
rm -f "$report"
rc=0
# shellcheck disable=SC2086
log=$(mvn -q -B test -pl testkit -am -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false \
    -Dsimulate.runs="$runs" $seed 2>&1) || rc=$?
if [ ! -f "$report" ]; then
    printf '%s\n' "$log" >&2
    echo "simulate: it did not come to its report" >&2
    exit 1
fi
cat "$report"
exit "$rc"
