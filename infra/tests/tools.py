"""cfn-lint and cfn-guard on a template that exists only in memory."""

import json
import os
import platform
import subprocess
import tempfile
from pathlib import Path

from cfnlint.api import lint
from cfnlint.core import get_rules

from templates import expanded

NAMES = {"cfn-lint", "cfn-guard"}
REGIONS = ["eu-west-1", "us-gov-west-1"]
HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "end2end/node_modules/@cdklabs/cdk-validator-cfnguard"
OWN_RULES = HERE.parent / "guard"
CONTROL_TOWER = PACKAGE / "rules/control-tower/cfn-guard"
LINT_RULES = get_rules([], [], [], {}, False)


def guard():
    """The program for this machine."""
    system = {"Linux": "ubuntu", "Darwin": "macos"}[platform.system()]
    machine = {"arm64": "aarch64"}.get(platform.machine(), platform.machine())
    program = PACKAGE / "bin" / system / machine / "cfn-guard"
    # npm does not keep the permission.
    if not os.access(program, os.X_OK):
        program.chmod(0o755)
    return program


def evaluated(rules, files):
    """cfn-guard's report on each file: rule names with the resources that break them."""
    command = [str(guard()), "validate", "--output-format", "json", "--structured", "--show-summary", "none"]
    for path in rules:
        command += ["--rules", str(path)]
    for path in files:
        command += ["--data", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 19):
        raise RuntimeError(f"cfn-guard failed: {done.stderr}{done.stdout[:500]}")
    return json.loads(done.stdout)


def problems(tool, template):
    """What the tool says against a template."""
    if tool == "cfn-lint":
        return [str(match) for match in lint(json.dumps(template), LINT_RULES, REGIONS)]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(json.dumps(expanded(template)))
        file.flush()
        return [one for report in evaluated([OWN_RULES], [file.name]) for one in report["not_compliant"]]
