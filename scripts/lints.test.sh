#!/usr/bin/env bash
# Proves that the way this project runs Clippy and ruff rejects a violation, and accepts code without one.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"
printf '[package]\nname = "sample"\nedition = "2024"\n[lints.clippy]\nunwrap_used = "warn"\n[workspace]\n' >"$folder/Cargo.toml"

accepted() {
    printf '%s\n' "$1" >"$folder/src/lib.rs"
    linted cargo build --quiet --offline --manifest-path "$folder/Cargo.toml" --target-dir "$folder/target" >"$folder/log" 2>&1
}

accepted 'pub fn first(list: &[u8]) -> Option<u8> { list.first().copied() }' ||
    die "The lints reject code without a violation: $(cat "$folder/log")"
! accepted 'pub fn first(list: &[u8]) -> u8 { *list.first().unwrap() }' ||
    die "The lints accept a violation. Look at linted() in scripts/lib.sh."
grep -q 'clippy::unwrap.used' "$folder/log" || die "The build fails for another reason: $(cat "$folder/log")"

# Without it, templates.sh checks nothing either.
[[ -x $root/target/venv/bin/ruff ]] || exit 0
# ruff passes over folders with such names when it gets their parent.
for name in dist build venv; do
    tool=$folder/python/$name/tool.py
    mkdir -p "${tool%/*}"
    printf 'import sys\nsys.exit(0)\n' >"$tool"
    names_in_python "$folder/python" >"$folder/log" || die "ruff rejects a file without a violation: $(cat "$folder/log")"
    printf 'sys.exit(0)\n' >"$tool"
    ! names_in_python "$folder/python" >"$folder/log" ||
        die "ruff does not see the folder $name. Look at names_in_python() in scripts/lib.sh."
    grep -q F821 "$folder/log" || die "ruff fails for another reason: $(cat "$folder/log")"
    rm "$tool"
done
