"""Deploys the templates, reads them back, and runs a command that uses the server under its role."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from . import role, trail
from .aws import Aws
from .deploy import deploy, environments, roles, untested
from .gate import Gate
from .seeded import SEEDED, unnoticed
from .unreadable import UNREADABLE
from .verify import verify


class Run:
    """Counts what held, and remembers what did not."""

    def __init__(self):
        self.passed, self.failed = 0, []

    def check(self, what, faults):
        """One statement, with what contradicts it."""
        faults = [str(fault) for fault in faults]
        print(f"{'FAIL' if faults else 'ok  '}  {what}", flush=True)
        for fault in faults:
            print(f"      {fault}")
        self.passed += not faults
        self.failed += faults


def keys_of(aws, stacks):
    """The key of each table and each secret, by ARN."""
    keys = {}
    for stack in stacks.values():
        for name in stack.resources:
            if stack.type(name) == "AWS::DynamoDB::Table":
                table = stack.read(name)
                keys[table["Arn"]] = table["SSESpecification"]["KMSMasterKeyId"]
    for secret in aws.all("secretsmanager", "list_secrets")["SecretList"]:
        keys[secret["ARN"]] = aws.secretsmanager.describe_secret(SecretId=secret["ARN"]).get("KmsKeyId")
    return keys


def secret_of(aws, arn):
    return aws.secretsmanager.get_secret_value(SecretId=arn)["SecretString"]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--emulator", required=True)
    arguments.add_argument("--server", required=True)
    arguments.add_argument("command", nargs="*")
    arguments = arguments.parse_args()
    aws, run = Aws(arguments.emulator), Run()

    stacks, made, certificate = deploy(aws, arguments.server)
    for name, stack in stacks.items():
        types = Counter(stack.type(one) for one in stack.resources)
        print(f"{stack.name}: {sum(types.values())} resources of {len(types)} types")
        for one in stack.by_api:
            print(f"      by API, because CloudFormation there refuses it: {one}")
        for one, paths in stack.completed.items():
            print(f"      by API, because CloudFormation there leaves it out: {one} {', '.join(sorted(set(paths)))}")
    run.check("every template is deployed", untested())
    report = verify(stacks.values())
    run.check(f"every property is as the template says ({report.same} read back)", [" ".join(fault) for fault in report.faults])
    run.check("what cannot be read back is exactly what the list says", report.list_faults())
    for kind, entries in UNREADABLE.items():
        for entry, reason in entries.items():
            print(f"      not read back: {kind} {entry or '(all)'}: {reason}")

    gate = Gate(aws, keys_of(aws, stacks))
    rights, key_ids, removals = {}, {}, []
    for where, name in roles(stacks).items():
        document = role.document_of(aws, name)
        rights[where] = role.rights_of(document)
        credentials = role.session(aws, name, "server")
        key_ids[where] = credentials["AccessKeyId"]
        gate.add(where, credentials, document)
        # Those that another role has too are taken away there.
        for right in set(rights[where]) - set(rights["app"]) if where != "app" else rights[where]:
            if where != "lambda":
                less, number = role.without(document, right), len(removals)
                gate.add(f"less-{number}", role.session_with(aws, f"less-{number}", less), less)
                removals.append({"role": f"less-{number}", "where": where, "right": str(right)})
    of_log = {right for right in rights["lambda"] if right.action.startswith("logs:")}
    run.check("the function may do what the task may, and write its log", set(rights["lambda"]) - of_log ^ set(rights["app"]))
    print(f"      not tried, because only AWS uses them: ExecutionRole, and {', '.join(sorted(map(str, of_log)))}")
    deployment = {
        "emulator": arguments.emulator,
        "gate": gate.url,
        "environments": environments(stacks),
        "removals": removals,
        "certificate": certificate,
        "secrets": {name: secret_of(aws, value) for name, value in made.items() if name.endswith("SecretArn")},
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "deployment.json")
        path.write_text(json.dumps(deployment), encoding="utf-8")
        ended = subprocess.run(arguments.command, env=os.environ | {"MYDATA_TEST_DEPLOYMENT": str(path)}, check=False)
    run.check("the server runs under the role", [] if ended.returncode == 0 else [f"exit status {ended.returncode}"])

    for where, key_id in key_ids.items():
        run.check(f"{where}: nothing is denied to the role", set(gate.denied[key_id]))
        run.check(f"{where}: nothing is done that the role may not do", gate.called[key_id] - set(rights[where]))
    run.check(f"everything that the role may do is done ({len(rights['app'])} rights)", set(rights["app"]) - gate.called[key_ids["app"]])
    run.check("the emulator's own trail of calls says the same", trail.contradictions(aws, key_ids["app"], rights["app"]))
    for failure in gate.failures:
        print(f"      the emulator refused {failure}")
    report = verify(stacks.values())
    run.check("afterwards the deployment is what it was", [" ".join(fault) for fault in report.faults])
    run.check(f"each of {len(SEEDED)} changes behind the templates' back is named", unnoticed(aws, stacks))
    print(f"{run.passed} passed, {len(run.failed)} failed")
    sys.exit(bool(run.failed))


main()
