#!/usr/bin/env bash
# Runs each fuzz target for a minute, or for FUZZ_SECONDS, and tells how many inputs it tried and whether one is a
# finding. What earlier runs on this machine learnt is under target/fuzz-corpus, and a finding under
# server/fuzz/artifacts; the whole output is under target/test-logs.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
scripts/set-up.sh fuzz

# No address sanitizer: no crate of ours has unsafe code, and the C of aws-lc would not be checked by it.
options=(--fuzz-dir server/fuzz --target-dir target/fuzz --sanitizer none --codegen-units 16)
seconds=${FUZZ_SECONDS:-60}
logs=$root/target/test-logs
mkdir -p "$logs"
summary=()
status=0

say "Building the fuzz targets (the first time 8 to 15 minutes on two cores)"
cargo +nightly fuzz build "${options[@]}"
for target in callback_query id_token; do
    say "$target, for $seconds seconds"
    corpus=target/fuzz-corpus/$target
    log=$logs/fuzz-$target.log
    finding=none
    mkdir -p "$corpus"
    cargo +nightly fuzz run "${options[@]}" "$target" "$corpus" "server/fuzz/seeds/$target" -- \
        -dict="server/fuzz/seeds/$target.dict" -max_total_time="$seconds" -max_len=4096 -timeout=20 -print_final_stats=1 \
        >"$log" 2>&1 || finding="FOUND" status=1
    [ "$finding" = none ] || tail -n 40 "$log"
    # `#12345 DONE cov: 1234 …` and `stat::number_of_executed_units: 12345`.
    executions=$(awk '/^stat::number_of_executed_units:/ { print $2 }' "$log")
    coverage=$(awk '{ for (i = 1; i < NF; i++) if ($i == "cov:") found = $(i + 1) } END { print found }' "$log")
    summary+=("$(printf '%-16s %s executions, %s edges covered, findings: %s' \
        "$target" "${executions:-?}" "${coverage:-?}" "$finding")")
done
say "Fuzzing"
printf '   %s\n' "${summary[@]}"
exit "$status"
