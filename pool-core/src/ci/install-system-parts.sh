#!/usr/bin/env bash
# Installs what the tests need from the operating system, on a CI machine only; elsewhere such tests are skipped.
set -euo pipefail
if [ "${CI:-}" != true ]; then
    exit 0
fi
# Debian's own Python: the first one on the path may be another
if /usr/bin/python3 -c 'import websockets' 2>/dev/null; then
    exit 0
fi
root=()
if [ "$(id -u)" != 0 ]; then
    root=(sudo)
fi
"${root[@]}" apt-get -qq update
"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y install python3-websockets
