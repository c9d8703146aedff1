#!/bin/sh
# Brings the programs that the interop tests talk to. Where it may not install (no apt-get, no rights) it
# names what is missing; that is an error only on a Linux CI, where the tests must not skip themselves.
set -eu

# program:package
wanted='socat:socat nc:netcat-openbsd openssl:openssl curl:curl ps:procps gnutls-cli:gnutls-bin gnutls-serv:gnutls-bin
    sslscan:sslscan'

missing() {
    for pair in $wanted; do
        command -v "${pair%%:*}" >/dev/null 2>&1 || printf '%s ' "${pair##*:}"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

may_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" = 0 ] || { [ "${CI:-}" = true ] && sudo -n true 2>/dev/null; }
}

packages=$(missing)
if [ -n "$packages" ] && may_install; then
    as_root apt-get update -q || echo "install-programs: apt-get update failed, trying on" >&2
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages \
        || echo "install-programs: apt-get install failed" >&2
    packages=$(missing)
fi

if [ -z "$packages" ]; then
    echo "install-programs: all there"
elif [ "${CI:-}" = true ] && [ "$(uname -s)" = Linux ]; then
    echo "install-programs: missing: $packages" >&2
    exit 1
else
    echo "install-programs: missing, their interop tests will skip: $packages"
fi
