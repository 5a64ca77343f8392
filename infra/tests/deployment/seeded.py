"""Changes behind the templates' back. Reading back must name each of them, and nothing else."""

import json

from .kinds.computing import as_ecs
from .verify import verify


CEILINGS = {"MaxReadRequestUnits": 51, "MaxWriteRequestUnits": 1000}


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


def old_tls(aws, stacks):
    listener = stacks["app"].physical["HttpsListener"]
    aws.elbv2.modify_listener(ListenerArn=listener, SslPolicy="ELBSecurityPolicy-2016-08")


def invalid_headers(aws, stacks):
    balancer = stacks["app"].physical["Balancer"]
    attributes = [{"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "false"}]
    aws.elbv2.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=attributes)


def short_log(aws, stacks):
    aws.logs.put_retention_policy(logGroupName=stacks["app"].physical["LogGroup"], retentionInDays=1)


def open_to_all(aws, stacks):
    everyone = {"IpProtocol": "tcp", "FromPort": 3000, "ToPort": 3000, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    aws.ec2.authorize_security_group_ingress(GroupId=stacks["app"].physical["BalancerSecurityGroup"], IpPermissions=[everyone])


def no_rollback(aws, stacks):
    app = stacks["app"]
    wanted = as_ecs(app.properties("Service")["DeploymentConfiguration"])
    wanted["deploymentCircuitBreaker"] = {"enable": True, "rollback": False}
    aws.ecs.update_service(cluster=app.physical["Cluster"], service=app.physical["Service"], deploymentConfiguration=wanted)


def deaf_alarm(aws, stacks):
    [alarm] = aws.cloudwatch.describe_alarms(AlarmNames=[stacks["watch"].physical["SlowResponses"]])["MetricAlarms"]
    known = aws.cloudwatch.meta.service_model.operation_model("PutMetricAlarm").input_shape.members
    aws.cloudwatch.put_metric_alarm(**{key: value for key, value in alarm.items() if key in known} | {"Threshold": 3000.0})


# What is changed, with the resource and the properties that must be named.
SEEDED = [
    (of_table("RecordsTable", DeletionProtectionEnabled=False), "RecordsTable", {"DeletionProtectionEnabled"}),
    (of_table("RecordsTable", OnDemandThroughput=CEILINGS), "RecordsTable", {"OnDemandThroughput.MaxReadRequestUnits"}),
    (no_time_to_live, "SessionsTable", {"TimeToLiveSpecification.Enabled"}),
    (no_rotation, "Key", {"EnableKeyRotation"}),
    (short_secret, "PseudonymKey", {"GenerateSecretString.PasswordLength", "GenerateSecretString.ExcludePunctuation"}),
    (client_scope, "UserPoolClient", {"AllowedOAuthScopes"}),
    (provider_secret, "Itsme", {"ProviderDetails.client_secret"}),
    (more_rights, "TaskRole", {"Policies.*.PolicyDocument.Statement.*.Action"}),
    (another_policy, "TaskRole", {"Policies.*"}),
    (old_tls, "HttpsListener", {"SslPolicy"}),
    (invalid_headers, "Balancer", {"LoadBalancerAttributes.*.Value"}),
    (short_log, "LogGroup", {"RetentionInDays"}),
    (open_to_all, "BalancerSecurityGroup", {"SecurityGroupIngress.*"}),
    (no_rollback, "Service", {"DeploymentConfiguration.DeploymentCircuitBreaker.Rollback"}),
    (deaf_alarm, "SlowResponses", {"Threshold"}),
]


def unnoticed(aws, stacks):
    """Makes one change after the other. Yields those that reading back does not name as it should."""
    after = {fault[:3] for fault in verify(stacks.values()).faults}
    for change, resource, paths in SEEDED:
        before = after
        change(aws, stacks)
        after = {fault[:3] for fault in verify(stacks.values()).faults}
        if {(name, path) for _, name, path in after - before} != {(resource, path) for path in paths}:
            yield f"{change.__name__} of {resource}: {sorted(after - before)} instead of {sorted(paths)}"
