#!/usr/bin/env bash
# Builds what goes to production: target/release/server, without the local stand-ins, and target/site.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
scripts/set-up.sh release
site --release --precompress
cargo build --release --locked -p server
say "target/release/server and target/site are ready"
