#!/usr/bin/env bash
# The whole check: mvn clean verify on each JDK of 17 and later, the tests again on the poll selector, then a
# consumer of the packed jars. Prints one line per run at the end and fails when one of them failed.
#
#   JAVA_HOMES=a:b      more JDK folders to look at (separated by ; when a path has a colon)
#   IOQ_ONE_JDK=1       only the default JDK: JAVA_HOME, or the javac on the PATH
#   CI=true             interop tests whose program is missing fail instead of skipping (Linux)
set -u
cd "$(dirname "$0")/.." || exit 1

system=$(uname -s)
case $system in
    MINGW* | MSYS* | CYGWIN*) windows=true ;;
    *) windows=false ;;
esac
if [ "${CI:-}" = true ] && [ "$system" = Linux ]; then
    export IOQ_REQUIRE_INTEROP=1
fi

# ---- runs and their summary

summary=
failed=0

run() { # run NAME COMMAND…
    local name=$1 start=$SECONDS rc
    shift
    printf '\n==== %s: %s\n' "$name" "$*"
    "$@"
    rc=$?
    if [ $rc -eq 0 ]; then
        summary="$summary
ok      $name ($((SECONDS - start)) s)"
    else
        failed=1
        summary="$summary
FAILED  $name ($((SECONDS - start)) s, exit code $rc)"
    fi
}

# ---- JDKs: the default one first, one of each major version

feature() { # prints the major version of the JDK in a folder, or nothing
    [ -x "$1/bin/javac" ] || [ -x "$1/bin/javac.exe" ] || return 0
    "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'
}

default_home() {
    if [ -n "${JAVA_HOME:-}" ]; then
        printf '%s\n' "$JAVA_HOME"
    else
        # the launcher knows where it lives, whatever links lead to it
        java -XshowSettings:properties -version 2>&1 | tr -d '\r' | sed -n 's/^ *java\.home = //p'
    fi
}

candidates() {
    default_home
    [ -z "${IOQ_ONE_JDK:-}" ] || return 0
    case ${JAVA_HOMES:-} in
        *\;*) printf '%s\n' "$JAVA_HOMES" | tr ';' '\n' ;;
        *) printf '%s\n' "${JAVA_HOMES:-}" | tr ':' '\n' ;;
    esac
    ls -d /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home 2>/dev/null
}

homes=()
versions=' '
while IFS= read -r home; do
    [ -d "$home" ] || continue
    $windows || home=$(cd "$home" && pwd -P)
    version=$(feature "$home")
    [ -n "$version" ] && [ "$version" -ge 17 ] || continue
    case $versions in
        *" $version "*) continue ;;
    esac
    versions="$versions$version "
    homes[${#homes[@]}]=$home
done <<EOF
$(candidates)
EOF

if [ ${#homes[@]} -eq 0 ]; then
    echo "verify: no JDK of 17 or later found; set JAVA_HOME" >&2
    exit 1
fi
echo "verify: JDKs$versions(the first is the default)"

# ---- the check

run "paths" ci/check-paths.sh
run "programs" ci/install-programs.sh

# the default JDK last, so that the later runs find its classes
index=${#homes[@]}
while [ "$index" -gt 0 ]; do
    index=$((index - 1))
    export JAVA_HOME=${homes[$index]}
    run "JDK $(feature "$JAVA_HOME")" mvn -B clean verify
done

if $windows; then
    summary="$summary
skipped poll selector (there is none on Windows)"
else
    run "JDK $(feature "$JAVA_HOME"), poll selector" \
        mvn -B verify -Pselector-poll -Dspotless.check.skip -Dcheckstyle.skip -Dmaven.javadoc.skip
fi

for home in "${homes[@]}"; do
    export JAVA_HOME=$home
    run "consumer on JDK $(feature "$home")" ci/consumer.sh
done

printf '\n==== summary%s\n' "$summary"
exit $failed
