#!/bin/sh
# RUSTC_WRAPPER of the site of a release. wasm_split_helpers puts a hash of the path of its own Cargo.toml into the WASM.
if [ "${CARGO_PKG_NAME:-}" = wasm_split_helpers ]; then
    export CARGO_MANIFEST_PATH="/crates/$CARGO_PKG_NAME-$CARGO_PKG_VERSION/Cargo.toml"
fi
exec "$@"
