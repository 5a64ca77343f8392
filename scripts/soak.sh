#!/usr/bin/env bash
# Lets many citizens use the release build while the user pool and the DynamoDB engine stop and restart. It takes
# about six minutes after the build. SOAK_CITIZENS and SOAK_SECONDS (default: 500 and 300) set its size and duration. With
# SOAK_KEYS=1, two servers run behind a load balancer instead. Their keys are changed by the steps of docs/KEYS.md. Then one is killed.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
scripts/release.sh
cargo run --release --locked -p server --features local --example soak
