#!/usr/bin/env bash
# Checks third-party code: deny.toml's rules for crates, and known vulnerabilities of crates and npm packages.
#
# Usage: scripts/supply-chain.sh [rules|crates|packages]
#   rules     licences, banned and duplicated crates, sources, npm's lock file, the date of every exception; needs no network
#   crates    RustSec's advisories, and versions that crates.io has yanked
#   packages  npm's advisories for end2end
# Without an argument it does all three.
#
# The last two need the network. If one cannot reach its source, it has checked nothing, and exits with 75. Without an
# argument the script then fails, unless ALLOW_UNCHECKED=1 is set.
#
# ADVISORY_DB names another source for https://github.com/RustSec/advisory-db: a clone or a mirror (a folder or a URL).
# If its newest entry is older than two weeks, it counts as unreachable.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

UNREACHABLE=75
DATABASES=target/advisory-dbs
DATABASE_DAYS=14

not_checked() {
    warn "NOT CHECKED: $*"
    exit "$UNREACHABLE"
}

# Offline, so that it reports only problems of crates, never of the network. Warnings count as failures.
deny() { cargo deny --offline --locked --config deny.toml check -D warnings --hide-inclusion-graph "$@"; }

rules() {
    node --test --test-reporter spec scripts/supply-chain.test.mjs >/dev/null ||
        die "The check itself fails its tests: node --test scripts/supply-chain.test.mjs"
    node scripts/supply-chain.mjs rules
    deny bans licenses sources
}

crates() {
    local index=true fetched=true database newest
    # Updates this machine's index of crates.io, which lists yanked versions. Cargo.lock stays as it is.
    CARGO_NET_OFFLINE=false CARGO_NET_RETRY=1 CARGO_HTTP_TIMEOUT=20 cargo update --dry-run --quiet || index=false
    if [ -n "${ADVISORY_DB:-}" ]; then
        export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="url.$ADVISORY_DB.insteadOf" \
            GIT_CONFIG_VALUE_0=https://github.com/RustSec/advisory-db
    fi
    # Fetching and checking are separate: only fetching may fail because of the network.
    GIT_TERMINAL_PROMPT=0 GIT_HTTP_LOW_SPEED_LIMIT=1 GIT_HTTP_LOW_SPEED_TIME=20 \
        cargo deny --config deny.toml fetch db || fetched=false
    database=$(printf '%s\n' "$DATABASES"/advisory-db-*)
    # Not `git -C`: in a folder that is no repository it would print the date of this project.
    if ! [ -d "$database/crates" ] || ! newest=$(git --git-dir "$database/.git" log -1 --format=%ct); then
        not_checked "crates: RustSec's advisory database cannot be reached, and there is no local copy."
    fi
    if [ $((($(date +%s) - newest) / 86400)) -ge "$DATABASE_DAYS" ]; then
        not_checked "crates: RustSec's advisory database cannot be reached, and the copy is older than $DATABASE_DAYS days."
    fi
    $fetched || warn "The advisory database cannot be fetched: using a copy that is less than $DATABASE_DAYS days old."
    deny advisories
    $index || not_checked "crates for yanked versions: crates.io cannot be reached. RustSec's advisories were checked."
}

packages() {
    local status=0
    # Every kind of dependency, even those that npm's configuration on this machine leaves out.
    { npm audit --prefix end2end --package-lock-only --json --include dev --include optional --include peer \
        --fetch-retries 1 --fetch-timeout 20000 || true; } | node scripts/supply-chain.mjs packages || status=$?
    [ "$status" != "$UNREACHABLE" ] || not_checked "npm packages: the registry's list of advisories cannot be reached."
    return "$status"
}

all() {
    local part status failed=false unchecked=()
    rules
    for part in crates packages; do
        status=0
        scripts/supply-chain.sh "$part" || status=$?
        case $status in
        0) ;;
        "$UNREACHABLE") unchecked+=("$part") ;;
        *) failed=true ;;
        esac
    done
    if [ ${#unchecked[@]} -gt 0 ]; then
        if [ "${ALLOW_UNCHECKED:-}" = 1 ]; then
            warn "NOT CHECKED for advisories, as ALLOW_UNCHECKED=1 allows: ${unchecked[*]}."
        else
            warn "NOT CHECKED for advisories: ${unchecked[*]}. Make the source reachable (for crates, ADVISORY_DB can name" \
                "another one), or set ALLOW_UNCHECKED=1 to continue without this check."
            failed=true
        fi
    fi
    ! $failed
}

case ${1:-all} in
all | rules | crates | packages) "${1:-all}" ;;
*) die "usage: scripts/supply-chain.sh [rules|crates|packages]" ;;
esac
