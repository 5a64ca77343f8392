#!/usr/bin/env bash
# Checks the alert rules in docs/prometheus, and runs their tests with promtool, which comes with Prometheus. `scripts/set-up.sh check`
# installs it. Without it, this ends with status 75.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

if ! command -v promtool >/dev/null; then
    warn "promtool is not installed."
    exit 75
fi

promtool check rules docs/prometheus/alerts.yml
promtool test rules docs/prometheus/alerts.test.yml
