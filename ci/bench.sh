#!/usr/bin/env bash
# Runs the benchmarks, each beside its peers in one run: read the ratios, not the figures.
#   ci/bench.sh [ARGUMENTS OF JMH], as ForeignSend -f 1
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -q -B -ntp -Pfull -pl benchmarks -am package -DskipTests
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" \
    -cp "benchmarks/target/classes:$(cat benchmarks/target/class-path.txt)" org.openjdk.jmh.Main "$@"
