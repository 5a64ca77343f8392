#!/usr/bin/env bash
# Serves My Data on this machine with the local stand-ins, and rebuilds it on every change.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
scripts/set-up.sh run
# Without hashes in their names, a style sheet that changes is replaced in the page without a reload.
export LEPTOS_HASH_FILES=false
exec cargo leptos watch
