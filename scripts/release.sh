#!/usr/bin/env bash
# Builds what goes to production: target/release/server, without the local stand-ins, and target/site.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
scripts/set-up.sh release
# The site first: the server reads the names of its files, which carry hashes.
site --release --precompress
cargo build --release --locked -p server
say "target/release/server and target/site are ready"
