#!/usr/bin/env bash
# Every check and every test, the quick ones first. It stops at the first suite that fails. The last lines tell what
# ran and what each suite counted; the whole output of each suite is kept under target/test-logs.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

scripts/set-up.sh test
# From here on everything is there, so nothing may be fetched to build or run.
export CARGO_NET_OFFLINE=true

logs=$root/target/test-logs
mkdir -p "$logs"
summary=()

finish() {
    local status=$?
    printf '\n=> Summary\n'
    printf '   %s\n' "${summary[@]:-no suite ran}"
    if [ "$status" != 0 ]; then
        echo "   FAILED (exit status $status)."
    elif [[ ${summary[*]} = *SKIPPED* ]]; then
        echo "   Every suite that ran passed. NOT every suite ran."
    else
        echo "   All suites passed."
    fi
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

plain() { sed 's/'"$(printf '\033')"'\[[0-9;]*[A-Za-z]//g' "$1"; }

# The counts of every `test result:` line, added up.
rust_counts() {
    plain "$1" | awk '
        /^test result:/ { for (i = 1; i < NF; i++) { word = $(i + 1); sub(/;.*/, "", word); if (word ~ /^(passed|failed|ignored)$/) sum[word] += $i } }
        END { printf "%d passed, %d failed, %d ignored\n", sum["passed"], sum["failed"], sum["ignored"] }'
}

# Playwright's closing lines, such as `57 passed (1.2m)`.
playwright_counts() {
    plain "$1" | awk '
        /^ +[0-9]+ (passed|failed|flaky|skipped|interrupted|did not run)/ { sub(/^ +/, ""); out = out (out == "" ? "" : ", ") $0 }
        END { print out }'
}

# suite NAME COUNTS COMMAND…: runs the command, and fails where it fails or where it should have counted and did not:
# a filter that matches no test, or a build that ended before the tests began, is no success.
suite() {
    local name=$1 counts=$2
    shift 2
    local log start=$SECONDS failed='' result
    log=$logs/$(printf '%s' "$name" | tr ' ' '-').log
    say "$name"
    "$@" 2>&1 | tee "$log" || failed="FAILED"
    result=$("$counts" "$log")
    case $result in
    '' | '0 passed, 0 failed'*) failed=${failed:-"FAILED: no test ran"} ;;
    clean) [ -z "$failed" ] || result='' ;;
    esac
    summary+=("$(printf '%-28s %s' "$name" "${failed:+$failed  }$result  ($((SECONDS - start)) s)")")
    [ -z "$failed" ] || exit 1
}

clean() { echo "clean"; }

# on_the_net NAME PART: the part of the supply chain's check that asks the net. With 75 it says that its source is out of
# reach and that it checked nothing; what it finds fails like anything else.
on_the_net() {
    local name=$1 status=0 start=$SECONDS
    say "$name"
    scripts/supply-chain.sh "$2" 2>&1 | tee "$logs/${name// /-}.log" || status=$?
    case $status in
    0) summary+=("$(printf '%-28s clean  (%s s)' "$name" "$((SECONDS - start))")") ;;
    75) summary+=("$(printf '%-28s SKIPPED: its source is out of reach' "$name")") ;;
    *)
        summary+=("$(printf '%-28s FAILED  (%s s)' "$name" "$((SECONDS - start))")")
        exit 1
        ;;
    esac
}

# cargo-leptos starts a server of its own beside the tests, which use one each. It gets a free port and a folder
# of its own, so that it meets neither a `make run` on this machine nor its data.
journeys() {
    local port
    port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')
    MYDATA_LISTEN=127.0.0.1:$port MYDATA_LOCAL_DATA_DIR=$root/target/end2end-data cargo leptos end-to-end
}

suite "formatting" clean formatting
suite "lints" clean lints
suite "supply chain" clean scripts/supply-chain.sh rules
on_the_net "advisories for crates" crates
on_the_net "advisories for npm" packages
suite "types of the journeys" clean tsc -p end2end
suite "Rust tests" rust_counts cargo test --features server/local
# A feature that nothing else is built with: whoever reaches its route decides what the user pool stand-in does wrong.
suite "control route of the faults" rust_counts \
    cargo test --features server/local-faults --test it faults::the_control_route
# The server as it goes to production, without the stand-ins in it.
suite "the production build" rust_counts cargo test --test it command_line::
if [ -x target/venv/bin/python ] && target/venv/bin/python -c 'import ministack' 2>/dev/null; then
    # The same selection of packages and features as above, so that nothing is built anew.
    suite "stores on a second engine" rust_counts scripts/ministack.sh cargo test --features server/local --test it stores::
else
    summary+=("$(printf '%-28s %s' "stores on a second engine" "SKIPPED: no Python 3.10 with venv")")
fi
suite "journeys in the browser" playwright_counts journeys
