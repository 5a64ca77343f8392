"""The plan of scripts/deploy-plan.sh: what it calls, in which order, and with which values."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import botocore.session

from rules.parameters import accepts
from templates import INFRA, loaded

HERE = Path(__file__).parent
SCRIPT = INFRA.parent / "scripts/deploy-plan.sh"
EXAMPLE = (INFRA / "example.settings").read_text()
ACCOUNT = "123456789012"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf"
TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table/"
# What the stacks answer.
OUTPUTS = {
    "RecordsTableName": "mydata-records",
    "RecordsTableArn": f"{TABLE}mydata-records",
    "SessionsTableName": "mydata-sessions",
    "SessionsTableArn": f"{TABLE}mydata-sessions",
    "KeyArn": "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-4333-8444-555555555555",
    "PseudonymKeySecretArn": SECRET,
    "SessionKeySecretArn": SECRET,
    "AlarmTopicArn": "arn:aws:sns:eu-west-1:123456789012:mydata-alarms",
    "UserPoolArn": "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_AbCdEf123",
    "UserPoolId": "eu-west-1_AbCdEf123",
    "UserPoolWebClientId": "4u8example",
    "Domain": "mydata-example.auth.eu-west-1.amazoncognito.com",
    "Issuer": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123",
    "ClientSecretArn": SECRET,
    "LoginGovBridgeSecretArn": SECRET,
    "VpcId": "vpc-0a1b2c3d",
    "PublicSubnetIds": "subnet-0a1b2c3d,subnet-0a1b2c3e",
    "PrivateSubnetIds": "subnet-0a1b2c3f,subnet-0a1b2c40",
    "PrivateRouteTableIds": "rtb-0a1b2c3d,rtb-0a1b2c3e",
    "BalancerCidrs": "10.0.0.0/24,10.0.1.0/24",
    "BalancerDnsName": "mydata-1.eu-west-1.elb.amazonaws.com",
    "BalancerHostedZoneId": "Z32O12XQLNTSW2",
    "ClusterName": "mydata",
    "EcsServiceName": "mydata-server",
    "BalancerFullName": "app/mydata-1/0a1b2c3d4e5f6071",
    "TargetGroupFullName": "targetgroup/mydata-1/0a1b2c3d4e5f6071",
    "WebAclMetricName": "mydata",
    "LogGroupName": "mydata-app-LogGroup-1",
    "MetricsNamespace": "MyData/mydata-app",
}
OTHER_PROVIDERS = """
loginGovClientId=urn:gov:gsa:openidconnect.profiles:sp:sso:agency:my_data
auth0ClientId=a0client
auth0IssuerURL=https://tenant.eu.auth0.com/
beyondIdentityClientId=biclient
beyondIdentityIssuerURL=https://auth-eu.beyondidentity.com/v1/tenants/0001/realms/0002/applications/0003
"""


class Plan(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        for name in ("aws", "docker", "make"):
            program = self.folder / name
            program.write_text(f"#!{sys.executable}\n{(HERE / 'fake_deployment.py').read_text()}")
            program.chmod(0o755)
        self.state = self.folder / "state.json"
        self.save({"account": ACCOUNT, "deployed": [], "outputs": OUTPUTS, "secrets": {}, "kept": {}, "failed": {}, "calls": []} | {"pushed": False, "digest": f"sha256:{'0' * 64}"})

    def save(self, state):
        self.state.write_text(json.dumps(state))

    def run_bash(self, *arguments, text="", given=""):
        env = os.environ | {"PATH": f"{self.folder}:{os.environ['PATH']}", "FAKE_STATE": str(self.state)}
        return subprocess.run(["bash", *arguments], input=given or text, capture_output=True, text=True, env=env, cwd=INFRA.parent, check=False)

    def plan(self, settings, *options):
        path = self.folder / "my-data.settings"
        path.write_text(settings)
        return self.run_bash(str(SCRIPT), *options, str(path))

    def executed(self, settings, secrets="s3cret\n", options=()):
        """Runs the plan, and returns the calls that it made."""
        printed = self.plan(settings, *options)
        self.assertEqual((printed.returncode, printed.stderr), (0, ""))
        (self.folder / "plan.sh").write_text(printed.stdout)
        done = self.run_bash(str(self.folder / "plan.sh"), given=secrets)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(self.state.read_text())["calls"]

    def deployments(self, calls):
        """Each stack that was deployed: template and parameters."""
        found = []
        for call in calls:
            if call[:3] == ["aws", "cloudformation", "deploy"]:
                template = Path(call[call.index("--template-file") + 1]).stem
                overrides = call[call.index("--parameter-overrides") + 1 :]
                found.append((template, dict(one.split("=", 1) for one in overrides)))
        return found

    def check_parameters(self, calls):
        for template, given in self.deployments(calls):
            declared = loaded(template)["Parameters"]
            self.assertEqual(set(given) - set(declared), set(), f"{template}: unknown parameters")
            missing = {name for name, one in declared.items() if "Default" not in one and name not in given}
            self.assertEqual(missing, set(), f"{template}: missing parameters")
            # One that is left out keeps the value of the last deployment.
            self.assertEqual(set(declared) - set(given), set(), f"{template}: parameters that are left out")
            for name, value in given.items():
                self.assertTrue(accepts(declared[name], value), f"{template} refuses {name}={value}")

    def test_it_deploys_every_stack_in_order_with_parameters_that_the_templates_accept(self):
        for settings in (EXAMPLE, EXAMPLE + OTHER_PROVIDERS):
            self.setUp()
            calls = self.executed(settings)
            self.assertEqual([template for template, _ in self.deployments(calls)], ["data", "user-pool", "network", "app", "watch"])
            self.check_parameters(calls)
        app = dict(self.deployments(calls))["app"]
        self.assertEqual(app["clientSecretArn"], OUTPUTS["ClientSecretArn"])
        self.assertRegex(app["imageUri"], r"^123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com/mydata@sha256:0{64}$")
        self.assertEqual(app["serviceName"], "My Data")
        self.assertIn("loginGovSigningKeySecretArn", app)

    def test_a_setting_that_is_gone_has_its_default_again(self):
        self.executed(EXAMPLE + OTHER_PROVIDERS + "minTasks=3\n")
        calls = self.executed(EXAMPLE.replace("contactUrl", "#contactUrl"))
        for template, given in self.deployments(calls)[5:]:
            for name in ("contactUrl", "auth0ClientId", "itsmeIssuerURL", "minTasks", "taskCpu", "natGateways"):
                if name in given:
                    self.assertEqual(given[name], str(loaded(template)["Parameters"][name]["Default"]))

    def fails_when_new(self, stack, status, left):
        """Runs the plan while a stack is left from a deployment that failed."""
        self.save(json.loads(self.state.read_text()) | {"failed": {stack: {"status": status, "left": left}}})
        (self.folder / "plan.sh").write_text(self.plan(EXAMPLE).stdout)
        done = self.run_bash(str(self.folder / "plan.sh"), given="s3cret\n")
        return done, [call[1:3] + call[call.index("--stack-name") + 1 :][:1] for call in json.loads(self.state.read_text())["calls"] if "--stack-name" in call]

    def test_a_stack_that_failed_when_it_was_new_is_deployed_anew(self):
        balancer = {"AWS::ElasticLoadBalancingV2::LoadBalancer": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/x/1"}
        for status, left in (("ROLLBACK_COMPLETE", {}), ("ROLLBACK_FAILED", balancer)):
            self.setUp()
            done, calls = self.fails_when_new("mydata-app", status, left)
            self.assertEqual(done.returncode, 0, done.stderr)
            steps = [call[1] for call in calls if call[2] == "mydata-app" and call[1] in ("delete-stack", "wait", "deploy")]
            self.assertEqual(steps, ["delete-stack", "wait", "deploy"])
            unprotected = [call for call in json.loads(self.state.read_text())["calls"] if call[1:3] == ["elbv2", "modify-load-balancer-attributes"]]
            self.assertEqual([call[4] for call in unprotected], list(left.values()))

    def test_a_table_or_a_user_pool_that_a_failed_stack_left_is_not_touched(self):
        for stack, left in (("mydata-data", {"AWS::DynamoDB::Table": "mydata-records"}), ("mydata-user-pool", {"AWS::Cognito::UserPool": "eu-west-1_a"})):
            self.setUp()
            done, calls = self.fails_when_new(stack, "ROLLBACK_FAILED", left)
            self.assertEqual(done.returncode, 1)
            self.assertIn(*left.values(), done.stderr)
            self.assertNotIn(stack, [call[2] for call in calls if call[1] in ("delete-stack", "deploy")])

    def test_a_stack_that_works_is_never_deleted(self):
        for status in ("UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED", "CREATE_COMPLETE"):
            self.setUp()
            _, calls = self.fails_when_new("mydata-data", status, {})
            self.assertNotIn("delete-stack", [call[1] for call in calls])

    def test_roles_that_a_new_account_lacks_are_made_before_any_stack(self):
        services = ["ecs.amazonaws.com", "ecs.application-autoscaling.amazonaws.com"]
        for refused, expected in ((["get-role"], services), ([], [])):
            self.setUp()
            self.save(json.loads(self.state.read_text()) | {"refused": refused})
            calls = [call for call in self.executed(EXAMPLE) if call[0] == "aws"]
            made = [index for index, call in enumerate(calls) if call[2] == "create-service-linked-role"]
            self.assertEqual([calls[index][-1] for index in made], expected)
            self.assertLess(max(made, default=0), [call[2] for call in calls].index("deploy"))

    def test_the_plan_ends_where_a_secret_cannot_be_stored(self):
        self.save(json.loads(self.state.read_text()) | {"refused": ["create-secret"]})
        (self.folder / "plan.sh").write_text(self.plan(EXAMPLE).stdout)
        done = self.run_bash(str(self.folder / "plan.sh"), given="s3cret\n")
        self.assertNotEqual(done.returncode, 0)
        self.assertNotIn("user-pool", [template for template, _ in self.deployments(json.loads(self.state.read_text())["calls"])])

    def test_each_value_that_one_template_needs_of_another_is_an_output_of_it(self):
        outputs = {name for template in ("data", "user-pool", "network", "app", "watch") for name in loaded(template)["Outputs"]}
        self.assertEqual(set(OUTPUTS) - outputs, set())

    def test_it_uses_a_vpc_that_is_there(self):
        network = {name[0].lower() + name[1:]: OUTPUTS[name] for name in loaded("network")["Outputs"] if name in OUTPUTS}
        calls = self.executed(EXAMPLE + "".join(f"{name}={value}\n" for name, value in network.items()))
        self.assertEqual([template for template, _ in self.deployments(calls)], ["data", "user-pool", "app", "watch"])
        self.check_parameters(calls)

    def test_what_the_settings_leave_out_gets_its_default_again(self):
        """For a parameter that is not given, an update keeps the value from before."""
        with_more = EXAMPLE + OTHER_PROVIDERS + "natGateways=1\n"
        first = self.executed(with_more)
        again = dict(self.deployments(self.executed(EXAMPLE)[len(first) :]))
        self.assertEqual((again["user-pool"]["auth0ClientId"], again["app"]["auth0ClientId"], again["network"]["natGateways"]), ("", "", "2"))
        for template, given in again.items():
            declared = loaded(template)["Parameters"]
            self.assertEqual(set(given), set(declared))

    def test_it_stops_when_a_secret_cannot_be_stored(self):
        self.save(json.loads(self.state.read_text()) | {"refuses_secrets": True})
        (self.folder / "plan.sh").write_text(self.plan(EXAMPLE).stdout)
        done = self.run_bash(str(self.folder / "plan.sh"), given="s3cret\n")
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual([template for template, _ in self.deployments(json.loads(self.state.read_text())["calls"])], ["data"])

    def test_a_secret_is_stored_once_and_is_in_no_command_line(self):
        first = self.executed(EXAMPLE, secrets="s3cret of itsme\n")
        state = json.loads(self.state.read_text())
        self.assertEqual(state["kept"], {"mydata/itsme-client-secret": "s3cret of itsme"})
        self.assertNotIn("s3cret", json.dumps(first))
        again = self.executed(EXAMPLE, secrets="another\n")[len(first) :]
        self.assertEqual(json.loads(self.state.read_text())["kept"], state["kept"])
        self.assertEqual(self.deployments(again), self.deployments(first))

    def test_an_image_is_built_once(self):
        first = self.executed(EXAMPLE)
        self.assertEqual([call[1] for call in first if call[0] in ("docker", "make")], ["image", "login", "build", "push"])
        again = self.executed(EXAMPLE)[len(first) :]
        self.assertEqual([call for call in again if call[0] in ("docker", "make")], [])

    def test_it_stops_before_it_changes_another_account(self):
        self.save(json.loads(self.state.read_text()) | {"account": "999999999999"})
        (self.folder / "plan.sh").write_text(self.plan(EXAMPLE).stdout)
        done = self.run_bash(str(self.folder / "plan.sh"))
        self.assertEqual(done.returncode, 1)
        self.assertEqual([call[1] for call in json.loads(self.state.read_text())["calls"]], ["sts"])

    def test_every_problem_of_the_settings_is_reported_together(self):
        for settings, expected in [
            ("", ["account is missing", "certificateArn is missing", "no provider", "region is missing", "uniquePrefix is missing"]),
            (EXAMPLE + "colour=red\nregion=eu-west-1\nnonsense\n", ["colour is no setting", "region is there twice", "expected name=value"]),
            (EXAMPLE.replace("region=eu-west-1", "region=Ireland").replace("account=1", "account=x"), ["account: expected", "region: expected"]),
        ]:
            done = self.plan(settings)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            for problem in expected:
                self.assertIn(problem, done.stderr)

    def test_a_value_cannot_become_a_command(self):
        hostile = "It's $(touch /tmp/x) `id` \"quoted\" \\"
        calls = self.executed(EXAMPLE.replace("organisation=Example Agency", f"organisation={hostile}"))
        self.assertEqual(dict(self.deployments(calls))["app"]["organisation"], hostile)

    def test_each_command_is_one_of_the_services(self):
        """By AWS's own description. `deploy` and `wait` are of the command line itself."""
        session, waiters = botocore.session.get_session(), {"deploy"}
        for call in self.executed(EXAMPLE) + self.executed(EXAMPLE, options=["--down"]):
            if call[0] != "aws" or call[2] in ("wait", "deploy", "get-login-password"):
                continue
            model = session.get_service_model(call[1])
            operation = "".join(word.capitalize() for word in call[2].split("-"))
            known = {name.lower(): name for name in model.operation_names}
            self.assertIn(operation.lower(), known)
            members = {name.lower() for name in model.operation_model(known[operation.lower()]).input_shape.members}
            flags = {"query", "output", "enableterminationprotection", "noenableterminationprotection"}
            for one in call[3:]:
                if one.startswith("--"):
                    self.assertIn(one[2:].replace("-", ""), members | flags, call)
        self.assertEqual(waiters, {"deploy"})

    def test_the_way_back_removes_what_runs_and_nothing_else(self):
        self.executed(EXAMPLE)
        calls = self.executed(EXAMPLE, options=["--down"])
        deleted = [call[-1] for call in calls if call[:3] == ["aws", "cloudformation", "delete-stack"]]
        self.assertEqual(deleted, ["mydata-watch", "mydata-app", "mydata-network", "mydata-user-pool", "mydata-data"])
        self.assertFalse([call for call in calls if re.search("delete-(table|user-pool|secret)|schedule-key", " ".join(call))])


if __name__ == "__main__":
    unittest.main()
