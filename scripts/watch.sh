#!/usr/bin/env bash
# Serves My Data on this machine with the local stand-ins, and rebuilds it on every change.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
scripts/set-up.sh watch
# Without hashes in file names, the page takes a changed style sheet without a reload.
export LEPTOS_HASH_FILES=false
exec cargo leptos watch
