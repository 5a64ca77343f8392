#!/usr/bin/env bash
# Takes pictures of every page at three widths, into target/screenshots, and the README's into docs/images.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
scripts/set-up.sh screenshots
site
cargo build --locked -p server --features local --bin server
cd end2end
exec playwright test --config screenshots.config.ts
