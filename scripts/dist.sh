#!/usr/bin/env bash
# Makes the release of this commit: dist/mydata-VERSION-TARGET.tar.zst and dist/SHA256SUMS. Two runs make the same bytes, in any
# folder of any Linux. docs/RELEASING.md says what an archive contains.
#
# Usage: scripts/dist.sh [TARGET…]      default: x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu
# DIST_DIR names another folder than dist. ALLOW_CHANGES=1 allows changes that are not committed.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. scripts/dist/lib.sh

# Debian 10, Amazon Linux 2023 and Red Hat Enterprise Linux 8 have it, or a newer one.
GLIBC=2.28

[ $# -gt 0 ] || set -- x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu
require_commit
scripts/set-up.sh image

archives=${DIST_DIR:-dist}
work=target/dist
rm -rf "$archives" "$work"
mkdir -p "$archives"

release_site
for triple in "$@"; do
    release_server "$triple.$GLIBC"
    folder=$work/mydata-$(version)-$triple
    contents "$triple" "$folder"
    cp -R README.md SECURITY.md docs "$folder/"
    git rev-parse HEAD >"$folder/COMMIT"
    SOURCE_DATE_EPOCH=$(commit_time) "$python" scripts/dist/pack.py "$folder" "$archives/$(basename "$folder").tar.zst"
done
(cd "$archives" && sha256sum -- *.tar.zst >SHA256SUMS)
say "The release is in $archives:"
cat "$archives/SHA256SUMS"
