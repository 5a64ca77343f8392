"""Mistakes in the template, and the rules that notice them."""

from templates import in_resource

KEY, TABLES, SECRETS, TOPIC, ALARMS, RESOURCES = (
    "the_key_is_for_this_account",
    "tables_have_the_shape_that_the_server_checks",
    "keys_of_the_server_are_generated_once",
    "only_alarms_of_this_account_are_published",
    "alarms_ring_and_say_what_to_do",
    "resources_are_those_decided_on",
)
PARAMETERS, CONDITIONS, OUTPUTS = (
    "parameters_accept_what_is_right", "conditions_depend_on_the_right_parameter", "outputs_name_what_they_say"
)


def key(index, *path):
    return in_resource("Key", "KeyPolicy", "Statement", index, *path)


def records(*path):
    return in_resource("RecordsTable", *path)


def sessions(*path):
    return in_resource("SessionsTable", *path)


INDEX = ("GlobalSecondaryIndexes", 0)
MISTAKES = [
    # The key
    (key(0, "Principal"), {"AWS": "*"}, KEY),
    (key(0, "Principal"), "*", KEY),
    (key(1, "Condition"), None, KEY),
    (key(1, "Condition", "ArnLike", "kms:EncryptionContext:aws:logs:arn"), "*", KEY),
    (key(1, "Principal", "Service"), {"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"}, KEY),
    (key(2, "Condition"), None, KEY),
    (key(2, "Action"), ["kms:GenerateDataKey*"], KEY),
    (key(2, "Principal", "Service"), "sns.amazonaws.com", KEY),
    (key(2), None, KEY),
    (in_resource("Key", "EnableKeyRotation"), None, KEY),
    (in_resource("Key", "PendingWindowInDays"), 7, KEY),
    (in_resource("Key", "BypassPolicyLockoutSafetyCheck"), True, KEY),
    (in_resource("KeyAlias", "TargetKeyId"), "alias/aws/dynamodb", KEY),
    (("Resources", "Key", "DeletionPolicy"), "Delete", f"{RESOURCES} cfn-guard"),
    # The tables
    (records("TimeToLiveSpecification", "AttributeName"), "expiresAt", TABLES),
    (records("TimeToLiveSpecification", "Enabled"), False, TABLES),
    (records("PointInTimeRecoverySpecification", "RecoveryPeriodInDays"), 7, TABLES),
    (records("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"), False, f"{TABLES} cfn-guard"),
    (sessions("PointInTimeRecoverySpecification", "RecoveryPeriodInDays"), 35, TABLES),
    (records("DeletionProtectionEnabled"), False, f"{TABLES} cfn-guard"),
    (sessions("DeletionProtectionEnabled"), None, TABLES),
    (records("SSESpecification"), None, TABLES),
    (records("SSESpecification"), {"SSEEnabled": True}, TABLES),
    (sessions("SSESpecification", "KMSMasterKeyId"), "alias/aws/dynamodb", TABLES),
    (records("BillingMode"), "PROVISIONED", TABLES),
    (records("OnDemandThroughput"), None, TABLES),
    (records("OnDemandThroughput", "MaxWriteRequestUnits"), {"Ref": "recordsMaxReadRequestUnits"}, TABLES),
    (sessions(*INDEX, "OnDemandThroughput"), None, TABLES),
    (sessions(*INDEX, "OnDemandThroughput", "MaxWriteRequestUnits"), 10, TABLES),
    (sessions(*INDEX, "IndexName"), "by-citizen", TABLES),
    (sessions(*INDEX, "Projection", "ProjectionType"), "ALL", TABLES),
    (sessions(*INDEX, "KeySchema", 0, "AttributeName"), "pk", TABLES),
    (sessions(*INDEX, "ContributorInsightsSpecification"), None, TABLES),
    (records("KeySchema", 1, "AttributeName"), "pk", TABLES),
    (records("AttributeDefinitions", 0, "AttributeType"), "N", TABLES),
    (records("TableName"), {"Ref": "sessionsTableName"}, TABLES),
    (records("ContributorInsightsSpecification", "Mode"), "ACCESSED_AND_THROTTLED_KEYS", TABLES),
    (records("WarmThroughput"), {"WriteUnitsPerSecond": 4000}, TABLES),
    (records("ResourcePolicy"), {"PolicyDocument": {"Statement": []}}, TABLES),
    (records("StreamSpecification"), {"StreamViewType": "NEW_IMAGE"}, TABLES),
    (("Resources", "RecordsTable", "DeletionPolicy"), "Delete", RESOURCES),
    (("Resources", "RecordsTable", "DeletionPolicy"), None, RESOURCES),
    (("Resources", "SessionsTable", "UpdateReplacePolicy"), None, f"{RESOURCES} cfn-guard"),
    # The server's own keys
    (in_resource("PseudonymKey", "GenerateSecretString", "PasswordLength"), 32, SECRETS),
    (in_resource("PseudonymKey", "GenerateSecretString", "ExcludePunctuation"), None, SECRETS),
    (in_resource("PseudonymKey", "GenerateSecretString", "IncludeSpace"), True, SECRETS),
    (in_resource("PseudonymKey", "SecretString"), "a known key", SECRETS),
    (in_resource("SessionKey", "GenerateSecretString", "ExcludeNumbers"), True, SECRETS),
    (in_resource("SessionKey", "KmsKeyId"), None, SECRETS),
    (("Resources", "PseudonymKey", "DeletionPolicy"), "Delete", f"{RESOURCES} cfn-guard"),
    # Alarms and their topic
    (in_resource("AlarmTopic", "KmsMasterKeyId"), None, TOPIC),
    (in_resource("AlarmTopic", "KmsMasterKeyId"), "alias/aws/sns", TOPIC),
    (in_resource("AlarmTopicPolicy", "PolicyDocument", "Statement", 0, "Condition"), None, TOPIC),
    (in_resource("AlarmTopicPolicy", "PolicyDocument", "Statement", 0, "Principal"), "*", TOPIC),
    (in_resource("AlarmTopicPolicy", "PolicyDocument", "Statement", 0, "Resource"), "*", f"{TOPIC} resources_are_named"),
    (in_resource("AlarmTopicPolicy", "PolicyDocument", "Statement", 0, "Action"), "sns:*", f"{TOPIC} resources_are_named"),
    (in_resource("AlarmTopicPolicy", "PolicyDocument", "Version"), None, f"{TOPIC} policies_are_current"),
    (in_resource("AlarmSubscription", "Protocol"), "http", TOPIC),
    (("Resources", "AlarmSubscription", "Condition"), None, RESOURCES),
    (in_resource("RecordsThrottled", "AlarmActions"), None, ALARMS),
    (in_resource("RecordsThrottled", "AlarmActions", 0), {"Fn::GetAtt": ["Key", "Arn"]}, ALARMS),
    (in_resource("RecordsThrottled", "ActionsEnabled"), False, ALARMS),
    (in_resource("RecordsThrottled", "TreatMissingData"), "breaching", ALARMS),
    (in_resource("RecordsThrottled", "AlarmDescription", "Fn::Sub"), "DynamoDB throttles the records.", ALARMS),
    (in_resource("RecordsThrottled", "AlarmDescription", "Fn::Sub"), "It throttles. ${runbookUrl}#records", ALARMS),
    (in_resource("RecordsThrottled", "Metrics", 1, "MetricStat", "Metric", "MetricName"), "ReadThrottledEvents", ALARMS),
    (in_resource("RecordsThrottled", "Metrics", 1, "MetricStat", "Metric", "Dimensions", 0, "Name"), "Table", ALARMS),
    (in_resource("RecordsThrottled", "Metrics", 2, "MetricStat", "Stat"), "Average", ALARMS),
    (in_resource("SessionsThrottled", "Metrics", 0, "Expression"), "reads + writes", ALARMS),
    (in_resource("RecordsReadCeiling", "Threshold"), 8, ALARMS),
    (in_resource("RecordsReadCeiling", "ComparisonOperator"), "LessThanThreshold", ALARMS),
    (in_resource("RecordsReadCeiling", "DatapointsToAlarm"), 6, ALARMS),
    (in_resource("SessionsWriteCeiling", "Metrics", 0, "Expression", "Fn::Sub"), "100 * used / ${sessionsMaxWriteRequestUnits}", ALARMS),
    (("Resources", "SessionsReadCeiling"), None, f"{ALARMS} {RESOURCES}"),
    # Around the resources
    (("Parameters", "recordsMaxReadRequestUnits", "MinValue"), 0, PARAMETERS),
    (("Parameters", "recordsTableName", "Default"), "records", PARAMETERS),
    (("Parameters", "runbookUrl", "AllowedPattern"), ".*", PARAMETERS),
    (("Conditions", "HasAlarmEmail"), {"Fn::Equals": [{"Ref": "alarmEmail"}, ""]}, CONDITIONS),
    (("Outputs", "KeyArn", "Value"), {"Ref": "Key"}, OUTPUTS),
    (("Outputs", "SessionsTableArn"), None, OUTPUTS),
    (("Outputs", "PseudonymKeySecretArn", "Export"), {"Name": "key"}, "nothing_is_shared_or_transformed"),
]

# Any value is right here: the reason by place.
FREE = {}
