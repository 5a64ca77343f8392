#!/usr/bin/env bash
# Makes the release of this commit: dist/mydata-VERSION-TARGET.tar.zst and dist/SHA256SUMS. Two runs make the same bytes, in any
# folder of any Linux. docs/RELEASING.md says what an archive contains.
#
# Usage: scripts/dist.sh [TARGET…]      default: x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu
# DIST_DIR names another folder than dist. ALLOW_CHANGES=1 allows changes that are not committed.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# Debian 10, Amazon Linux 2023 and Red Hat Enterprise Linux 8 have it, and everything newer.
GLIBC=2.28

[ $# -gt 0 ] || set -- x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu
if [ -z "${ALLOW_CHANGES:-}" ] && [ -n "$(git status --porcelain)" ]; then
    die "There are changes that are not committed, so nobody could repeat this build. Commit them, or set ALLOW_CHANGES=1."
fi
scripts/set-up.sh dist

archives=$root/${DIST_DIR:-dist}
case ${DIST_DIR:-} in /*) archives=$DIST_DIR ;; esac
python=$root/target/zig/bin/python
work=$root/target/dist
rm -rf "$archives" "$work"
mkdir -p "$archives" "$work"

# bill PACKAGE TARGET FILE: the SBOM of a package. cargo-cyclonedx writes one next to each Cargo.toml of the workspace.
bill() {
    local name=.release-sbom status=0
    reproducible cargo cyclonedx --quiet --manifest-path "$1/Cargo.toml" --format json --spec-version 1.5 --target "$2" \
        --no-build-deps --override-filename "$name" || status=$?
    [ "$status" != 0 ] || "$python" scripts/dist/sbom.py "$1/$name.json" "$1" "$2" "$root" >"$3" || status=$?
    rm -f {app,frontend,local,local/testkit,server}/"$name.json"
    return "$status"
}

# archive TARGET: builds the server for it and packs it.
archive() {
    local name folder
    name=mydata-$(version)-$1
    folder=$work/$name
    rustup target add "$1"
    say "Building the server for $1 (half an hour on two cores)"
    PATH=$root/target/zig/bin:$PATH reproducible cargo auditable zigbuild --release --locked -p server --target "$1.$GLIBC"
    mkdir -p "$folder/sbom"
    cp "$target/$1/release/server" "$folder/"
    cp -R target/site "$folder/site"
    cp -R README.md SECURITY.md docs "$folder/"
    bill server "$1" "$folder/sbom/server.cdx.json"
    bill frontend wasm32-unknown-unknown "$folder/sbom/site.cdx.json"
    "$python" scripts/dist/licences.py "$folder"/sbom/*.json >"$folder/THIRD-PARTY-LICENCES.txt"
    git rev-parse HEAD >"$folder/COMMIT"
    reproducible "$python" scripts/dist/pack.py "$folder" "$archives/$name.tar.zst"
}

say "Building the site"
# Without files of earlier builds.
rm -rf target/site
reproducible site --release --precompress
for one in "$@"; do archive "$one"; done
(cd "$archives" && sha256sum -- *.tar.zst >SHA256SUMS)
say "Ready:"
ls -l "$archives"
