#!/usr/bin/env bash
# Checks what is under infra/: the templates with cfn-lint and by rules of our own, and the script with a stand-in for the AWS
# command line. `scripts/set-up.sh test` installs what it needs. Without that, it ends with status 75.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

python=$root/target/venv/bin/python
# botocore, with AWS's descriptions of its services, came with ministack.
if ! "$python" -c 'import botocore, cfnlint' 2>/dev/null; then
    warn "cfn-lint is not installed."
    exit 75
fi

"$root/target/venv/bin/cfn-lint" infra/*.yaml
cd infra/tests
PYTHONDONTWRITEBYTECODE=1 "$python" -m unittest
