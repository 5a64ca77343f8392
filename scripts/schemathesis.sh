#!/usr/bin/env bash
# Tests the API with requests that schemathesis makes from its description: with a valid token, with one that is not valid, with an
# invented header, and with none. Every answer must be as described. Afterwards, no part of a token may be in the server's log.
#
# Usage: scripts/schemathesis.sh SERVER    (a server with the local profile, such as target/debug/server)
set -euo pipefail
server=$(realpath "$1")
. "$(dirname "$0")/lib.sh"

venv=$root/target/venv/bin
temporary_folder
log=$folder/log
port=$(free_port "$venv/python")
site=http://127.0.0.1:$port

ready() { curl --silent --fail --output /dev/null "$site/readyz"; }
serve ready env RUST_LOG=debug "MYDATA_LISTEN=127.0.0.1:$port" "MYDATA_LOCAL_DATA_DIR=$folder/data" "$server"

token=$(scripts/api-token.sh an "$site")
# Another signature of the same length.
unsigned=${token%.*}.$(tr 'A-Za-z' 'N-ZA-Mn-za-m' <<<"${token##*.}")

# run WHAT RATE EXPECTED OPTION…: one run, within a minute and a half and within the limits of the API.
passed=0
run() {
    local what=$1 rate=$2 expected=$3 counted
    shift 3
    say "$what"
    sed "s/ALSO_EXPECTED/$expected/" scripts/schemathesis.toml >"$folder/schemathesis.toml"
    # In a folder of its own, because it keeps files beside itself.
    (cd "$folder" && timeout 90 "$venv/schemathesis" run "$site/v1/openapi.json" --generation-database none \
        --checks all --rate-limit "$rate/s" --no-color "$@") 2>&1 | tee "$folder/run" || die "$what: failed"
    counted=$(sed -n 's/^ *[0-9]* generated, \([0-9]*\) passed.*/\1/p' "$folder/run")
    [ "${counted:-0}" -ge 50 ] || die "$what: too few requests"
    passed=$((passed + counted))
}

# Requests without a valid token do not reach what is saved, so there are no sequences of them to test.
single=(--phases examples,coverage,fuzzing --max-examples 15)
run "With a valid token" 9 '"404"' --max-examples 25 --header "Authorization: Bearer $token"
run "With a token whose signature is wrong" 18 '"401"' "${single[@]}" --header "Authorization: Bearer $unsigned"
run "With an invented header" 18 '"400", "401"' "${single[@]}"
run "Without a token" 18 '"401"' "${single[@]}" --generation-with-security-parameters false

grep -q '"route":"/v1/message"' "$log" || die "the log is not that of these requests"
for part in eyJ "$(cut -d . -f 2 <<<"$token")" "${token##*.}"; do
    if grep -qF "$part" "$log"; then die "a part of a token is in the log"; fi
done
echo "$passed passed, 0 failed"
