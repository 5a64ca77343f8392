#!/usr/bin/env bash
# Deploys the templates to ministack, reads every property back, and runs COMMAND, which uses the server there under the role of
# the templates: scripts/test.sh runs the tests in server/tests/it/deployment. Then every right of the role must have been used.
#
# Usage: scripts/deployment.sh SERVER COMMAND [ARGUMENT…]    (SERVER: the binary, for the signing key that an operator makes)
set -euo pipefail
server=$(realpath "$1")
shift
. "$(dirname "$0")/lib.sh"

python=$root/target/venv/bin/python
temporary_folder
port=$(free_port "$python")
ready() { "$python" -c "import urllib.request as r; r.urlopen('http://127.0.0.1:$port/_ministack/ready', timeout=1)" 2>/dev/null; }
# As in scripts/ministack.sh. With AUTH, it checks signatures and policies; it also records each call.
serve ready env "GATEWAY_PORT=$port" BIND_HOST=127.0.0.1 AUTH=true CLOUDTRAIL_RECORDING=1 CLOUDTRAIL_MAX_EVENTS=200000 \
    "STATE_DIR=$folder/state" "TMPDIR=$folder" DOCKER_HOST=unix:///nonexistent/docker.sock IOT_MTLS_ENABLED=0 SFTP_ENABLED=0 \
    "$python" -m ministack
export MYDATA_TEST_SERVER=$server
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$root/infra/tests "$python" -m deployment --emulator "http://127.0.0.1:$port" --server "$server" -- "$@"
