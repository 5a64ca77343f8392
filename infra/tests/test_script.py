"""infra/identity-center.sh, with a command line that keeps state in place of AWS, and a discovery document in place of Cognito."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import botocore.session
from botocore.validate import ParamValidator

HERE = Path(__file__).parent
SCRIPT = HERE.parent / "identity-center.sh"
ACCOUNT = "123456789012"
INSTANCE = "arn:aws:sso:::instance/ssoins-1111111111111111"
APPLICATION = f"arn:aws:sso::{ACCOUNT}:application/ssoins-1111111111111111/apl-2222222222222222"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/my-data-server"
ISSUER = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123"
VALUES = {
    "--application-arn": APPLICATION,
    "--user-pool-id": "eu-central-1_AbCdEf123",
    "--client-id": "7caseworkers",
    "--server-role-arn": ROLE,
    "--region": "eu-west-1",
}
WRITES = [
    "PutApplicationAssignmentConfiguration",
    "PutApplicationAuthenticationMethod",
    "PutApplicationAccessScope",
    "CreateTrustedTokenIssuer",
    "PutApplicationGrant",
]
SERVICES = {name: botocore.session.get_session().get_service_model(name) for name in ("sso-admin", "sts")}


def problems(service, operation, given):
    """What AWS's own description of the operation says against these parameters."""
    shape = SERVICES[service].operation_model(operation).input_shape
    found = [ParamValidator().validate(given, shape).generate_report()]
    for name, value in given.items():
        pattern = shape.members[name].metadata.get("pattern") if name in shape.members else None
        if pattern and isinstance(value, str) and not re.fullmatch(pattern, value):
            found.append(f"{name} does not match {pattern}")
    return [problem for problem in found if problem]


