#!/usr/bin/env bash
# Formatting and lints: what to run before every commit.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
scripts/set-up.sh check
formatting
lints
