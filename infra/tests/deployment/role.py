"""The role of the server: what it may do, sessions of it, and roles that may do one thing less."""

import copy
import json
from dataclasses import dataclass

from policies import list_of

from .aws import ACCOUNT

# Only what runs in ECS gets a session of the deployed role. Nothing here is ECS, so the root is let in for a moment.
LETS_ROOT_IN = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}


@dataclass(frozen=True)
class Right:
    """An action on a resource; for a key, by way of one service."""

    action: str
    resource: str
    service: str | None = None

    def __str__(self):
        by = f" by way of {self.service}" if self.service else ""
        return f"{self.action} on {self.resource.split(':', 5)[5]}{by}"


def document_of(aws, role):
    """The policy of a role, as it is deployed. It has one."""
    [name] = aws.all("iam", "list_role_policies", RoleName=role)["PolicyNames"]
    return aws.iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]


def rights_of(document):
    """Every right in a policy, once."""
    return list(dict.fromkeys(right for right, _ in parts(document)))


def parts(document):
    """Each right, with the index of its statement."""
    for index, statement in enumerate(document["Statement"]):
        services = list_of(statement.get("Condition", {}).get("StringEquals", {}).get("kms:ViaService", [None]))
        for action in list_of(statement["Action"]):
            for resource in list_of(statement["Resource"]):
                for service in services:
                    yield Right(action, resource, service), index


def without(document, right):
    """A policy with every right but this one. Each right gets a statement of its own."""
    left = []
    for one, index in parts(document):
        if one == right:
            continue
        statement = copy.deepcopy(document["Statement"][index])
        statement |= {"Action": one.action, "Resource": one.resource}
        statement.pop("Sid", None)
        if one.service:
            statement["Condition"]["StringEquals"]["kms:ViaService"] = one.service
        left.append(statement)
    return document | {"Statement": left}


def session(aws, role, name):
    """Credentials of a role that is deployed. Its trust is afterwards what it was."""
    trust = aws.iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    opened = trust | {"Statement": [*trust["Statement"], LETS_ROOT_IN]}
    aws.iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(opened))
    credentials = assume(aws, role, name)
    aws.iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))
    return credentials


def session_with(aws, name, document):
    """Credentials of a new role called `name`, with this policy."""
    trust = {"Version": "2012-10-17", "Statement": [LETS_ROOT_IN]}
    aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    aws.iam.put_role_policy(RoleName=name, PolicyName="serve", PolicyDocument=json.dumps(document))
    return assume(aws, name, name)


def assume(aws, role, name):
    answer = aws.sts.assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{role}", RoleSessionName=name)
    return answer["Credentials"]
