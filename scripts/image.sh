#!/usr/bin/env bash
# Prepares target/image, the folder that the Dockerfile is built in: a static server for Linux, the site, and the certificates that
# it trusts. IMAGE_ARCH is aarch64 (the default, as in infra/app.yaml) or x86_64. IMAGE_SOURCE is
# the address of the repository, for the label. ALLOW_CHANGES=1 allows changes that are not committed.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. scripts/dist/lib.sh

arch=${IMAGE_ARCH:-aarch64}
case $arch in
aarch64) platform=linux/arm64 ;;
x86_64) platform=linux/amd64 ;;
*) die "IMAGE_ARCH: expected aarch64 or x86_64" ;;
esac
require_commit
scripts/set-up.sh image

triple=$arch-unknown-linux-musl
folder=$root/target/image
release_site
release_server "$triple"
rm -rf "$folder"
contents "$triple" "$folder"
cp "$("$python" -c 'import certifi; print(certifi.where())')" "$folder/ca-certificates.crt"
cp Dockerfile "$folder/"
# The labels that differ from build to build. Any tool can then build the folder, without arguments.
created=$("$python" -c 'import sys, time; print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(sys.argv[1]))))' "$(commit_time)")
{
    printf 'LABEL org.opencontainers.image.version="%s"\n' "$(version)"
    printf 'LABEL org.opencontainers.image.revision="%s"\n' "$(git rev-parse HEAD)"
    printf 'LABEL org.opencontainers.image.created="%s"\n' "$created"
    [ -z "${IMAGE_SOURCE:-}" ] || printf 'LABEL org.opencontainers.image.source="%s"\n' "$IMAGE_SOURCE"
} >>"$folder/Dockerfile"
chmod -R a+rX "$folder"
say "target/image is ready: docker build --platform $platform -t my-data target/image"
