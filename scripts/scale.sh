#!/usr/bin/env bash
# Measures what the model of docs/scaling.md predicts for its smallest service: two servers on one DynamoDB engine behind a balancer
# serve the visits of its peak hour. Fails if a number is more than 20 % away from the model. After the build it takes four minutes.
# The machine should do nothing else. Needs Linux and Python 3.10.
#
# Usage: scripts/scale.sh [keep]
# With `keep`, the model calculates with the result from then on, and docs/scaling.md shows it. SCALE_SERVER names a server that is
# already built; then nothing is built for production, and target/site must have its files.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

model=docs/scaling/model.py
folder=target/scale
mkdir -p "$folder"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || die "Python 3.10 or newer is needed. Install it and try again."
export PYTHONDONTWRITEBYTECODE=1
python3 "$model" --plan >"$folder/plan.json"
if [ -n "${SCALE_SERVER:-}" ]; then
    cargo build --locked -p server --features local --example scale
    "$target/debug/examples/scale" "$folder/plan.json" "$folder/latest.json"
else
    scripts/release.sh
    cargo run --release --locked -p server --features local --example scale -- "$folder/plan.json" "$folder/latest.json"
fi
if [ "${1:-}" = keep ]; then python3 "$model" --keep "$folder/latest.json"; fi
python3 "$model" --compare "$folder/latest.json"
