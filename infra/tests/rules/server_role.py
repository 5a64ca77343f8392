"""What the server may do on AWS: exactly what it calls. README's table of permissions says the same."""

from rules.exact import att, ref, sub

RECORDS = ["BatchWriteItem", "ConditionCheckItem", "DeleteItem", "DescribeTable", "DescribeTimeToLive", "GetItem", "PutItem", "Query", "UpdateItem"]
SESSIONS = ["BatchGetItem", "DeleteItem", "DescribeTable", "DescribeTimeToLive", "GetItem", "PutItem"]
INDEX = sub("${sessionsTableArn}/index/by_citizen")
# The secrets, each with the condition that it is used.
SECRETS = [
    ("clientSecretArn", None),
    ("pseudonymKeySecretArn", None),
    ("previousPseudonymKeySecretArn", "HasPreviousPseudonymKey"),
    ("sessionKeySecretArn", None),
    ("otherSessionKeySecretArn", "HasOtherSessionKey"),
    ("loginGovBridgeSecretArn", "HasBridgeSecret"),
    ("previousLoginGovBridgeSecretArn", "HasPreviousBridgeSecret"),
    ("loginGovSigningKeySecretArn", "HasSigningKey"),
    ("otherLoginGovSigningKeySecretArn", "HasOtherSigningKey"),
    ("caseWorkersClientSecretArn", "HasCaseWorkersClientSecret"),
]


def dynamodb(names):
    return [f"dynamodb:{name}" for name in names]


def allow(action, resource, **others):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **others}


def secret(name, condition):
    return {"Fn::If": [condition, ref(name), ref("AWS::NoValue")]} if condition else ref(name)


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


SERVER = [
    allow(dynamodb(RECORDS), ref("recordsTableArn")),
    allow(dynamodb(SESSIONS), ref("sessionsTableArn")),
    allow("dynamodb:Query", INDEX),
    allow("secretsmanager:GetSecretValue", [secret(*row) for row in SECRETS]),
    # Only to read what DynamoDB and Secrets Manager have encrypted.
    allow("kms:Decrypt", ref("keyArn"), Condition={"StringEquals": {"kms:ViaService": [
        sub("dynamodb.${AWS::Region}.${AWS::URLSuffix}"), sub("secretsmanager.${AWS::Region}.${AWS::URLSuffix}")
    ]}}),
]
WRITE_THE_LOG = allow(["logs:CreateLogStream", "logs:PutLogEvents"], att("LogGroup", "Arn"))


def trust(service, resources):
    """Only this service of this account may use a role, and only for such resources."""
    arn = sub(f"arn:${{AWS::Partition}}:{resources}")
    return policy({
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}, "ArnLike": {"aws:SourceArn": arn}},
    })