class Script(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.state_file = self.folder / "state"
        self.put(account=ACCOUNT, region="eu-west-1", instances=[INSTANCE], issuers={}, settings={}, calls=[], log=[])
        self.program("aws", f'exec "{sys.executable}" "{HERE / "fake_aws.py"}" "$@"')
        self.discovery(ISSUER, ISSUER)

    def tearDown(self):
        for call in self.state["log"]:
            self.assertEqual(problems(*call), [], call)

    def program(self, name, text):
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)

    def discovery(self, at, issuer):
        """`curl` finds this issuer's discovery document at that address, and nothing anywhere else."""
        document = json.dumps({"issuer": issuer}, indent=1)
        url = f"{at}/.well-known/openid-configuration"
        self.program("curl", f"for url; do :; done\n[ \"$url\" = '{url}' ] || exit 22\ncat <<'END'\n{document}\nEND")

    @property
    def state(self):
        return json.loads(self.state_file.read_text(encoding="utf-8"))

    def put(self, **changes):
        state = self.state if self.state_file.exists() else {}
        self.state_file.write_text(json.dumps(state | changes), encoding="utf-8")

    @property
    def environment(self):
        path = f"{self.folder}{os.pathsep}{os.environ['PATH']}"
        return {"PATH": path, "FAKE_AWS_STATE": str(self.state_file), "HOME": str(self.folder)}

    def run_script(self, *more, **changes):
        """Runs it with VALUES and the changes to them. `None` leaves an option out."""
        values = VALUES | {"--" + name.replace("_", "-"): value for name, value in changes.items()}
        arguments = [word for option, value in values.items() if value is not None for word in (option, value)]
        return subprocess.run([SCRIPT, *arguments, *more], env=self.environment, capture_output=True, text=True, check=False)

    def succeed(self, *more, **changes):
        ended = self.run_script(*more, **changes)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return ended.stdout

    def fail(self, *expected, status=1, more=(), **changes):
        """It ends with this status and these words, and has changed nothing."""
        ended = self.run_script(*more, **changes)
        self.assertEqual(ended.returncode, status, ended.stdout + ended.stderr)
        for words in expected:
            self.assertIn(words, ended.stderr)
        self.assertEqual(self.state["calls"], [])

    def test_it_makes_the_five_settings(self):
        text = self.succeed()
        self.assertIn(f"Account {ACCOUNT}, region eu-west-1", text)
        calls = self.state["calls"]
        self.assertEqual([operation for operation, _ in calls], WRITES)
        given = dict(calls)
        [trusted] = self.state["issuers"]
        self.assertIs(given["PutApplicationAssignmentConfiguration"]["AssignmentRequired"], True)
        self.assertEqual(given["PutApplicationAccessScope"]["Scope"], "s3:access_grants:read_write")
        policy = given["PutApplicationAuthenticationMethod"]["AuthenticationMethod"]["Iam"]["ActorPolicy"]
        statement = {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "sso-oauth:CreateTokenWithIAM", "Resource": APPLICATION}
        self.assertEqual(policy, {"Version": "2012-10-17", "Statement": [statement]})
        issuer = given["CreateTrustedTokenIssuer"]
        self.assertEqual((issuer["InstanceArn"], issuer["Name"]), (INSTANCE, "my-data"))
        self.assertEqual(issuer["TrustedTokenIssuerConfiguration"]["OidcJwtConfiguration"]["IssuerUrl"], ISSUER)
        grant = given["PutApplicationGrant"]
        self.assertEqual(grant["GrantType"], "urn:ietf:params:oauth:grant-type:jwt-bearer")
        accepted = {"TrustedTokenIssuerArn": trusted, "AuthorizedAudiences": ["7caseworkers"]}
        self.assertEqual(grant["Grant"], {"JwtBearer": {"AuthorizedTokenIssuers": [accepted]}})

    def test_the_assistant_needs_scopes_of_its_own(self):
        self.succeed("--assistant")
        scopes = [given["Scope"] for operation, given in self.state["calls"] if operation == "PutApplicationAccessScope"]
        own = ["messages:access", "messages:read_write", "conversations:access", "conversations:read_write"]
        self.assertEqual(scopes, ["s3:access_grants:read_write", *(f"qbusiness:{scope}" for scope in own)])

    def test_a_second_run_creates_nothing_and_leaves_the_same_settings(self):
        self.succeed()
        first = self.state
        self.assertIn("already trusted: my-data", self.succeed())
        second = self.state
        self.assertEqual((second["issuers"], second["settings"]), (first["issuers"], first["settings"]))
        self.assertEqual([operation for operation, _ in second["calls"]].count("CreateTrustedTokenIssuer"), 1)

    def test_an_issuer_of_another_name_is_used(self):
        self.succeed(name="cognito")
        self.assertIn("already trusted: cognito", self.succeed())
        self.assertEqual(len(self.state["issuers"]), 1)

    def test_a_dry_run_prints_what_it_would_do(self):
        text = self.succeed("--dry-run")
        self.assertEqual(self.state["calls"], [])
        printed = [line for line in text.splitlines() if line.startswith("aws ")]
        self.assertEqual(len(printed), len(WRITES))
        # Each line can be pasted into a shell. The only value that is not known yet is the issuer's ARN.
        issuer = "arn:aws:sso::123456789012:trustedTokenIssuer/ssoins-1111111111111111/tti-00000000-0000-0000-0000-000000010000"
        for line in printed:
            line = line.replace("TRUSTED_TOKEN_ISSUER_ARN", issuer) + " --output text"
            subprocess.run(["bash", "-c", line], env=self.environment, capture_output=True, check=True)
        self.assertEqual([operation for operation, _ in self.state["calls"]], WRITES)

    def test_without_a_region_it_takes_the_one_of_the_command_line(self):
        self.assertIn("region eu-west-1", self.succeed(region=None))

    def test_an_application_of_another_account_is_refused(self):
        self.put(account="999999999999")
        self.fail("belongs to the account 123456789012", "999999999999")

    def test_a_region_without_the_instance_is_refused(self):
        self.fail("does not have the instance", "eu-west-3", "Instances there: none", region="eu-west-3")

    def test_of_several_instances_it_takes_the_one_of_the_application(self):
        others = ["arn:aws:sso:::instance/ssoins-3333333333333333", "arn:aws:sso:::instance/ssoins-4444444444444444"]
        self.put(instances=others)
        self.fail("does not have the instance", *others)
        self.put(instances=[others[0], INSTANCE, others[1]])
        self.succeed()
        self.assertEqual(dict(self.state["calls"])["CreateTrustedTokenIssuer"]["InstanceArn"], INSTANCE)

    def test_a_user_pool_without_this_issuer_is_refused(self):
        self.discovery(ISSUER, ISSUER + "/")
        self.fail("names another issuer")
        self.discovery("https://elsewhere.example", ISSUER)
        self.fail("no discovery document")

    def test_a_name_that_is_taken_is_not_reused(self):
        self.succeed()
        [(arn, issuer)] = self.state["issuers"].items()
        issuer["TrustedTokenIssuerConfiguration"]["OidcJwtConfiguration"]["IssuerUrl"] = "https://other.example"
        self.put(issuers={arn: issuer}, calls=[])
        ended = self.run_script()
        self.assertEqual(ended.returncode, 1)
        self.assertIn("for https://other.example", ended.stderr)
        self.assertNotIn("PutApplicationGrant", dict(self.state["calls"]))

    def test_an_issuer_that_compares_something_else_is_not_changed(self):
        self.succeed()
        [(arn, issuer)] = self.state["issuers"].items()
        issuer["TrustedTokenIssuerConfiguration"]["OidcJwtConfiguration"]["ClaimAttributePath"] = "sub"
        self.put(issuers={arn: issuer}, calls=[])
        ended = self.run_script()
        self.assertEqual(ended.returncode, 1)
        self.assertIn("compares sub with emails.value", ended.stderr)
        self.assertNotIn("PutApplicationGrant", dict(self.state["calls"]))

    def test_misuse_is_explained(self):
        for option in list(VALUES)[:4]:
            self.fail(f"{option} is missing", "Usage:", status=2, **{option[2:].replace("-", "_"): None})
        self.fail("--server-role-arn: not in the form", status=2, server_role_arn=f"arn:aws:iam::{ACCOUNT}:root")
        self.fail("--client-id: not in the form", status=2, client_id='7"]}}')
        self.fail("--application-arn: not in the form", status=2, application_arn=INSTANCE)
        self.fail("unknown argument: --verbose", status=2, more=["--verbose"])
        self.fail("--name needs a value", status=2, more=["--name"])


if __name__ == "__main__":
    unittest.main()
