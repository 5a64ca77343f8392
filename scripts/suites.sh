# shellcheck shell=bash
# Suites of checks and tests, their logs, and a summary at the end. Source it after lib.sh, with the names of the suites in the order
# of the summary:
#
#   SUITES=("formatting" "Rust tests")
#   . scripts/suites.sh
#   suite "formatting" clean formatting
#
# Suites that do not need each other run side by side, in lanes. After a failure no further suite starts; those already running finish.
# The whole output of each suite is kept under $logs, and printed when the suite fails. `after_suites`, if it exists, cleans up.

logs=$root/target/${LOGS:-test-logs}
results=$logs/results
rm -rf "$logs"
mkdir -p "$results"
lanes=()

# --- The end, whatever the reason ---

finish() {
    local status=$? name lane row skipped=
    trap '' INT TERM HUP
    trap - EXIT
    for lane in ${lanes[@]+"${lanes[@]}"}; do end_group "$lane"; done
    for name in "${SUITES[@]}"; do
        if [ -e "$results/$name.failed" ]; then
            printf '\n=> %s FAILED. Its output:\n\n' "$name"
            cat "$logs/${name// /-}.log"
        fi
    done
    printf '\n=> Summary\n'
    for name in "${SUITES[@]}"; do
        row="DID NOT RUN"
        if [ -e "$results/$name.started" ]; then row="STOPPED"; fi
        if [ -e "$results/$name" ]; then row=$(cat "$results/$name"); fi
        case $row in
        SKIPPED*) skipped=yes ;;
        "DID NOT RUN" | STOPPED | FAILED*) [ "$status" != 0 ] || status=1 ;;
        esac
        printf '   %-28s %s\n' "$name" "$row"
    done
    for name in "${SUITES[@]}"; do
        if [ -e "$results/$name.failed" ]; then failures "$logs/${name// /-}.log"; fi
    done
    if declare -F after_suites >/dev/null; then after_suites; fi
    if [ "$status" != 0 ]; then
        echo "   FAILED (exit status $status) after $SECONDS s."
    elif [ -n "$skipped" ]; then
        echo "   Every suite that ran passed. NOT every suite ran. It took $SECONDS s."
    else
        echo "   All suites passed in $SECONDS s."
    fi
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# --- Running suites ---

plain() { sed 's/'"$(printf '\033')"'\[[0-9;]*[A-Za-z]//g' "$1"; }

# The names of the tests that failed, at most ten, and the first line of what went wrong in a journey.
failures() {
    plain "$1" | awk '
        /^test .* FAILED$/ { print "     " $2; named++ }
        /^(FAIL|ERROR): / { print "     " $2; named++ }
        /^  [0-9]+\) / { print "     " $0; named++; journey = 1 }
        journey && /^ +([A-Za-z]*Error:|Test timeout)/ { print "   " $0; journey = 0 }
        named == 10 && !journey { exit }'
}

# How a suite counts. `clean` is for suites that have nothing to count: what matters is their exit status.
clean() { echo "clean"; }

# The counts of every `test result:` line, added up.
rust_counts() {
    plain "$1" | awk '
        /^test result:/ { for (i = 1; i < NF; i++) { word = $(i + 1); sub(/;.*/, "", word); if (word ~ /^(passed|failed|ignored)$/) sum[word] += $i } }
        END { printf "%d passed, %d failed, %d ignored\n", sum["passed"], sum["failed"], sum["ignored"] }'
}

# Keeps the row of a suite for the summary, and prints it.
record() {
    printf '%s\n' "$2" >"$results/$1"
    printf '   %-28s %s\n' "$1" "$2"
}

# suite NAME COUNTS COMMAND…: runs the command, unless a suite has failed before. It fails if the command fails, or if
# nothing was counted: a filter that matches no test does not count as success. Status 75 means that the command could
# not check anything.
suite() {
    local name=$1 counts=$2 status=0 start=$SECONDS counted log
    shift 2
    [ ! -e "$results/failed" ] || return 0
    log=$logs/${name// /-}.log
    : >"$results/$name.started"
    if [ -n "${SHOW:-}" ]; then
        "$@" 2>&1 | tee "$log" || status=$?
    else
        "$@" >"$log" 2>&1 || status=$?
    fi
    counted=$("$counts" "$log")
    if [ "$status" = 75 ]; then
        record "$name" "SKIPPED: its source cannot be reached"
        return
    fi
    case $counted in
    '' | '0 passed, 0 failed'*) [ "$status" != 0 ] || status="no test ran" ;;
    clean) [ "$status" = 0 ] || counted= ;;
    esac
    if [ "$status" != 0 ]; then
        : >"$results/failed"
        : >"$results/$name.failed"
        case $status in [0-9]*) status="exit status $status" ;; esac
        record "$name" "FAILED ($status)  $counted ($((SECONDS - start)) s)"
        return
    fi
    record "$name" "$counted ($((SECONDS - start)) s)"
}

lane() {
    in_background "$@"
    lanes+=("$!")
}

# Waits for every lane. One that ends early without a failed suite is a bug in this script, and fails as well.
wait_for_lanes() {
    local lane status=0
    for lane in ${lanes[@]+"${lanes[@]}"}; do wait "$lane" || status=$?; done
    lanes=()
    [ "$status" = 0 ] && [ ! -e "$results/failed" ] || exit 1
}

# Playwright's last lines, such as `57 passed (1.2m)`.
playwright_counts() {
    plain "$1" | awk '
        /^ +[0-9]+ (passed|failed|flaky|skipped|interrupted|did not run)/ { sub(/^ +/, ""); out = out (out == "" ? "" : ", ") $0 }
        END { print out }'
}

# The last lines of unittest, such as `Ran 14 tests in 12.3s`.
unittest_counts() { plain "$1" | awk '/^Ran [0-9]+ tests? in / { print $2 " tests" }'; }
