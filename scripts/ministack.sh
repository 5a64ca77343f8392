#!/usr/bin/env bash
# Runs a command while ministack serves on two free loopback ports. ministack shares no code with the local stand-ins. The
# command finds its DynamoDB in MYDATA_TEST_DYNAMODB_URL, and its S3, STS and IAM in MYDATA_TEST_S3_URL.
#
# Usage: scripts/ministack.sh COMMAND [ARGUMENT…]
set -euo pipefail
. "$(dirname "$0")/lib.sh"

temporary_folder

ministack SERVICES=dynamodb
export MYDATA_TEST_DYNAMODB_URL=http://127.0.0.1:$port
# With AUTH, it checks signatures, session tokens and policies.
ministack SERVICES=s3,sts,iam AUTH=true
export MYDATA_TEST_S3_URL=http://127.0.0.1:$port
"$@"
