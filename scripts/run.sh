#!/usr/bin/env bash
# Serves My Data on this machine with the local stand-ins. It needs only Rust and a C compiler.
#
# The server starts as soon as it is built, because every page works without JavaScript. The enhancer, which runs in the
# browser, is built while the server runs. Pages have it the next time they load. Ctrl-C stops both.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
scripts/set-up.sh run

log=target/enhancer.log
server=
enhancer=

finish() {
    local status=$?
    trap - EXIT INT TERM HUP
    if [ -n "$enhancer" ]; then end_group "$enhancer"; fi
    if [ -n "$server" ]; then end_group "$server"; fi
    exit "$status"
}
trap finish EXIT
# Ctrl-C is the usual way to stop, so it is not an error.
trap 'exit 0' INT
trap 'exit 143' TERM HUP

if [ -x "$target/debug/server" ]; then
    say "Building the server: seconds when little has changed, else up to three minutes on two cores"
else
    say "Building the server: about three minutes the first time on two cores"
fi
# In the background so that Ctrl-C and a SIGTERM to this script take effect immediately.
in_background cargo build --locked -p server --features local --bin server
server=$!
wait "$server"
server=

build_enhancer() {
    if ! nice -n 10 scripts/enhancer.sh >"$log" 2>&1; then
        warn "The enhancer (JavaScript) could not be built. Pages keep working without it. See the end of $log"
    elif grep -q '^=> New' "$log"; then
        say "The enhancer (JavaScript) is ready: reload the page."
    fi
}

mkdir -p target
if [ ! -f target/enhancer.stamp ]; then
    say "Building the enhancer (JavaScript) in the background: 1 to 3 minutes the first time. Its log is $log"
fi
# Cargo holds no lock while the server runs, so the two do not wait for each other.
in_background build_enhancer
enhancer=$!
in_background "$target/debug/server"
server=$!

status=0
wait "$server" || status=$?
server=
exit "$status"
