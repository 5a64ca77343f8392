#!/usr/bin/env bash
# Formatting, lints and the supply chain: what to run before every commit.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
scripts/set-up.sh check
formatting
lints
scripts/supply-chain.sh
