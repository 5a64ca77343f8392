# shellcheck shell=bash
# What the other scripts share. Source it: it changes to the project's folder and extends PATH.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
root=$PWD
# Where cargo puts what it builds.
target=${CARGO_TARGET_DIR:-$root/target}

# Where rustup and `cargo install` put programs. A shell that was open before Rust was installed may not know it.
PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin
# This project's own tools come first. wasm-opt, which release builds need, is one of the npm packages.
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

# The version that `NAME --version` prints, or nothing. It is the second word of the line, as in cargo's tools.
version_of() { "$1" --version 2>/dev/null | awk 'NR == 1 { print $2 }' || true; }

# in_background COMMAND…: starts it in its own process group, so that `end_group $!` ends everything that it started.
in_background() {
    set -m
    "$@" </dev/null &
    set +m
}

# Ends a process group and waits until its leader is gone. Playwright stops its browsers when it gets SIGTERM.
end_group() {
    kill -TERM -- "-$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

# A free port on loopback. The command is that of a Python.
free_port() { "$1" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# temporary_folder: sets `folder`, which is removed when the script ends. Before that, the servers of `serve` are ended.
temporary_folder() {
    folder=$(mktemp -d)
    served=()
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}
clean_up() {
    local server
    for server in ${served[@]+"${served[@]}"}; do
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    done
    rm -rf "$folder"
}

# temporary_files_in_memory: sets TMPDIR to a folder in memory, where the system has 2 GB for it. The stand-in for DynamoDB waits at each
# write until the disk has it. Next to a build, that can take seconds, and then the server answers 503. `rm -rf "$in_memory"` removes it.
temporary_files_in_memory() {
    local free
    in_memory=
    free=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }') || return 0
    [ "${free:-0}" -gt 2000000 ] && in_memory=$(mktemp -d /dev/shm/my-data.XXXXXX 2>/dev/null) || return 0
    # Some tests run programs that they have written, or as another user. A system may forbid programs there.
    chmod 755 "$in_memory"
    printf '#!/bin/sh\n' >"$in_memory/program" && chmod +x "$in_memory/program"
    if "$in_memory/program" 2>/dev/null; then
        rm "$in_memory/program"
        export TMPDIR=$in_memory
    else
        rm -rf "$in_memory"
        in_memory=
    fi
}

# serve READY COMMAND…: starts a server with its log in $folder/log, and waits up to 30 seconds until the command READY succeeds.
serve() {
    local ready=$1 tries=0 server
    shift
    "$@" >>"$folder/log" 2>&1 &
    server=$!
    served+=("$server")
    until "$ready"; do
        tries=$((tries + 1))
        if [ "$tries" -gt 150 ] || ! kill -0 "$server" 2>/dev/null; then
            cat "$folder/log" >&2
            die "the server did not start"
        fi
        sleep 0.2
    done
}

# ministack SETTING…: starts it with the Python of target/venv, and sets `port`. Of its many services, only those of the settings
# run, in memory, on loopback: without the last two settings, it would listen on all addresses. At startup it removes containers of
# earlier runs, so its Docker address leads nowhere.
ministack() {
    local python=$root/target/venv/bin/python
    port=$(free_port "$python")
    ministack_is_ready() { "$python" -c "import urllib.request as r; r.urlopen('http://127.0.0.1:$port/_ministack/ready', timeout=1)" 2>/dev/null; }
    serve ministack_is_ready env "GATEWAY_PORT=$port" BIND_HOST=127.0.0.1 "$@" "STATE_DIR=$folder/state-$port" "TMPDIR=$folder" \
        DOCKER_HOST=unix:///nonexistent/docker.sock IOT_MTLS_ENABLED=0 SFTP_ENABLED=0 \
        "$python" -m ministack
}

# --- Formatting and lints ---

# The fuzz targets are a separate workspace.
formatting() { cargo fmt --all --check && cargo fmt --manifest-path server/fuzz/Cargo.toml --check; }

# linted COMMAND…: every cargo build of COMMAND runs Clippy on this project's crates and fails on a warning.
#
# `cargo clippy` sets the same two variables, but checks without building: the dependencies would be compiled once for
# lints and once for tests. scripts/lints.test.sh proves that a violation fails.
linted() {
    RUSTC_WORKSPACE_WRAPPER="$(rustc --print sysroot)/bin/clippy-driver" \
        CLIPPY_ARGS=-Dwarnings__CLIPPY_HACKERY__ "$@"
}

# names_in_python FOLDER…: finds names that a Python file uses and does not define; they would show only when their line runs.
# ruff gets the files themselves: of a folder, it leaves out some, such as dist. scripts/lints.test.sh proves it.
names_in_python() { find "$@" -name '*.py' -exec "$root/target/venv/bin/ruff" check --no-cache --quiet --select F {} +; }

# What lints, Rust tests and journeys share: one selection of packages and features. With a different one, cargo would
# compile many dependencies again.
TEST_FEATURES=(--features server/local-faults,server/assistant)

# Builds and lints every Rust test, and the server for the journeys.
build_tests() { linted cargo test --locked --no-run "${TEST_FEATURES[@]}"; }

# Lints the code that only cargo-fuzz compiles. As a test, because the dependencies of tests are built anyway: without the
# features that tests add to them, cargo would compile many again.
build_fuzz_support() {
    linted cargo rustc --locked -p server --lib --profile test --features local-faults,assistant -- --cfg fuzzing
}

# Builds what runs in the browser. leptos is compiled again when this variable changes, and cargo-leptos sets it too.
build_frontend() { LEPTOS_OUTPUT_NAME=my-data cargo build --locked -p frontend --lib --target wasm32-unknown-unknown; }

# site [OPTION…]: builds target/site with cargo-leptos, without the TypeScript declarations, which no browser reads.
site() {
    cargo leptos build --frontend-only "$@" || return
    # Their names have a hash too, such as `my-data.d.0a1b2c.ts`.
    find target/site/pkg \( -name '*.ts' -o -name '*.ts.br' -o -name '*.ts.gz' \) -delete
}
