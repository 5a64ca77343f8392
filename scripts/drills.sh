#!/usr/bin/env bash
# Causes each fault that has an alert, with a real Prometheus on loopback: the alert fires, the step in docs/operations.md is taken, and
# the alert ends. Every query of the dashboard runs too. Without Prometheus, this ends with status 75.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

scripts/set-up.sh drills
if ! command -v prometheus >/dev/null || ! command -v promtool >/dev/null; then
    warn "Prometheus is not installed."
    exit 75
fi

say "Building (3 to 5 minutes the first time on two cores)"
build_tests
say "Causing faults (minutes)"
temporary_files_in_memory
trap 'rm -rf ${in_memory:+"$in_memory"}' EXIT
# They mostly wait, so more of them than there are cores run at the same time.
linted cargo test --locked "${TEST_FEATURES[@]}" --test it -- alerts:: --include-ignored --test-threads=4
