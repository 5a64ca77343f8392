#!/usr/bin/env bash
# Makes the release of this commit once more, as a builder elsewhere does: in another clone, with other folders for cargo, for caches
# and for what is built, and with other settings of the shell. The tools and the packages are the same.
#
# Usage: scripts/dist/elsewhere.sh FOLDER ARCHIVES      FOLDER is created and keeps the build
set -euo pipefail
. "$(dirname "$0")/../lib.sh"

folder=$1 archives=$2
clone=$folder/another/place/clone
cargo_home=${CARGO_HOME:-$HOME/.cargo}
if [ ! -e "$clone" ]; then
    mkdir -p "$folder/cargo-home"
    # Hard links, or copies on another file system: rustc sees through symbolic links.
    cp -R --link "$cargo_home/registry" "$folder/cargo-home/registry" 2>/dev/null ||
        { rm -rf "$folder/cargo-home/registry" && cp -R "$cargo_home/registry" "$folder/cargo-home/"; }
    git clone --quiet --no-hardlinks --no-checkout "$root" "$clone"
fi
git -C "$clone" fetch --quiet origin HEAD
git -C "$clone" checkout --quiet --detach "$(git rev-parse HEAD)"
mkdir -p "$clone/target"
ln -sfn "$root/target/zig" "$clone/target/zig"
ln -sfn "$root/target/tools" "$clone/target/tools"
[ -e "$clone/end2end/node_modules" ] || cp -R end2end/node_modules "$clone/end2end/"
umask 077
PATH=$PATH:$cargo_home/bin CARGO_HOME=$folder/cargo-home CARGO_TARGET_DIR=$folder/built XDG_CACHE_HOME=$folder/cache \
    RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup} TZ=Asia/Kathmandu LC_ALL=C LANG=C DIST_DIR=$archives "$clone/scripts/dist.sh"
