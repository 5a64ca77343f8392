#!/usr/bin/env bash
# Runs each fuzz target for a minute, or for FUZZ_SECONDS. The last lines say how many inputs each one tried and whether
# it found a failure. Failing inputs are kept under server/fuzz/artifacts, the corpus under target/fuzz-corpus, and the
# whole output under target/fuzz-logs.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
scripts/set-up.sh fuzz

# No address sanitizer: this project has no unsafe code, and the sanitizer would not check the C code of aws-lc.
options=(--fuzz-dir server/fuzz --target-dir target/fuzz --sanitizer none --codegen-units 16)
seconds=${FUZZ_SECONDS:-60}
logs=$root/target/fuzz-logs
mkdir -p "$logs"
summary=()
status=0

say "Building the fuzz targets (the first time 8 to 15 minutes on two cores)"
cargo +nightly fuzz build "${options[@]}"
for name in callback_query id_token language; do
    say "$name, for $seconds seconds"
    corpus=target/fuzz-corpus/$name
    log=$logs/$name.log
    failure=none
    mkdir -p "$corpus"
    cargo +nightly fuzz run "${options[@]}" "$name" "$corpus" "server/fuzz/seeds/$name" -- \
        -dict="server/fuzz/seeds/$name.dict" -max_total_time="$seconds" -max_len=4096 -timeout=20 -print_final_stats=1 \
        >"$log" 2>&1 || failure="FOUND" status=1
    [ "$failure" = none ] || tail -n 40 "$log"
    # `#12345 DONE cov: 1234 …` and `stat::number_of_executed_units: 12345`.
    executions=$(awk '/^stat::number_of_executed_units:/ { print $2 }' "$log")
    coverage=$(awk '{ for (i = 1; i < NF; i++) if ($i == "cov:") found = $(i + 1) } END { print found }' "$log")
    summary+=("$(printf '%-16s %s executions, %s edges covered, failures: %s' \
        "$name" "${executions:-?}" "${coverage:-?}" "$failure")")
done
say "Fuzzing"
printf '   %s\n' "${summary[@]}"
exit "$status"
