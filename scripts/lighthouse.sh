#!/usr/bin/env bash
# Runs Lighthouse (mobile) on the main pages, and fails below 100 in accessibility, best practices or performance. It measures
# time, so it is not one of the tests.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
scripts/set-up.sh screenshots
site --release
cargo build --locked -p server --features local --bin server
npm ci --prefix end2end/lighthouse --legacy-peer-deps --ignore-scripts --no-audit --no-fund
cd end2end
exec playwright test --config lighthouse.config.ts
