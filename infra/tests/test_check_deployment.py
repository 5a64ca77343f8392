"""scripts/check-deployment.sh, with a command line in place of AWS that answers from a table."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from templates import INFRA

TASK = "arn:aws:ecs:eu-west-1:123456789012:task/mydata/0123456789abcdef"
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"], "assignPublicIp": "DISABLED"}}
ENVIRONMENT = [{"name": "MYDATA_PUBLIC_URL", "value": "https://mydata.example"}, {"name": "MYDATA_SERVICE__CONTACT_URL"}]
# What a check that finds no problem gets as an answer to each operation.
WELL = {
    "describe-stacks": {"Stacks": [{"Outputs": [{"OutputKey": name, "OutputValue": name.lower()} for name in ("ClusterName", "EcsServiceName", "LogGroupName")]}]},
    "describe-services": {"services": [{"taskDefinition": "definition:1", "networkConfiguration": NETWORK}]},
    "describe-task-definition": {"taskDefinition": {"taskRoleArn": "role", "containerDefinitions": [{"environment": ENVIRONMENT}]}},
    "run-task": {"tasks": [{"taskArn": TASK}], "failures": []},
    "wait": {},
    "describe-tasks": {"tasks": [{"containers": [{"exitCode": 0}], "stoppedReason": "Essential container in task exited"}]},
    "get-log-events": {"events": [{"message": "ok configuration"}]},
}
FAKE_AWS = """
import json, os, sys
import jmespath

def as_text(value):
    if isinstance(value, list):
        return "\\n".join("\\t".join(map(str, row)) if isinstance(row, list) else str(row) for row in value)
    return str(value)

arguments = sys.argv[1:]
answer = json.loads(open(os.environ["ANSWERS"]).read()).get(arguments[1])
if answer is None:
    sys.exit(254)
if "--query" in arguments:
    found = jmespath.search(arguments[arguments.index("--query") + 1], answer)
    print(json.dumps(found) if arguments[arguments.index("--output") + 1] == "json" else as_text(found))
"""
FAKE_CARGO = "import json, os\nprint(json.dumps({k: v for k, v in os.environ.items() if k.startswith('MYDATA_')}))"


class Check(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        # The script looks for cargo's programs last.
        for name, code in (("aws", FAKE_AWS), ("cargo", FAKE_CARGO)):
            program = self.folder / name
            program.write_text(f"#!{sys.executable}\n{code}")
            program.chmod(0o755)
        (self.folder / "site").mkdir()

    def check(self, *options, **answers):
        (self.folder / "answers.json").write_text(json.dumps(WELL | {name.replace("_", "-"): one for name, one in answers.items()}))
        env = {"PATH": f"{self.folder}:{os.environ['PATH']}", "HOME": str(self.folder), "ANSWERS": str(self.folder / "answers.json")}
        # The site is among what was built.
        env["CARGO_TARGET_DIR"] = str(self.folder)
        script = INFRA.parent / "scripts/check-deployment.sh"
        return subprocess.run(["bash", str(script), *options], capture_output=True, text=True, env=env, check=False)

    def test_without_a_site_it_says_how_to_build_one(self):
        (self.folder / "site").rmdir()
        done = self.check("--deep")
        self.assertEqual(done.returncode, 1)
        self.assertIn("make image", done.stderr)

    def test_it_prints_the_log_of_the_task_and_ends_with_its_status(self):
        for status in (0, 1):
            done = self.check(describe_tasks={"tasks": [{"containers": [{"exitCode": status}]}]})
            self.assertEqual((done.returncode, done.stderr), (status, ""))
            self.assertIn("ok configuration", done.stdout)

    def test_it_says_why_a_task_did_not_start(self):
        """Such a task has no exit status and no log."""
        reason = "CannotPullContainerError: not found"
        stopped = {"tasks": [{"containers": [{"reason": reason}], "stoppedReason": reason}]}
        for answers in (
            {"describe_tasks": stopped, "get_log_events": None},
            {"run_task": {"tasks": [], "failures": [{"reason": reason}]}, "wait": None},
        ):
            done = self.check(**answers)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"The task did not start: {reason}", done.stderr)

    def test_a_variable_without_a_value_is_not_set(self):
        """Amazon ECS leaves out an empty value, which the command line would print as the word None."""
        done = self.check("--deep")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        found = json.loads(done.stdout)
        self.assertEqual(found.pop("MYDATA_SITE_ROOT").rsplit("/", 1)[-1], "site")
        self.assertEqual(found, {"MYDATA_PUBLIC_URL": "https://mydata.example"})


if __name__ == "__main__":
    unittest.main()
