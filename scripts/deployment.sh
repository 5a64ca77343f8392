#!/usr/bin/env bash
# Deploys the templates to ministack, reads every property back, and runs COMMAND, which uses the server there under the roles of the
# templates: the tests in server/tests/it/deployment. Afterwards every right of the role must have been used, and no other.
#
# Usage: scripts/deployment.sh SERVER COMMAND [ARGUMENT…]    (SERVER: the binary that the tests run)
set -euo pipefail
server=$(realpath "$1")
shift
. "$(dirname "$0")/lib.sh"

temporary_folder
# With AUTH, it checks signatures and policies. The last service is one that it does not have: it would be noticed if it had.
services=acm,cloudformation,cloudtrail,cognito-idp,dynamodb,ec2,ecs,elasticloadbalancing,iam,kms,lambda,logs,monitoring,s3
services=$services,secretsmanager,sns,sts,wafv2,application-autoscaling
ministack "SERVICES=$services" AUTH=true CLOUDTRAIL_RECORDING=1 CLOUDTRAIL_MAX_EVENTS=200000
MYDATA_TEST_SERVER=$server PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$root/infra/tests \
    "$root/target/venv/bin/python" -m deployment --emulator "http://127.0.0.1:$port" --server "$server" -- "$@"
