#!/usr/bin/env bash
# What code of others comes in: deny.toml's rules for crates, and what is known to be wrong with crates and npm packages.
#
# Usage: scripts/supply-chain.sh [rules|crates|packages]
#   rules     licences, banned and duplicated crates, sources, npm's lock file, the date of every exception; needs no network
#   crates    RustSec's advisories, and what crates.io has yanked
#   packages  npm's advisories for end2end
# Without a word it does all three.
#
# The last two ask the net. When what they ask is out of reach, nothing was checked, and that is no success: with its word
# each exits with 75; without a word the whole fails, unless ALLOW_UNCHECKED=1 says to go on without.
#
# ADVISORY_DB names a clone or a mirror of https://github.com/RustSec/advisory-db (a folder or a URL) to take it from instead.
# One whose newest entry is older than two weeks counts as out of reach.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

OUT_OF_REACH=75
DATABASES=target/advisory-dbs
DATABASE_DAYS=14

not_checked() {
    warn "NOT CHECKED: $*"
    exit "$OUT_OF_REACH"
}

# Offline, so that what it says is about our crates and never about the network; warnings count.
deny() { cargo deny --offline --locked --config deny.toml check -D warnings --hide-inclusion-graph "$@"; }

rules() {
    node --test --test-reporter spec scripts/supply-chain.test.mjs >/dev/null ||
        die "The check itself is broken: node --test scripts/supply-chain.test.mjs"
    node scripts/supply-chain.mjs rules
    deny bans licenses sources
}

crates() {
    local index=true fetched=true database newest
    # Brings what this machine knows of crates.io, and so of what was yanked, up to date; changes nothing.
    CARGO_NET_OFFLINE=false CARGO_NET_RETRY=1 CARGO_HTTP_TIMEOUT=20 cargo update --dry-run --quiet || index=false
    if [ -n "${ADVISORY_DB:-}" ]; then
        export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="url.$ADVISORY_DB.insteadOf" \
            GIT_CONFIG_VALUE_0=https://github.com/RustSec/advisory-db
    fi
    # Fetching and checking apart: the one can fail for the network's sake, the other only because of what it finds.
    GIT_TERMINAL_PROMPT=0 GIT_HTTP_LOW_SPEED_LIMIT=1 GIT_HTTP_LOW_SPEED_TIME=20 \
        cargo deny --config deny.toml fetch db || fetched=false
    database=$(printf '%s\n' "$DATABASES"/advisory-db-*)
    # Not `git -C`: in a folder that is no repository it would tell the date of this project.
    if ! [ -d "$database/crates" ] || ! newest=$(git --git-dir "$database/.git" log -1 --format=%ct); then
        not_checked "crates: RustSec's advisory database is out of reach, and no copy of it is here."
    fi
    if [ $((($(date +%s) - newest) / 86400)) -ge "$DATABASE_DAYS" ]; then
        not_checked "crates: RustSec's advisory database is out of reach, and the copy here is older than $DATABASE_DAYS days."
    fi
    $fetched || warn "The advisory database cannot be fetched; this is a copy that is less than $DATABASE_DAYS days old."
    deny advisories
    $index || not_checked "crates for yanked versions: crates.io is out of reach. RustSec's advisories were checked."
}

packages() {
    local status=0
    # Every kind of dependency, whatever npm is configured to leave out on this machine.
    { npm audit --prefix end2end --package-lock-only --json --include dev --include optional --include peer \
        --fetch-retries 1 --fetch-timeout 20000 || true; } | node scripts/supply-chain.mjs packages || status=$?
    [ "$status" != "$OUT_OF_REACH" ] || not_checked "npm packages: the registry's list of advisories is out of reach."
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
        "$OUT_OF_REACH") unchecked+=("$part") ;;
        *) failed=true ;;
        esac
    done
    if [ ${#unchecked[@]} -gt 0 ]; then
        if [ "${ALLOW_UNCHECKED:-}" = 1 ]; then
            warn "NOT CHECKED for advisories, because ALLOW_UNCHECKED=1 says so: ${unchecked[*]}."
        else
            warn "NOT CHECKED for advisories: ${unchecked[*]}. Make the source reachable (for crates ADVISORY_DB names" \
                "another), or say ALLOW_UNCHECKED=1 to go on without."
            failed=true
        fi
    fi
    ! $failed
}

case ${1:-all} in
all | rules | crates | packages) "${1:-all}" ;;
*) die "usage: scripts/supply-chain.sh [rules|crates|packages]" ;;
esac
