#!/usr/bin/env bash
# Every check and every test, but those of releases (scripts/test-release.sh). The last lines say what ran and what each suite counted.
# The logs are under target/test-logs.
#
# Lints, Rust tests and journeys share one build: see linted() and TEST_FEATURES in scripts/lib.sh.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

scripts/set-up.sh test
# Everything is installed now, so no build and no test may fetch anything.
export CARGO_NET_OFFLINE=true

binaries=$root/target/test-bin
mkdir -p "$binaries"

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
. scripts/suites.sh

temporary_files_in_memory
after_suites() { rm -rf ${in_memory:+"$in_memory"}; }

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

# Whether a package is in target/venv.
has_python() { target/venv/bin/python -c "import $1" 2>/dev/null; }

# python_suite PACKAGES NAME COUNTS COMMAND…: a suite that needs packages of target/venv.
python_suite() {
    if has_python "$1"; then
        suite "${@:2}"
    else
        record "$2" "SKIPPED: no Python 3.10 with venv"
    fi
}

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
    python_suite cfnlint "templates" unittest_counts scripts/templates.sh
    if command -v promtool >/dev/null; then
        suite "alert rules" clean scripts/alerts.sh
    else
        record "alert rules" "SKIPPED: no Prometheus"
    fi
    python_suite unittest "model of scaling" unittest_counts scaling_model
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

# Alone: these tests keep every core busy.
rust_lane() { suite "Rust tests" rust_counts rust_tests --no-fail-fast; }

rest_lane() {
    suite "production tests" rust_counts production_tests
    python_suite ministack "second engines" rust_counts second_engines
    python_suite "ministack, cfnlint" "deployment" deployment_counts deployment
    python_suite schemathesis "API by its description" schemathesis_counts scripts/schemathesis.sh "$binaries/journeys"
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
