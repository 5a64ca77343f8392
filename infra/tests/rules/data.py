"""What every stack shares: the key, the tables, the server's own keys and the topic for alarms."""

from rules.alarms import above, alarms, expression, part
from rules.exact import ANY_TEXT, KEPT, att, exactly, ref, resources, sub
from rules.parameters import Parameter, conditions, given, outputs, parameters

THIS_ACCOUNT = {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}}
CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}
ALARM = {"Type": "AWS::CloudWatch::Alarm"}
TABLE = {"Type": "AWS::DynamoDB::Table", **KEPT}
SECRET = {"Type": "AWS::SecretsManager::Secret", **KEPT}


def the_key_is_for_this_account(template):
    """Who may use the key, and for what. No one outside the account, and no service for anything but its own purpose."""
    log_groups = sub("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:*")

    def statement(sid, principal, action, **others):
        return {"Sid": sid, "Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*", **others}

    policy = [
        statement("PoliciesOfThisAccountDecide", {"AWS": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")}, "kms:*"),
        statement(
            "LogGroupsOfThisAccount",
            {"Service": sub("logs.${AWS::Region}.${AWS::URLSuffix}")},
            ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
            Condition={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": log_groups}},
        ),
        statement("AlarmsOfThisAccount", CLOUDWATCH, ["kms:Decrypt", "kms:GenerateDataKey*"], Condition=THIS_ACCOUNT),
    ]
    yield from exactly(template, "Key", {
        "Description": ANY_TEXT,
        "EnableKeyRotation": True,
        "PendingWindowInDays": 30,
        "KeyPolicy": {"Version": "2012-10-17", "Statement": policy},
    })
    yield from exactly(template, "KeyAlias", {"AliasName": sub("alias/${AWS::StackName}"), "TargetKeyId": ref("Key")})


def ceiling(table):
    return {"MaxReadRequestUnits": ref(f"{table}MaxReadRequestUnits"), "MaxWriteRequestUnits": ref(f"{table}MaxWriteRequestUnits")}


INSIGHTS = {"Enabled": True, "Mode": "THROTTLED_KEYS"}


def attributes(*names):
    return [{"AttributeName": name, "AttributeType": "S"} for name in names]


def keys(*names):
    return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ["HASH", "RANGE"])]


def table(name, days, **others):
    """What both tables have: a ceiling, a backup of so many days, and protection against deletion and readers of the disk."""
    return {
        "TableName": ref(f"{name}TableName"),
        "BillingMode": "PAY_PER_REQUEST",
        "OnDemandThroughput": ceiling(name),
        "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": days},
        "DeletionProtectionEnabled": True,
        "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": att("Key", "Arn")},
        "ContributorInsightsSpecification": INSIGHTS,
        **others,
    }


def tables_have_the_shape_that_the_server_checks(template):
    yield from exactly(template, "RecordsTable", table("records", 35, AttributeDefinitions=attributes("pk", "sk"), KeySchema=keys("pk", "sk")))
    index = {
        "IndexName": "by_citizen",
        "KeySchema": keys("citizen"),
        "Projection": {"ProjectionType": "KEYS_ONLY"},
        # A lower one would also throttle writes to the table.
        "OnDemandThroughput": ceiling("sessions"),
        "ContributorInsightsSpecification": INSIGHTS,
    }
    yield from exactly(template, "SessionsTable", table(
        "sessions", 1, AttributeDefinitions=attributes("pk", "citizen"), KeySchema=keys("pk"), GlobalSecondaryIndexes=[index]
    ))


def keys_of_the_server_are_generated_once(template):
    """A change of `GenerateSecretString` would generate another value."""
    for name in ("PseudonymKey", "SessionKey"):
        yield from exactly(template, name, {
            "Description": ANY_TEXT,
            "KmsKeyId": att("Key", "Arn"),
            "GenerateSecretString": {"PasswordLength": 64, "ExcludePunctuation": True},
        })


def only_alarms_of_this_account_are_published(template):
    yield from exactly(template, "AlarmTopic", {"KmsMasterKeyId": att("Key", "Arn")})
    statement = {
        "Sid": "AlarmsOfThisAccount", "Effect": "Allow", "Principal": CLOUDWATCH, "Action": "sns:Publish",
        "Resource": ref("AlarmTopic"), "Condition": THIS_ACCOUNT,
    }
    yield from exactly(template, "AlarmTopicPolicy", {
        "Topics": [ref("AlarmTopic")], "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}
    })
    yield from exactly(template, "AlarmSubscription", {"TopicArn": ref("AlarmTopic"), "Protocol": "email", "Endpoint": ref("alarmEmail")})


def of(table, identifier, name, index=False):
    """The sum of a metric of DynamoDB in a minute."""
    values = {"TableName": ref(table), **({"GlobalSecondaryIndexName": "by_citizen"} if index else {})}
    return part(identifier, "AWS/DynamoDB", name, "Sum", 60, **values)


