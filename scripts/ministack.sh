#!/usr/bin/env bash
# Runs a command while ministack serves on a free loopback port. ministack is a DynamoDB engine that shares no code with
# the local stand-in. The command finds its address in MYDATA_TEST_DYNAMODB_URL.
#
# Usage: scripts/ministack.sh COMMAND [ARGUMENT…]
set -euo pipefail
. "$(dirname "$0")/lib.sh"

python=$root/target/venv/bin/python
folder=$(mktemp -d)
log=$folder/log
engine=

stop() {
    if [ -n "$engine" ]; then
        kill "$engine" 2>/dev/null || true
        wait "$engine" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

# Of its many services, only DynamoDB runs, in memory, on loopback. At startup it removes containers of earlier runs, so
# its Docker address leads nowhere.
GATEWAY_PORT=$port BIND_HOST=127.0.0.1 SERVICES=dynamodb IOT_MTLS_ENABLED=0 SFTP_ENABLED=0 \
    DOCKER_HOST=unix:///nonexistent/docker.sock TMPDIR=$folder STATE_DIR=$folder/state \
    "$python" -m ministack >"$log" 2>&1 &
engine=$!

ready() { "$python" -c "import urllib.request as r; r.urlopen('http://127.0.0.1:$port/_ministack/ready', timeout=1)" 2>/dev/null; }
tries=0
until ready; do
    tries=$((tries + 1))
    if [ "$tries" -gt 150 ] || ! kill -0 "$engine" 2>/dev/null; then
        cat "$log" >&2
        die "ministack did not start"
    fi
    sleep 0.2
done

MYDATA_TEST_DYNAMODB_URL=http://127.0.0.1:$port "$@"
