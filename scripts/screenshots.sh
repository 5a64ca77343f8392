#!/usr/bin/env bash
# Takes pictures of every page at three widths, to target/screenshots, and the README's to docs/images.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
scripts/set-up.sh test
cargo leptos build
cd end2end
exec playwright test --config screenshots.config.ts
