#!/usr/bin/env bash
# Prepares target/image, the folder that the Dockerfile is built in: a static server for Linux, the site, and the certificates that
# it trusts. IMAGE_ARCH is aarch64 (the default, as in infra/app.yaml) or x86_64.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
scripts/set-up.sh image

arch=${IMAGE_ARCH:-aarch64}
case $arch in aarch64 | x86_64) ;; *) die "IMAGE_ARCH: expected aarch64 or x86_64" ;; esac
triple=$arch-unknown-linux-musl
rustup target add "$triple"
site --release --precompress
say "Building the server for $triple (10 minutes on two cores)"
PATH=$root/target/zig/bin:$PATH cargo zigbuild --release --locked -p server --target "$triple"

folder=$root/target/image
rm -rf "$folder"
mkdir -p "$folder"
cp Dockerfile "$folder/"
cp "$target/$triple/release/server" "$folder/"
cp -R target/site "$folder/site"
cp "$(target/zig/bin/python -c 'import certifi; print(certifi.where())')" "$folder/ca-certificates.crt"
chmod -R a+rX "$folder"
case $arch in aarch64) platform=linux/arm64 ;; x86_64) platform=linux/amd64 ;; esac
say "target/image is ready: docker build --platform $platform -t my-data target/image"
