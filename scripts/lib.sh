# shellcheck shell=bash
# What the other scripts share. Source it: it moves to the project's folder and completes PATH.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
root=$PWD

# A shell that was open before Rust was installed, or one of a CI, may not know rustup's folder.
if ! command -v cargo >/dev/null && [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]; then
    PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
fi
# Tools of this project alone come first; wasm-opt, which release builds need, comes with the npm packages.
export PATH="$root/target/tools/bin:$root/end2end/node_modules/.bin:$PATH"

say() { printf '\n=> %s\n' "$*"; }
warn() { printf '\n!! %s\n' "$*" >&2; }
die() {
    warn "$@"
    exit 1
}

is_root_with_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_install() {
    # The package lists of a fresh machine are empty or old.
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

# The version that `NAME --version` tells, or nothing. The second word of the line, as cargo's tools print it.
version_of() { "$1" --version 2>/dev/null | awk 'NR == 1 { print $2 }' || true; }

# The checks that need no test run. Used by `make check` and by `make test`.
# The fuzz targets are a workspace of their own.
formatting() { cargo fmt --all --check && cargo fmt --manifest-path server/fuzz/Cargo.toml --check; }
# The frontend compiles for the browser only, everything else for this machine only.
lints() {
    cargo clippy --workspace --exclude frontend --all-targets --features server/local-faults -- -D warnings &&
        cargo clippy -p frontend --target wasm32-unknown-unknown -- -D warnings &&
        # What the fuzz targets reach is there under a flag that only cargo-fuzz sets.
        cargo rustc --quiet -p server --lib --profile check --features local -- --cfg fuzzing -D warnings
}
