#!/usr/bin/env bash
# Every check and every test. The last lines say what ran and what each suite counted. The whole output of each suite
# is kept under target/test-logs, and printed when the suite fails.
#
# Lints, Rust tests and journeys share one build: see linted() and TEST_FEATURES in scripts/lib.sh. Suites that do not
# need each other run side by side, in lanes. After a failure no further suite starts; those already running finish.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

scripts/set-up.sh test
# Everything is installed now, so no build and no test may fetch anything.
export CARGO_NET_OFFLINE=true

logs=$root/target/test-logs
binaries=$root/target/test-bin
results=$logs/results
rm -rf "$logs"
mkdir -p "$results" "$binaries"

# The suites in the order of the summary. One that is missing here fails the run.
SUITES=(
    "formatting"
    "types of the journeys"
    "spelling"
    "templates"
    "alert rules"
    "model of scaling"
    "supply chain"
    "advisories for crates"
    "advisories for npm"
    "lints work"
    "production build"
    "test build"
    "site"
    "Rust tests"
    "production tests"
    "second engines"
    "deployment"
    "API by its description"
    "no control route"
    "fuzz support"
    "journeys in the browser"
    "W3C checker"
)
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

# Playwright's last lines, such as `57 passed (1.2m)`.
playwright_counts() {
    plain "$1" | awk '
        /^ +[0-9]+ (passed|failed|flaky|skipped|interrupted|did not run)/ { sub(/^ +/, ""); out = out (out == "" ? "" : ", ") $0 }
        END { print out }'
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

# --- The suites ---

rust_tests() { linted cargo test --locked "${TEST_FEATURES[@]}" "$@"; }

# The server as it goes to production, without stand-ins, and a test of the stand-ins without their faults. The
# test target is included because the features of development dependencies count only then. Without it, cargo would
# compile half of the dependencies again for this server.
PRODUCTION=(--locked --bin server --test stand_ins)
build_production() {
    linted cargo build "${PRODUCTION[@]}" && cp -f "$target/debug/server" "$binaries/production"
}

build_for_tests() { build_tests && cp -f "$target/debug/server" "$binaries/journeys"; }

# The faults of the user pool stand-in cannot be turned on from outside in a build without their feature.
no_control_route() { linted cargo test --locked --test stand_ins -- faults::without_the_feature; }

# The tests of the command line, on the production server. Those that only this server can pass are ignored elsewhere.
production_tests() {
    MYDATA_TEST_SERVER=$binaries/production rust_tests --test it -- command_line:: --skip command_line::local_profile --include-ignored
}

# The tables and the buckets, on engines that share no code with the stand-ins.
second_engines() { linted scripts/ministack.sh cargo test --locked "${TEST_FEATURES[@]}" --test it -- stores:: documents::buckets::; }

# The templates, deployed to ministack, and the production server there under their roles.
deployment() {
    linted scripts/deployment.sh "$binaries/production" \
        cargo test --locked "${TEST_FEATURES[@]}" --test it -- deployment:: --include-ignored
}

# The tests, and the last line of infra/tests/deployment, such as `14 passed, 0 failed`.
deployment_counts() {
    plain "$1" | awk '/^test result: ok/ { tests = $4 } /^[0-9]+ passed, 0 failed$/ { print tests " tests, " $1 " statements" }'
}

journeys() { (cd end2end && MYDATA_TEST_SERVER=$binaries/journeys playwright test); }

# The last line of scripts/schemathesis.sh, such as `640 passed, 0 failed`.
schemathesis_counts() { grep -E '^[0-9]+ passed, 0 failed$' "$1" || true; }

# The last lines of unittest, such as `Ran 14 tests in 12.3s`.
unittest_counts() { plain "$1" | awk '/^Ran [0-9]+ tests? in / { print $2 " tests" }'; }

# Whether a package is in target/venv.
has_python() { target/venv/bin/python -c "import $1" 2>/dev/null; }

# The model of docs/scaling.md, and the page against the model.
scaling_model() { (cd docs/scaling && PYTHONDONTWRITEBYTECODE=1 ../../target/venv/bin/python -m unittest); }

# The sentences that citizens read, each file in its language.
spelling() { cspell lint --no-progress --config end2end/cspell.json "app/locales/*.ftl"; }

# The pages that the journeys have seen, in every state and language.
w3c_checker() {
    local pages=(target/test-pages/*.html)
    java -jar end2end/node_modules/vnu-jar/build/dist/vnu.jar --no-langdetect "${pages[@]}" && echo "${#pages[@]} pages"
}
page_count() { grep -E '^[0-9]+ pages$' "$1" || true; }

quick_lane() {
    suite "formatting" clean formatting
    suite "types of the journeys" clean tsc -p end2end
    suite "spelling" clean spelling
    if has_python cfnlint; then
        suite "templates" unittest_counts scripts/templates.sh
    else
        record "templates" "SKIPPED: no Python 3.10 with venv"
    fi
    if command -v promtool >/dev/null; then
        suite "alert rules" clean scripts/alerts.sh
    else
        record "alert rules" "SKIPPED: no Prometheus"
    fi
    if has_python unittest; then
        suite "model of scaling" unittest_counts scaling_model
    else
        record "model of scaling" "SKIPPED: no Python 3.10 with venv"
    fi
    suite "supply chain" clean scripts/supply-chain.sh rules
    suite "advisories for crates" clean scripts/supply-chain.sh crates
    suite "advisories for npm" clean scripts/supply-chain.sh packages
}

build_lane() {
    suite "lints work" clean scripts/lints.test.sh
    SHOW=yes suite "production build" clean build_production
    SHOW=yes suite "test build" clean build_for_tests
    SHOW=yes suite "site" clean linted site
}

# Alone, because the tests of the rate limits need to send faster than the limits refill.
rust_lane() { suite "Rust tests" rust_counts rust_tests --no-fail-fast; }

rest_lane() {
    suite "production tests" rust_counts production_tests
    if has_python ministack; then
        suite "second engines" rust_counts second_engines
    else
        record "second engines" "SKIPPED: no Python 3.10 with venv"
    fi
    if has_python "ministack, cfnlint"; then
        suite "deployment" deployment_counts deployment
    else
        record "deployment" "SKIPPED: no Python 3.10 with venv"
    fi
    if has_python schemathesis; then
        suite "API by its description" schemathesis_counts scripts/schemathesis.sh "$binaries/journeys"
    else
        record "API by its description" "SKIPPED: no Python 3.10 with venv"
    fi
    suite "no control route" rust_counts no_control_route
    suite "fuzz support" clean build_fuzz_support
}

journeys_lane() {
    rm -rf target/test-pages
    suite "journeys in the browser" playwright_counts journeys
    if command -v java >/dev/null; then
        suite "W3C checker" page_count w3c_checker
    else
        record "W3C checker" "SKIPPED: no Java"
    fi
}

say "Checking and building with lints (3 to 5 minutes the first time on two cores)"
lane quick_lane
lane build_lane
wait_for_lanes

say "Testing (about 23 minutes on two cores). Each suite is listed when it ends."
lane rust_lane
wait_for_lanes
lane rest_lane
lane journeys_lane
wait_for_lanes
