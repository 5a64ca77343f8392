#!/usr/bin/env bash
# Measures the release build. The numbers compare builds on one machine. They say nothing about other machines.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
if ! command -v wrk >/dev/null; then
    is_root_with_apt && say "wrk is missing: installing it (seconds)" && apt_install wrk ||
        die "wrk is missing. Install it (Debian: apt-get install wrk; macOS: brew install wrk) and try again."
fi
scripts/release.sh
cargo run --release --locked -p server --features local --example bench
