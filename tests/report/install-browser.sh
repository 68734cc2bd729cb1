#!/bin/sh
# Puts Debian's chromium and its driver in place for `make test-report`, and says plainly why it cannot.
set -eu
wanted=""
command -v chromium >/dev/null && command -v chromedriver >/dev/null || wanted="chromium chromium-driver"
command -v npm >/dev/null || wanted="$wanted nodejs npm"
[ -n "$wanted" ] || exit 0
if ! command -v apt-get >/dev/null; then
    echo "make test-report needs $wanted: install them with your system's package manager" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "make test-report needs $wanted: run as root: apt-get install --no-install-recommends $wanted" >&2
    exit 1
fi
if ! { apt-get -o Acquire::Retries=5 update -qq && DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=5 install -qq -y --no-install-recommends $wanted >/dev/null; }; then
    echo "make test-report needs $wanted, and apt-get could not install them on this machine (see above)" >&2
    exit 1
fi