def throttled(table, *parts):
    total = " + ".join(f"FILL({one['Id']}, 0)" for one in parts)
    return above(0, 2, 5, {"Metrics": [expression("all", "throttled requests", total), *parts]})


def near(limit, used, *parts):
    """At 80 % of a ceiling, which is per second."""
    formula = {"Fn::Sub": f"100 * {used} / PERIOD(used) / ${{{limit}}}"}
    return above(80, 3, 5, {"Metrics": [expression("percent", "percent of the ceiling", formula), *parts]}, at=True)


BOTH = "MAX([FILL(used, 0), FILL(index_used, 0)])"
READS, WRITES = "ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"
ALARMS = {
    "RecordsThrottled": ("records-throttled", throttled(
        "RecordsTable", of("RecordsTable", "reads", "ReadThrottleEvents"), of("RecordsTable", "writes", "WriteThrottleEvents")
    )),
    "SessionsThrottled": ("sessions-throttled", throttled(
        "SessionsTable", of("SessionsTable", "reads", "ReadThrottleEvents"), of("SessionsTable", "writes", "WriteThrottleEvents"),
        of("SessionsTable", "index_reads", "ReadThrottleEvents", True), of("SessionsTable", "index_writes", "WriteThrottleEvents", True),
    )),
    "RecordsReadCeiling": ("records-read-ceiling", near("recordsMaxReadRequestUnits", "FILL(used, 0)", of("RecordsTable", "used", READS))),
    "RecordsWriteCeiling": ("records-write-ceiling", near("recordsMaxWriteRequestUnits", "FILL(used, 0)", of("RecordsTable", "used", WRITES))),
    "SessionsReadCeiling": ("sessions-read-ceiling", near(
        "sessionsMaxReadRequestUnits", BOTH, of("SessionsTable", "used", READS), of("SessionsTable", "index_used", READS, True)
    )),
    "SessionsWriteCeiling": ("sessions-write-ceiling", near(
        "sessionsMaxWriteRequestUnits", BOTH, of("SessionsTable", "used", WRITES), of("SessionsTable", "index_used", WRITES, True)
    )),
}
RESOURCES = {
    "Key": {"Type": "AWS::KMS::Key", **KEPT},
    "KeyAlias": {"Type": "AWS::KMS::Alias"},
    "RecordsTable": TABLE,
    "SessionsTable": TABLE,
    "PseudonymKey": SECRET,
    "SessionKey": SECRET,
    "AlarmTopic": {"Type": "AWS::SNS::Topic"},
    "AlarmTopicPolicy": {"Type": "AWS::SNS::TopicPolicy"},
    "AlarmSubscription": {"Type": "AWS::SNS::Subscription", "Condition": "HasAlarmEmail"},
    **{name: ALARM for name in ALARMS},
}
NAME = Parameter(right=["abc", "my.table_1-x", "a" * 255], wrong=["ab", "my table", "a" * 256, ""])
UNITS = {"type": "Number", "right": [50, 40000], "wrong": [49, 40001, -1, "x"]}
PARAMETERS = {
    "recordsTableName": Parameter(NAME.right, NAME.wrong, default="mydata-records"),
    "sessionsTableName": Parameter(NAME.right, NAME.wrong, default="mydata-sessions"),
    "recordsMaxReadRequestUnits": Parameter(**UNITS, default=2000),
    "recordsMaxWriteRequestUnits": Parameter(**UNITS, default=1000),
    "sessionsMaxReadRequestUnits": Parameter(**UNITS, default=4000),
    "sessionsMaxWriteRequestUnits": Parameter(**UNITS, default=1000),
    "alarmEmail": Parameter(right=["team@example.org"], wrong=["team", "a b@example.org", "a@b@c"], default=""),
    "runbookUrl": Parameter(
        right=["https://example.org/alarms.md"], wrong=["http://example.org/alarms.md", "https://example.org/#a", "https://example.org/?a", ""]
    ),
}
OUTPUTS = {
    "RecordsTableName": ref("RecordsTable"),
    "RecordsTableArn": att("RecordsTable", "Arn"),
    "SessionsTableName": ref("SessionsTable"),
    "SessionsTableArn": att("SessionsTable", "Arn"),
    "KeyArn": att("Key", "Arn"),
    "PseudonymKeySecretArn": ref("PseudonymKey"),
    "SessionKeySecretArn": ref("SessionKey"),
    "AlarmTopicArn": ref("AlarmTopic"),
}
RULES = [
    parameters(PARAMETERS),
    conditions({"HasAlarmEmail": given("alarmEmail")}),
    resources(RESOURCES),
    the_key_is_for_this_account,
    tables_have_the_shape_that_the_server_checks,
    keys_of_the_server_are_generated_once,
    only_alarms_of_this_account_are_published,
    alarms(ALARMS, "AlarmTopic"),
    outputs(OUTPUTS),
]
