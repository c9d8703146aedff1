#!/bin/sh
# Fails when a file of the project names a path that exists on one machine only. Well-known places
# (/usr, /proc, /dev, /tmp, …) are fine. The brackets keep the patterns from matching this file.
set -eu
cd "$(dirname "$0")/.."

before='(^|[^A-Za-z0-9_.~/})-])'
places='/[w]ork/|/[r]oot(/|$|[^A-Za-z0-9_-])|/[h]ome/[A-Za-z0-9_]|/[U]sers/[A-Za-z0-9_]'
windows='[A-Za-z]:[\\/]+[U]sers[\\/]+[A-Za-z0-9_]'

list() {
    if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        git ls-files -z --cached --others --exclude-standard
    else
        find . \( -name .git -o -name target \) -prune -o -type f -print0
    fi
}

if list | xargs -0 grep -nIE "$before($places)|$windows" 2>/dev/null; then
    echo "check-paths: the lines above name a path of one machine" >&2
    exit 1
fi
echo "check-paths: ok"
