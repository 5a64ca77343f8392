#!/usr/bin/env bash
# Serves My Data on this machine with the local stand-ins, and rebuilds it on every change.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
scripts/set-up.sh run
exec cargo leptos watch
