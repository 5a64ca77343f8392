#!/usr/bin/env bash
# Measures the release build. The numbers compare builds on one machine. They say nothing about other machines.
#
# Usage: scripts/bench.sh [documents|monitoring]
# With an argument, only that section runs, on a debug build: counts of calls and ratios are about those of any build, times are
# not. The section `monitoring` says what metrics and traces cost.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
if [ "${1:-}" = documents ] || [ "${1:-}" = monitoring ]; then
    [ -e target/site/pkg ] || die "target/site is missing. Build it with make release or make test, and try again."
    cargo build --locked -p server --features local --bin server --example bench
    exec "$target/debug/examples/bench" "$1"
fi
if ! command -v wrk >/dev/null; then
    is_root_with_apt && say "wrk is missing: installing it (seconds)" && apt_install wrk ||
        die "wrk is missing. Install it (Debian: apt-get install wrk; macOS: brew install wrk) and try again."
fi
scripts/release.sh
cargo run --release --locked -p server --features local --example bench
