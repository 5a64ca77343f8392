# shellcheck shell=bash
# What dist.sh and image.sh share. Source it after scripts/lib.sh.

python=$root/target/zig/bin/python

# The version of the workspace, such as `0.1.0`.
version() { awk -F '"' '/^version = / { print $2; exit }' Cargo.toml; }

# When the commit was made, in seconds since 1970. A copy of the project without git has no commits: set the variable.
commit_time() { echo "${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}"; }

# A build of uncommitted changes cannot be repeated. Other files in this folder, such as settings and plans, are not part of a release.
BUILT=(app docs end2end/package-lock.json frontend local public scripts server style Cargo.lock Cargo.toml Dockerfile README.md
    rust-toolchain.toml SECURITY.md)
require_commit() {
    [ -n "${ALLOW_CHANGES:-}" ] || [ -z "$(git status --porcelain -- "${BUILT[@]}")" ] ||
        die "There are changes that are not committed. Commit them, or set ALLOW_CHANGES=1."
}

# reproducible COMMAND…: a build whose result depends on the commit alone. Paths of this machine get names that are the same
# everywhere. Compilers are told that it is 1980: cargo builds C code again when SOURCE_DATE_EPOCH changes.
reproducible() {
    local cargo_home=${CARGO_HOME:-$HOME/.cargo} sysroot hash flags=()
    sysroot=$(rustc --print sysroot)
    hash=$(rustc -vV | awk '/^commit-hash/ { print $2 }')
    # The last one that matches a path counts: the target folder is usually below the project's.
    renamed "$root" /my-data
    renamed "$target" /target
    renamed "$cargo_home/registry/src" /crates
    renamed "$sysroot/lib/rustlib/src/rust" "/rustc/$hash"
    local IFS=$'\x1f'
    CARGO_ENCODED_RUSTFLAGS="${flags[*]}" CARGO_INCREMENTAL=0 SOURCE_DATE_EPOCH=315532800 "$@"
}

# renamed PATH NAME: adds to `flags` that a path gets another name. rustc records some paths as given, and others with symbolic links
# resolved.
renamed() {
    local real
    real=$(cd "$1" 2>/dev/null && pwd -P) || real=$1
    flags+=("--remap-path-prefix=$1=$2")
    [ "$real" = "$1" ] || flags+=("--remap-path-prefix=$real=$2")
}

# Builds target/site, without files of earlier builds. In a target folder of its own: `make release` builds the same without RUSTC_WRAPPER,
# and cargo would not see the difference.
release_site() {
    rm -rf target/site
    RUSTC_WRAPPER=$root/scripts/dist/rustc.sh CARGO_TARGET_DIR=$target/dist-site reproducible site --release --precompress
    # cargo-leptos records in each .gz when its source was written: MTIME, bytes 4 to 7 (RFC 1952). 0 means that no time is known.
    find target/site -name '*.gz' -exec sh -ec 'for file; do
        printf "\0\0\0\0" | dd of="$file" bs=1 seek=4 conv=notrunc status=none
    done' sh {} +
}

# release_server TARGET[.GLIBC]: builds the server for it, with a list of its crates inside. The glibc is the oldest that it runs on.
# The messages of cargo say which crates were built: target/release-TARGET.messages.
release_server() {
    local triple=${1%%.*}
    local crates=$root/target/release-$triple.crates messages=target/release-$triple.messages
    mkdir -p target
    rustup target add "$triple"
    "$python" scripts/dist/crates.py server "$triple" >"$crates"
    # cargo does not see that the list changes.
    touch server/src/main.rs
    say "Building the server for $1 (half an hour on two cores)"
    PATH=$root/target/zig/bin:$PATH CARGO_SBOM_PATH=$crates reproducible cargo auditable zigbuild --release --locked -p server \
        --target "$1" --message-format json-render-diagnostics >"$messages"
}

# bill FILE PACKAGE TARGET [MESSAGES]: writes the SBOM of a package. cargo-cyclonedx puts one next to each Cargo.toml of the workspace.
bill() {
    local name=.release-sbom status=0
    SOURCE_DATE_EPOCH=$(commit_time) cargo cyclonedx --quiet --manifest-path "$2/Cargo.toml" --format json --spec-version 1.5 --target "$3" \
        --no-build-deps --override-filename "$name" || status=$?
    [ "$status" != 0 ] || "$python" scripts/dist/sbom.py "$2/$name.json" "$root" "${@:2}" >"$1" || status=$?
    rm -f {app,frontend,local,local/testkit,server}/"$name.json"
    return "$status"
}

# contents TARGET FOLDER: what every release has: the server, the site, their SBOMs, and the licences of third-party code.
contents() {
    mkdir -p "$2/sbom"
    cp "$target/$1/release/server" "$2/"
    cp -R target/site "$2/site"
    bill "$2/sbom/server.cdx.json" server "$1" "target/release-$1.messages"
    bill "$2/sbom/site.cdx.json" frontend wasm32-unknown-unknown
    "$python" scripts/dist/licences.py "$2"/sbom/*.json >"$2/THIRD-PARTY-LICENCES.txt"
}
