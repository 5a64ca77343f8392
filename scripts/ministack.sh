#!/usr/bin/env bash
# Runs a command while ministack serves on two free loopback ports. ministack shares no code with the local stand-ins. The
# command finds its DynamoDB in MYDATA_TEST_DYNAMODB_URL, and its S3, STS and IAM in MYDATA_TEST_S3_URL.
#
# Usage: scripts/ministack.sh COMMAND [ARGUMENT…]
set -euo pipefail
. "$(dirname "$0")/lib.sh"

python=$root/target/venv/bin/python
temporary_folder

ready() { "$python" -c "import urllib.request as r; r.urlopen('http://127.0.0.1:$port/_ministack/ready', timeout=1)" 2>/dev/null; }
# ministack SETTING…: starts it, and sets `port`. Of its many services, only those of the settings run, in memory, on
# loopback: without the last two settings, it would listen on all addresses. At startup it removes containers of earlier
# runs, so its Docker address leads nowhere.
ministack() {
    port=$(free_port "$python")
    serve ready env "GATEWAY_PORT=$port" BIND_HOST=127.0.0.1 "$@" "STATE_DIR=$folder/state-$port" "TMPDIR=$folder" \
        DOCKER_HOST=unix:///nonexistent/docker.sock IOT_MTLS_ENABLED=0 SFTP_ENABLED=0 \
        "$python" -m ministack
}

ministack SERVICES=dynamodb
export MYDATA_TEST_DYNAMODB_URL=http://127.0.0.1:$port
# With AUTH, it checks signatures, session tokens and policies.
ministack SERVICES=s3,sts,iam AUTH=true
export MYDATA_TEST_S3_URL=http://127.0.0.1:$port
"$@"
