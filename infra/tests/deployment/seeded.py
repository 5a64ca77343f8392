"""Changes behind the templates' back. Reading back must name each of them, and nothing else."""

import json

from .verify import verify


def of_table(name, **change):
    def apply(aws, stacks):
        aws.dynamodb.update_table(TableName=stacks["data"].physical[name], **change)

    return apply


def client_scope(aws, stacks):
    pool = stacks["user-pool"]
    wanted = pool.properties("UserPoolClient")
    wanted |= {"AllowedOAuthScopes": [*wanted["AllowedOAuthScopes"], "aws.cognito.signin.user.admin"], "ClientId": pool.physical["UserPoolClient"]}
    wanted = {key: int(value) if key.endswith("Validity") else value for key, value in wanted.items() if key != "GenerateSecret"}
    aws["cognito-idp"].update_user_pool_client(**wanted)


def provider_secret(aws, stacks):
    pool = stacks["user-pool"]
    details = pool.properties("Itsme")["ProviderDetails"] | {"client_secret": "another"}
    aws["cognito-idp"].update_identity_provider(UserPoolId=pool.physical["UserPool"], ProviderName="itsme", ProviderDetails=details)


def more_rights(aws, stacks):
    role = stacks["app"].physical["TaskRole"]
    [policy] = stacks["app"].properties("TaskRole")["Policies"]
    document = json.loads(json.dumps(policy["PolicyDocument"]))
    document["Statement"][0]["Action"].append("dynamodb:Scan")
    aws.iam.put_role_policy(RoleName=role, PolicyName=policy["PolicyName"], PolicyDocument=json.dumps(document))


def another_policy(aws, stacks):
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    aws.iam.put_role_policy(RoleName=stacks["app"].physical["TaskRole"], PolicyName="more", PolicyDocument=json.dumps(document))


def no_rotation(aws, stacks):
    aws.kms.disable_key_rotation(KeyId=stacks["data"].physical["Key"])


def short_secret(aws, stacks):
    aws.secretsmanager.put_secret_value(SecretId=stacks["data"].physical["PseudonymKey"], SecretString="a-short-secret!")


def no_time_to_live(aws, stacks):
    table = stacks["data"].physical["SessionsTable"]
    aws.dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification={"AttributeName": "expires_at", "Enabled": False})


# What is changed, with the resource and the properties that must be named.
SEEDED = [
    (of_table("RecordsTable", DeletionProtectionEnabled=False), "RecordsTable", {"DeletionProtectionEnabled"}),
    (of_table("RecordsTable", OnDemandThroughput={"MaxReadRequestUnits": 51, "MaxWriteRequestUnits": 1000}), "RecordsTable", {"OnDemandThroughput.MaxReadRequestUnits"}),
    (no_time_to_live, "SessionsTable", {"TimeToLiveSpecification.Enabled"}),
    (no_rotation, "Key", {"EnableKeyRotation"}),
    (short_secret, "PseudonymKey", {"GenerateSecretString.PasswordLength", "GenerateSecretString.ExcludePunctuation"}),
    (client_scope, "UserPoolClient", {"AllowedOAuthScopes"}),
    (provider_secret, "Itsme", {"ProviderDetails.client_secret"}),
    (more_rights, "TaskRole", {"Policies.*.PolicyDocument.Statement.*.Action"}),
    (another_policy, "TaskRole", {"Policies.*"}),
]


def unnoticed(aws, stacks):
    """Seeds each change alone. Yields those that reading back does not name as it should."""
    for change, resource, paths in SEEDED:
        before = {fault[:3] for fault in verify(stacks.values()).faults}
        change(aws, stacks)
        after = {fault[:3] for fault in verify(stacks.values()).faults}
        if {(name, path) for _, name, path in after - before} != {(resource, path) for path in paths}:
            yield f"{change.__name__} of {resource}: {sorted(after - before)} instead of {sorted(paths)}"
