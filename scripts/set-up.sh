#!/usr/bin/env bash
# Installs what is missing, and says what and how long it takes. Once all is there, it takes about a second and does
# not touch the network.
#
# Usage: scripts/set-up.sh check|run|release|test|fuzz
#   check    Rust's own tools, cargo-deny, every crate
#   run      Rust's own tools, and what builds the site: cargo-leptos, wasm-bindgen, every crate
#   release  and wasm-opt, from npm
#   test     and cargo-deny, a browser, and a second DynamoDB engine
#   fuzz     Rust's own tools, a nightly compiler, cargo-fuzz
set -euo pipefail
. "$(dirname "$0")/lib.sh"

CARGO_DENY=0.20.2
CARGO_LEPTOS=0.3.10
CARGO_FUZZ=0.13.2
MINISTACK=1.5.33

# --- What has to be there already; everything that is missing is told at once ---

require_tools() {
    local missing=()
    command -v cargo >/dev/null || missing+=("Rust, installed by rustup (https://rustup.rs)")
    command -v cc >/dev/null || missing+=("a C compiler (Debian: apt-get install build-essential; macOS: xcode-select --install)")
    if "$1"; then
        if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
            missing+=("Node 20 or newer, with npm (https://nodejs.org)")
        elif ! node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; then
            missing+=("Node 20 or newer (this is $(node --version))")
        fi
    fi
    [ ${#missing[@]} = 0 ] && return
    warn "Please install first:"
    printf '   - %s\n' "${missing[@]}" >&2
    exit 1
}

# --- Rust ---

rust() {
    local channel
    channel=$(awk -F '"' '/^channel/ { print $2 }' rust-toolchain.toml)
    if ! rustc --version >/dev/null 2>&1; then
        say "Rust $channel is missing: installing it (a minute)"
        rustup toolchain install "$channel" --profile minimal
    fi
    local bin
    bin=$(rustc --print sysroot)/bin
    if [ ! -x "$bin/cargo-clippy" ] || [ ! -x "$bin/rustfmt" ]; then
        say "clippy or rustfmt is missing: installing both (seconds)"
        rustup component add clippy rustfmt
    fi
    if [ ! -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ]; then
        say "Rust's library for WebAssembly is missing: installing it (seconds)"
        rustup target add wasm32-unknown-unknown
    fi
}

# Installs CRATE at VERSION unless COMMAND tells that very version already. Other flags go to `cargo install`.
# A different version that other projects may need is left alone: ours then goes to target/tools.
cargo_tool() {
    local crate=$1 version=$2 command=$3 duration=$4
    shift 4
    local there
    there=$(version_of "$command")
    [ "$there" = "$version" ] && return
    if [ -n "$there" ]; then
        say "$crate is here as $there, and this project needs $version: installing that under target/tools ($duration)"
        set -- "$@" --root "$root/target/tools" --force
    else
        say "$crate $version is missing: installing it ($duration)"
    fi
    if [ -z "$there" ] && command -v cargo-binstall >/dev/null && cargo binstall -y "$@" "$crate@$version"; then
        return
    fi
    cargo install "$@" "$crate@$version"
}

supply_chain_tool() { cargo_tool cargo-deny "$CARGO_DENY" cargo-deny "2 to 4 minutes on two cores" --locked; }

site_tools() {
    cargo_tool cargo-leptos "$CARGO_LEPTOS" cargo-leptos "11 to 15 minutes on two cores" --locked
    # The generated JavaScript and the WASM have to be of one version, so Cargo.lock decides. Without --locked: the
    # lock file of that crate may name a version that was yanked.
    local wasm_bindgen
    wasm_bindgen=$(awk -F '"' '$0 == "name = \"wasm-bindgen\"" { getline; print $2; exit }' Cargo.lock)
    cargo_tool wasm-bindgen-cli "$wasm_bindgen" wasm-bindgen "2 minutes"
}

crates() {
    # Offline it succeeds exactly when nothing is missing.
    if ! cargo fetch --locked --offline --quiet "$@" 2>/dev/null; then
        say "Fetching crates (a minute)"
        cargo fetch --locked "$@"
    fi
}

fuzz_tools() {
    if ! cargo +nightly --version >/dev/null 2>&1; then
        say "Rust nightly is missing: installing it (a minute)"
        rustup toolchain install nightly --profile minimal
    fi
    cargo_tool cargo-fuzz "$CARGO_FUZZ" cargo-fuzz "2 minutes" --locked
}

# --- npm ---

npm_packages() {
    # npm has finished, and for this lock file, when the copy that is made afterwards equals it.
    local stamp=end2end/node_modules/.installed-lock.json
    if ! cmp -s end2end/package-lock.json "$stamp"; then
        say "Installing npm packages: Playwright, wasm-opt (seconds, 160 MB)"
        npm ci --prefix end2end --ignore-scripts --no-audit --no-fund
        cp end2end/package-lock.json "$stamp"
    fi
}

# --- What only the tests need ---

find_browser() { node end2end/browser.mjs >/dev/null 2>&1; }
browser_by_apt() { is_root_with_apt && apt_install chromium; }
browser_by_playwright() { playwright install chromium; }

browser() {
    find_browser && return
    say "No Chromium here: installing one (1 to 3 minutes)"
    # As root, Debian's own comes with every library it needs; anyone else can have Playwright's.
    { browser_by_apt && find_browser; } || { browser_by_playwright && find_browser; } ||
        die "No browser could be installed. Install Chromium or Chrome, or set CHROMIUM to the path of one, and try again."
}

ministack() {
    local python=target/venv/bin/python
    "$python" -c "import importlib.metadata as m, sys; sys.exit(m.version('ministack') != '$MINISTACK')" 2>/dev/null && return
    if ! python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
        warn "Python 3.10 or newer with venv is not here: the tests against a second DynamoDB engine WILL BE SKIPPED."
        return
    fi
    say "Installing ministack $MINISTACK, a second DynamoDB engine, under target/venv (seconds)"
    python3 -m venv --clear target/venv &&
        "$python" -m pip install --quiet --disable-pip-version-check "ministack==$MINISTACK" ||
        warn "ministack could not be installed: the tests against a second DynamoDB engine WILL BE SKIPPED."
}

case ${1:-} in
check)
    # Node, for npm's side of the supply chain.
    require_tools true
    rust
    supply_chain_tool
    crates
    ;;
run)
    require_tools false
    rust
    site_tools
    crates
    ;;
release)
    require_tools true
    rust
    site_tools
    crates
    npm_packages
    ;;
test)
    require_tools true
    rust
    supply_chain_tool
    site_tools
    crates
    npm_packages
    browser
    ministack
    ;;
fuzz)
    require_tools false
    rust
    fuzz_tools
    crates --manifest-path server/fuzz/Cargo.toml
    ;;
*) die "usage: scripts/set-up.sh check|run|release|test|fuzz" ;;
esac
