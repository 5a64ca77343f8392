#!/usr/bin/env bash
# Formatting, lints, the templates for AWS, the alert rules and the supply chain: what to run before every commit. The lints are part of the build that
# `make test` uses, so neither command compiles anything twice.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
scripts/set-up.sh check
formatting
scripts/lints.test.sh
say "Checking the templates (a minute and a half on two cores)"
scripts/templates.sh || [ $? = 75 ]
say "Checking the alert rules (a second)"
scripts/alerts.sh || [ $? = 75 ]
say "Building with lints (3 to 5 minutes the first time on two cores)"
build_tests
build_fuzz_support
linted build_frontend
scripts/supply-chain.sh
