#!/bin/sh
# Fails handshakes in every way there is, and opens and closes connections, on each TLS backend, and looks at the server's
# and the client's process from outside: ci/tls-churn.sh [--fail N] [--ok M]
# Its last lines are "churn NAME: N failed, M ok, fds +F, rss +P%", one for each backend: how many more descriptors both
# have than when they were warm, and by how much the memory of the one that grew more has grown. It fails unless the
# descriptors are flat, the memory is flat within noise (from 10,000 failed handshakes on) and every connection ended as
# it should, at both ends.
set -eu

cd "$(dirname -- "$0")/.."
fail=100000
ok=20000
while [ $# -gt 0 ]; do
    case $1 in
        --fail) fail=$2 ;;
        --ok) ok=$2 ;;
        *)
            echo "tls-churn: unknown option $1" >&2
            exit 2
            ;;
    esac
    shift 2
done

report=tests/target/tls-churn.txt
rm -f "$report"
rc=0
log=$(mvn -q -B -ntp test -pl tests -am -Dtest=TlsChurnProcessTest -Dsurefire.failIfNoSpecifiedTests=false \
    -Dtest.excludedGroups= -Dtest.timeoutSeconds=14400 -Dchurn.fail="$fail" -Dchurn.ok="$ok" 2>&1) || rc=$?
[ "$rc" -eq 0 ] || printf '%s\n' "$log" >&2
if [ ! -f "$report" ]; then
    echo "tls-churn: it did not come to its report" >&2
    exit 1
fi
cat "$report"
exit "$rc"
