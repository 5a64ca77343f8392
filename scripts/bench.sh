#!/usr/bin/env bash
# Measures the release build. The numbers compare builds on one machine. They say nothing about other machines.
#
# Usage: scripts/bench.sh [documents]
# With `documents`, only the section about documents runs, on a debug build: its counts of calls are those of any build, its
# times are not.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
if [ "${1:-}" = documents ]; then
    [ -e target/site/pkg ] || die "target/site is missing. Build it with make release or make test, and try again."
    cargo build --locked -p server --features local --bin server --example bench
    exec "$target/debug/examples/bench" documents
fi
if ! command -v wrk >/dev/null; then
    is_root_with_apt && say "wrk is missing: installing it (seconds)" && apt_install wrk ||
        die "wrk is missing. Install it (Debian: apt-get install wrk; macOS: brew install wrk) and try again."
fi
scripts/release.sh
cargo run --release --locked -p server --features local --example bench
