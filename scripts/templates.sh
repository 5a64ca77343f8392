#!/usr/bin/env bash
# Checks what is under infra/: the templates with cfn-lint, with cfn-guard and by rules of our own, each of which must notice the mistakes
# that the tests make; and the scripts that deploy them, with stand-ins for the AWS command line. ruff finds names that a
# Python file uses and does not define. `scripts/set-up.sh check` installs what it needs. Without that, it ends with status 75.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

python=$root/target/venv/bin/python
# botocore, with AWS's descriptions of its services, came with ministack.
if ! "$python" -c 'import botocore, cfnlint' 2>/dev/null; then
    warn "cfn-lint is not installed."
    exit 75
fi

# Some lines run only against the emulator, or in a release.
names_in_python infra docs scripts
"$root/target/venv/bin/cfn-lint" --regions eu-west-1 us-gov-west-1 -- infra/*.yaml
cd infra/tests
PYTHONDONTWRITEBYTECODE=1 "$python" -m unittest
