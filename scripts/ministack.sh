#!/usr/bin/env bash
# Runs a command while ministack serves on a free loopback port. ministack is a DynamoDB engine that shares no code with
# the local stand-in. The command finds its address in MYDATA_TEST_DYNAMODB_URL.
#
# Usage: scripts/ministack.sh COMMAND [ARGUMENT…]
set -euo pipefail
. "$(dirname "$0")/lib.sh"

python=$root/target/venv/bin/python
temporary_folder
port=$(free_port "$python")

ready() { "$python" -c "import urllib.request as r; r.urlopen('http://127.0.0.1:$port/_ministack/ready', timeout=1)" 2>/dev/null; }
# Of its many services, only DynamoDB runs, in memory, on loopback. At startup it removes containers of earlier runs, so
# its Docker address leads nowhere.
serve ready env "GATEWAY_PORT=$port" BIND_HOST=127.0.0.1 SERVICES=dynamodb IOT_MTLS_ENABLED=0 SFTP_ENABLED=0 \
    DOCKER_HOST=unix:///nonexistent/docker.sock "TMPDIR=$folder" "STATE_DIR=$folder/state" \
    "$python" -m ministack

MYDATA_TEST_DYNAMODB_URL=http://127.0.0.1:$port "$@"
