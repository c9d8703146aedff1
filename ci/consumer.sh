#!/bin/sh
# Builds and runs tests/consumer as a user would: a project of its own against the packaged jars and what their POMs
# bring along, on the module path and on the class path. Uses the JDK of JAVA_HOME, or the one on the PATH.
set -eu
cd "$(dirname "$0")/.."

mvn -q -B -Pquick -pl ioqueue,activesock,ssl -am install
mvn -B -f tests/consumer/pom.xml clean verify
echo "consumer: ok"
