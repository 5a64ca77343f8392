#!/usr/bin/env bash
# Builds the enhancer, which runs in the browser, into target/site. `make run` calls it. It needs neither Node nor
# cargo-leptos.
#
# For development only: unlike cargo-leptos, it does not make files smaller or adapt CSS to older browsers.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
scripts/set-up.sh enhancer

say "Building the WebAssembly (1 to 2 minutes the first time on two cores)"
build_frontend
wasm=$target/wasm32-unknown-unknown/debug/frontend.wasm

site=target/site
stamp=target/enhancer.stamp
work=target/enhancer

# The state of everything that goes in.
inputs() {
    cksum scripts/enhancer.sh Cargo.lock "$wasm" style/*.css
    find public -type f -exec cksum {} + | sort
}
# The state of what came out: cargo-leptos writes to the same folder.
outputs() { find "$site" -type f -exec cksum {} + 2>/dev/null | sort; }

if [ -f "$stamp" ] && [ -d "$site" ] && { inputs && outputs; } | cmp -s - "$stamp"; then
    say "Nothing has changed"
    exit
fi

rm -rf "$work"
mkdir -p "$work/pkg" "$work/bindgen"
wasm-bindgen --target web --no-typescript --out-name my-data --out-dir "$work/bindgen" "$wasm"

# style/main.css, with each file that it imports in place.
while IFS= read -r line; do
    case $line in
    '@import "'*'";')
        file=${line#*\"}
        cat "style/${file%%\"*}"
        ;;
    *) printf '%s\n' "$line" ;;
    esac
done <style/main.css >"$work/my-data.css"

# Browsers keep files under /pkg for a year, so a file with different content needs a different name.
with_hash() {
    local ending=$1 file=$2
    mv "$file" "$work/pkg/my-data.$(cksum <"$file" | tr ' ' '-').$ending"
}
with_hash js "$work/bindgen/my-data.js"
with_hash wasm "$work/bindgen/my-data_bg.wasm"
with_hash css "$work/my-data.css"
rm -rf "$work/bindgen"
cp -R public/. "$work/"

# The new folder is complete, so only renames are left: the server never sees an unfinished one.
rm -rf "$site.old"
if [ -d "$site" ]; then mv "$site" "$site.old"; fi
mv "$work" "$site"
rm -rf "$site.old"
{ inputs && outputs; } >"$stamp"
say "New files are in $site"
