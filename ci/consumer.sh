#!/bin/sh
# Compiles and runs tests/consumer as a user would: against the packed jars with what their POMs bring along
# at run time (the folder that examples collects), and without JSpecify; once on the class path, once on the
# module path. Uses the JDK of JAVA_HOME, or the one on the PATH.
set -eu
cd "$(dirname "$0")/.."

app=examples/target/app
out=tests/target/consumer
jars=$out/jars
if [ -n "${JAVA_HOME:-}" ]; then
    PATH="$JAVA_HOME/bin:$PATH"
fi

ls "$app"/ioqueue-activesock-*.jar >/dev/null 2>&1 || mvn -q -B -Pquick -pl examples -am package

rm -rf "$out"
mkdir -p "$jars"
for jar in "$app"/*.jar; do
    case ${jar##*/} in
        ioqueue-examples-* | picocli-*) ;;
        jspecify-*) echo "consumer: JSpecify must not come along: $jar" >&2 && exit 1 ;;
        *) cp "$jar" "$jars" ;;
    esac
done

case $(uname -s) in
    MINGW* | MSYS* | CYGWIN*) separator=';' ;;
    *) separator=: ;;
esac

flags='--release 17 -Xlint:all -Werror'
main=tests/consumer/src/consumer/Main.java
# shellcheck disable=SC2086
javac $flags -cp "$jars/*" -d "$out/classpath" "$main"
java -ea -cp "$out/classpath$separator$jars/*" consumer.Main
# shellcheck disable=SC2086
javac $flags -p "$jars" -d "$out/modulepath" "$main" tests/consumer/src/module-info.java
java -ea -p "$out/modulepath$separator$jars" -m consumer/consumer.Main
echo "consumer: ok"
