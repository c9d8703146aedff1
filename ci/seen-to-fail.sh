#!/usr/bin/env bash
# Shows which tests of the working tree fail on the library of an older commit: ci/seen-to-fail.sh COMMIT [--tests PATTERN]
# It builds the main sources of COMMIT (ioqueue, activesock, ssl and its backends) under the test kits and tests of the
# working tree, in a temporary copy. A file that does not compile there is left out and listed.
#
#   --tests PATTERN     the tests to run, as for -Dtest; default: the test classes that differ from COMMIT, and those of the
#                       same package that use a helper that differs
#   --modules LIST      the modules to look in, separated by commas; default: those of the differing classes
#
# Prints one line per test method: red (cases that failed, of all its cases, and the first message), green, or not compiled.
# Exits with 0 if at least one case is red.
set -u
cd "$(dirname "$0")/.." || exit 1

library="ioqueue activesock ssl ssl-conscrypt ssl-bouncycastle"
rounds=25

fail() {
    echo "seen-to-fail: $*" >&2
    exit 2
}

commit=
tests=
modules=
while [ $# -gt 0 ]; do
    case $1 in
        --tests) tests=${2:?} && shift ;;
        --modules) modules=${2:?} && shift ;;
        -*) fail "unknown option $1" ;;
        *) commit=$1 ;;
    esac
    shift
done
[ -n "$commit" ] || fail "usage: ci/seen-to-fail.sh COMMIT [--tests PATTERN] [--modules LIST]"
commit=$(git rev-parse --verify --quiet "$commit^{commit}") || fail "no such commit"

# ---- what to run: the test classes that differ from the commit, tracked or not, and those that name a helper that does

differing() {
    {
        git diff --name-only --diff-filter=d "$commit" -- '*/src/test/*.java'
        git ls-files --others --exclude-standard -- '*/src/test/*.java'
    } | sort -u
}

with_users() { # reads files, prints test classes
    while IFS= read -r file; do
        case $file in
            *Test.java) printf '%s\n' "$file" ;;
            *) grep -rlw --include='*Test.java' "$(basename "$file" .java)" "$(dirname "$file")" ;;
        esac
    done | sort -u
}

files=$(differing | with_users)
if [ -z "$tests" ]; then
    [ -n "$files" ] || fail "no test class differs from $commit; name some with --tests"
    tests=$(printf '%s\n' "$files" | sed 's|.*/||; s|\.java$||' | sort -u | paste -sd, -)
fi
if [ -z "$modules" ]; then
    modules=$(printf '%s\n' "$files" | sed -n 's|/src/.*||p' | sort -u | paste -sd, -)
    [ -n "$modules" ] || modules=testkit,activesock,ssl,tests
fi

# ---- the copy: the working tree, with the library of the commit

copy=$(mktemp -d) || exit 1
trap 'rm -rf "$copy"' EXIT
git ls-files --cached --others --exclude-standard | while IFS= read -r file; do
    [ ! -f "$file" ] || printf '%s\n' "$file"
done | tar -cf - -T - | tar -xf - -C "$copy"
for module in $library; do
    git cat-file -e "$commit:$module/src/main" 2>/dev/null || continue
    rm -rf "${copy:?}/$module/src/main" "${copy:?}/$module/pom.xml"
    git archive "$commit" -- "$module/src/main" "$module/pom.xml" | tar -xf - -C "$copy"
done
# The old library has to work here, not to be free of warnings.
sed -i.orig '/-Werror/d; /-Xplugin:ErrorProne/d; /-XDcompilePolicy/d; /--should-stop/d' "$copy/pom.xml"
mkdir "$copy/target"
log=$copy/target/seen-to-fail.log

maven() { # maven GOAL OPTION…
    (cd "$copy" && mvn -B -ntp "$@" -pl "$modules" -am -Dsurefire.failIfNoSpecifiedTests=false \
        -Dspotless.check.skip -Dcheckstyle.skip -Dmaven.javadoc.skip) >"$log" 2>&1
}

# ---- compiling: a file with an error is taken out, until there is none

left_out=
round=0
until maven test-compile; do
    round=$((round + 1))
    [ $round -le $rounds ] || fail "it still does not compile after $rounds rounds"
    broken=$(sed -n "s|^\[ERROR\] $copy/\(.*\.java\):\[.*|\1|p" "$log" | sort -u)
    if [ -z "$broken" ] || printf '%s\n' "$broken" | grep -qE "^(${library// /|})/src/main/"; then
        cat "$log" >&2
        fail "the library of $commit does not compile here"
    fi
    left_out="$left_out$broken
"
    printf '%s\n' "$broken" | while IFS= read -r file; do
        rm -f "$copy/$file"
    done
done

# ---- running

whole=true
maven test "-Dtest=$tests" -Dmaven.test.failure.ignore=true -Dtest.timeoutSeconds=900 || whole=false
if [ -z "$(find "$copy" -path '*/surefire-reports/TEST-*.xml')" ]; then
    cat "$log" >&2
    fail "no test ran"
fi

# One line per case: state, class.method without parameters, message. Surefire writes each element on a line of its own.
cases() {
    find "$copy" -path '*/surefire-reports/TEST-*.xml' -exec cat {} + | awk '
        function value(key,   rest) {
            if (!match($0, " " key "=\"[^\"]*\"")) return ""
            rest = substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 4)
            return rest
        }
        /^ *<testcase / {
            name = value("name"); sub(/[ ({[].*/, "", name)
            class = value("classname"); sub(/.*\./, "", class)
            state = "green"; message = ""; open = 1
            if (/\/>$/) close_case()
        }
        open && /^ *<(failure|error)[ >]/ { state = "red"; message = value("message") }
        open && /^ *<skipped/ { state = "skipped" }
        open && /<\/testcase>/ { close_case() }
        function close_case() {
            gsub(/&#10;|&#9;/, " ", message); gsub(/&lt;/, "<", message); gsub(/&gt;/, ">", message)
            gsub(/&quot;/, "\"", message); gsub(/&amp;/, "\\&", message); gsub(/  +/, " ", message)
            printf "%s\t%s.%s\t%s\n", state, class, name, substr(message, 1, 160)
            open = 0
        }'
}

# ---- the table

$whole || echo "cut short     a test did not end, or its JVM died: $(grep -m 1 -E 'timeout|crash' "$log")"
cases | awk -F '\t' -v left_out="$left_out" -v commit="$commit" '
    { all[$2]++ }
    $1 == "red" { red[$2]++; reds++; if (!($2 in first)) first[$2] = $3 }
    $1 == "skipped" { skipped[$2]++ }
    END {
        for (name in all) {
            if (name in red) {
                printf "red           %s: %d of %d cases: %s\n", name, red[name], all[name], first[name] | "sort"
            }
        }
        close("sort")
        for (name in all) {
            if (!(name in red)) {
                printf "%s %s: %d cases\n", name in skipped ? "skipped      " : "green        ", name, all[name] | "sort"
            }
        }
        close("sort")
        n = split(left_out, files, "\n")
        for (i = 1; i <= n; i++) {
            if (files[i] != "") {
                printf "not compiled  %s does not compile against %s\n", files[i], substr(commit, 1, 7)
                out++
            }
        }
        printf "seen-to-fail: %d cases red on %s, %d files not compiled\n", reds, substr(commit, 1, 7), out
        exit reds == 0
    }'
