#!/bin/sh
# Runs the contract of TLS backends on each of them, and puts their reports side by side in target/tls-contract.md:
# ci/tls-contract.sh [--merge]
# With --merge it runs nothing and takes the reports there are; those of another JDK, from a run before, have columns of their
# own. Its last line is "tls contract: C cases, B backends, K kept, R refused, X broken"; it fails unless X is 0. Refused is
# what a backend cannot do and says so.
set -eu

cd "$(dirname -- "$0")/.."
rc=0
if [ "${1:-}" != --merge ]; then
    # shellcheck disable=SC2012
    modules=$(ls -d testkit-ssl ssl-* | paste -s -d , -)
    mvn -q -B test -pl "$modules" -am -Dtest='*BackendTest' -Dsurefire.failIfNoSpecifiedTests=false || rc=$?
fi

mkdir -p target
# shellcheck disable=SC2046
set -- $(ls -- */target/tls-contract/*.md 2>/dev/null)
if [ $# -eq 0 ]; then
    echo "tls contract: there are no reports" >&2
    exit 1
fi
awk '
    function cell(i) { gsub(/^ +| +$/, "", cells[i]); gsub(/\001/, "\\|", cells[i]); return cells[i] }
    function line(name, first, second,    text, column) {
        text = "| " first (second == "" ? "" : " | " second)
        for (column = 1; column <= columns; column++)
            text = text " | " ((name, column) in seen ? seen[name, column] : "")
        return text " |"
    }
    FNR == 1 {
        columns++
        title[columns] = FILENAME
        sub(/.*\//, "", title[columns])
        sub(/[.]md$/, "", title[columns])
    }
    /^\|/ && !/^\|(-|[ |]*$)/ && !/^\| promise \|/ {
        gsub(/\\\|/, "\001")
        count = split($0, cells, "|")
        if (count == 4) {                       # a fact about the backend
            name = cell(2)
            if (!(name in fact)) { fact[name] = 1; facts[++factCount] = name }
            seen[name, columns] = cell(3)
        } else {
            name = cell(3)
            if (!(name in promise)) { promise[name] = cell(2); order[++caseCount] = name }
            seen[name, columns] = cell(4)
            if (cells[4] ~ /broken/) broken++
            else if (cells[4] ~ /refused/) refused++
            else if (cells[4] == "kept") kept++
        }
    }
    END {
        print "# The backends of TLS, side by side\n" > page
        head = rule = ""
        for (column = 1; column <= columns; column++) { head = head " | " title[column]; rule = rule "|---" }
        print "| " head " |\n|---" rule "|" > page
        for (i = 1; i <= factCount; i++) print line(facts[i], facts[i]) > page
        print "\n| promise | case" head " |\n|---|---" rule "|" > page
        for (i = 1; i <= caseCount; i++) print line(order[i], promise[order[i]], order[i]) > page
        printf "tls contract: %d cases, %d backends, %d kept, %d refused, %d broken\n", \
            caseCount, columns, kept, refused, broken
        exit broken > 0
    }
' page=target/tls-contract.md "$@" || rc=1
exit "$rc"
