"""One stack at the emulator: made by CloudFormation as far as the emulator's goes, and by API calls beyond."""

import json
import re
import time

from botocore.exceptions import ClientError

from policies import list_of
from rules.parameters import is_list

from .aws import ACCOUNT, REGION
from .compare import compare
from .kinds import KINDS
from .resolver import Resolver
from .unreadable import listed

PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}
REFUSED = re.compile(r"Unrecognized resource types: \[([^\]]*)\]")
SECRET = re.compile(r"\{\{resolve:secretsmanager:(arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:}]+):SecretString((?::[^:}]*){0,3})\}\}")


class Failed(Exception):
    """The stack is not as the template says."""


class Stack:
    """A deployed template. `resolver` gives its values as they should be, `read(name)` as they are."""

    def __init__(self, aws, name, template, parameters):
        self.aws, self.name, self.template = aws, name, template
        self.physical = {}
        pseudo = PSEUDO | {"AWS::StackName": name, "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{name}"}
        self.resolver = Resolver(template, parameters, pseudo, self.reference, self.attribute, self.secret)
        self.resources = {key: one for key, one in template["Resources"].items() if self.resolver.exists(key)}
        for one in self.resources.values():
            if one["Type"] not in KINDS:
                raise Failed(f"{name}: nothing reads {one['Type']} back: see infra/tests/deployment/kinds")
        # What its CloudFormation refuses or leaves out, and its API takes.
        self.by_api, self.completed = [], {}

    def deploy(self):
        """Makes everything. Returns itself."""
        refused = self.create()
        made = self.aws.all("cloudformation", "list_stack_resources", StackName=self.name)["StackResourceSummaries"]
        self.physical |= {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in made}
        for name in self.resources:
            if name not in refused:
                self.complete(name)
        left = [name for name in self.resources if name in refused]
        while left:
            name = next((one for one in left if not self.needs(one) & set(left)), None)
            if name is None:
                raise Failed(f"{self.name}: {left} need each other")
            kind = KINDS[self.type(name)]
            if kind.create is None:
                raise Failed(f"{self.name}: CloudFormation refuses {self.type(name)}, and no API call makes it")
            self.physical[name] = kind.create(self.aws, self.properties(name))
            self.by_api.append(name)
            left.remove(name)
        if missing := set(self.resources) - set(self.physical):
            raise Failed(f"{self.name}: not made: {sorted(missing)}")
        return self

    def create(self):
        """Makes the stack without what CloudFormation refuses. Returns the names of those resources."""
        resources = self.template["Resources"]
        refused = {name for name in self.resources if KINDS[self.type(name)].refused(resources[name].get("Properties", {}))}
        while True:
            refused = self.with_dependents(refused)
            template = self.without(refused)
            parameters = {key: value for key, value in self.resolver.parameters.items() if key in template.get("Parameters", {})}
            parameters = [
                {"ParameterKey": key, "ParameterValue": ",".join(value) if isinstance(value, list) else value} for key, value in parameters.items()
            ]
            try:
                self.aws.cloudformation.create_stack(
                    StackName=self.name,
                    TemplateBody=json.dumps(template),
                    Parameters=parameters,
                    Capabilities=["CAPABILITY_NAMED_IAM"],
                    OnFailure="DO_NOTHING",
                )
                break
            except ClientError as error:
                found = REFUSED.search(error.response["Error"]["Message"])
                if not found:
                    raise Failed(f"{self.name}: {error}") from error
                types = {one.strip(" '\"") for one in found[1].split(",")}
                more = {name for name in resources if self.type(name) in types}
                if more <= refused:
                    raise Failed(f"{self.name}: {error}") from error
                refused |= more
        self.wait()
        return refused

    def with_dependents(self, refused):
        """With those that refer to one of these and cannot know before what it will be called."""
        while True:
            unknown = {name for name in refused if KINDS[self.type(name)].reference is None}
            more = {name for name in self.resources if unknown & set(names_in(self.template["Resources"][name].get("Properties", {})))}
            if more <= refused:
                return refused
            refused |= more

    def wait(self):
        for _ in range(600):
            stack = self.aws.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
            if stack["StackStatus"] == "CREATE_COMPLETE":
                return
            if not stack["StackStatus"].endswith("IN_PROGRESS"):
                break
            time.sleep(0.1)
        events = self.aws.all("cloudformation", "describe_stack_events", StackName=self.name)["StackEvents"]
        failed = [f"{one['LogicalResourceId']}: {one.get('ResourceStatusReason')}" for one in events if one["ResourceStatus"].endswith("FAILED")]
        raise Failed(f"{self.name}: {stack['StackStatus']}: {failed}")

    def without(self, refused):
        """The template without these resources, and without outputs: the emulator knows too few attributes. A reference to one of the
        resources is replaced by what it will be."""
        template, gone = json.loads(json.dumps(self.template)), refused

        def replaced(node):
            if isinstance(node, list):
                return [replaced(one) for one in node]
            if not isinstance(node, dict):
                return node
            if set(node) == {"Ref"} and node["Ref"] in gone:
                name = node["Ref"]
                kind = KINDS[self.type(name)]
                return self.resolver.value(kind.reference(template["Resources"][name]["Properties"]))
            return {key: replaced(one) for key, one in node.items()}

        for one in template.get("Parameters", {}).values():
            if is_list(one):
                # The emulator compares it with the whole list. The resolver has compared it with each value.
                one.pop("AllowedPattern", None)
        kept = {name: one for name, one in template["Resources"].items() if name not in gone}
        for one in kept.values():
            needs = [need for need in list_of(one.get("DependsOn", [])) if need not in gone]
            one.pop("DependsOn", None)
            if needs:
                one["DependsOn"] = needs
        used = replaced({key: value for key, value in template.items() if key not in ("Resources", "Outputs")})
        return used | {"Resources": {name: replaced(one) for name, one in kept.items()}}

    def type(self, name):
        return self.template["Resources"][name]["Type"]

    def needs(self, name):
        """The resources that this one refers to."""
        one = self.template["Resources"][name]
        needs = list_of(one.get("DependsOn", []))
        return (set(names_in(one.get("Properties", {}))) | set(needs)) & set(self.template["Resources"])

    def properties(self, name):
        """The properties of a resource, as they should be."""
        return self.resolver.value(self.template["Resources"][name].get("Properties", {}))

    def read(self, name):
        """The properties of a resource, as they are."""
        kind = KINDS[self.type(name)]
        where = [self.properties(name)] if kind.located else []
        return kind.read(self.aws, self.physical[name], *where)

    def reference(self, name):
        kind = KINDS[self.type(name)]
        if kind.reference and name in self.resources:
            return kind.reference(self.properties(name))
        if self.type(name) == "AWS::SecretsManager::Secret":
            return self.attribute(name, "Id")
        return self.physical[name]

    def attribute(self, name, attribute):
        return KINDS[self.type(name)].attributes[attribute](self.read(name))

    def secret(self, text):
        def one(match):
            key, stage, version = (match[2] + ":::")[1:].split(":")[:3]
            which = {name: value for name, value in (("VersionStage", stage), ("VersionId", version)) if value}
            value = self.aws.secretsmanager.get_secret_value(SecretId=match[1], **which)["SecretString"]
            return json.loads(value)[key] if key else value

        return SECRET.sub(one, text)

    def outputs(self):
        """Every output, as it should be."""
        outputs = {key: one for key, one in self.template.get("Outputs", {}).items() if self.resolver.exists(key)}
        return {key: self.resolver.value(one["Value"]) for key, one in outputs.items()}

    def compare(self, name):
        """Yields `(path, is it the same, what is wrong)` for each property of the resource."""
        for path, same, problem in compare(self.properties(name), self.read(name)):
            yield ".".join(path), same, problem

    def complete(self, name):
        """Sets by API what CloudFormation left out."""
        kind = self.type(name)
        missing = [path for path, same, _ in self.compare(name) if not same and listed(kind, path) is None]
        if missing:
            KINDS[kind].complete(self.aws, self.physical[name], self.properties(name))
            self.completed[name] = missing


def names_in(node):
    """The resources and parameters that a value refers to."""
    if isinstance(node, list):
        for one in node:
            yield from names_in(one)
    elif isinstance(node, dict):
        for key, one in node.items():
            if key == "Ref" and isinstance(one, str):
                yield one
            elif key == "Fn::GetAtt":
                yield one[0] if isinstance(one, list) else one.split(".")[0]
            elif key == "Fn::Sub":
                text = one[0] if isinstance(one, list) else one
                yield from (name.split(".")[0] for name in re.findall(r"\$\{([^!}]+)\}", text))
                yield from names_in(one[1:] if isinstance(one, list) else [])
            else:
                yield from names_in(one)
