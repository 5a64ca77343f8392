"""Keys, tables, secrets, topics."""

from .kind import Kind, only, picked, tags_of


CEILINGS = "OnDemandThroughput"
INSIGHTS = "ContributorInsightsSpecification"


def read_key(aws, identifier):
    about = aws.kms.describe_key(KeyId=identifier)["KeyMetadata"]
    rotation = aws.kms.get_key_rotation_status(KeyId=identifier)
    policy = aws.kms.get_key_policy(KeyId=identifier, PolicyName="default")["Policy"]
    found = picked(about, "Description", "Enabled", "KeySpec", "KeyUsage", "MultiRegion", "Arn", "KeyId")
    found |= {"EnableKeyRotation": rotation["KeyRotationEnabled"], "KeyPolicy": policy}
    found |= picked(rotation, "RotationPeriodInDays")
    found["Tags"] = [{"Key": one["TagKey"], "Value": one["TagValue"]} for one in aws.kms.list_resource_tags(KeyId=identifier)["Tags"]]
    return found


def read_alias(aws, identifier):
    found = [one for one in aws.all("kms", "list_aliases")["Aliases"] if one["AliasName"] == identifier]
    return picked(only(found), "AliasName", "TargetKeyId")


def read_table(aws, identifier):
    dynamodb = aws.dynamodb
    table = dynamodb.describe_table(TableName=identifier)["Table"]
    found = picked(table, "TableName", "KeySchema", "AttributeDefinitions", "OnDemandThroughput", "DeletionProtectionEnabled", "WarmThroughput")
    found["Arn"] = table["TableArn"]
    found |= picked(table.get("BillingModeSummary", {}), "BillingMode")
    found |= {"TableClass": table.get("TableClassSummary", {}).get("TableClass", "STANDARD")}
    # CloudFormation there leaves texts for the ceilings of an index, which the server's SDK does not accept.
    of_index = ("IndexName", "KeySchema", "Projection", "OnDemandThroughput", "WarmThroughput")
    if "GlobalSecondaryIndexes" in table:
        found["GlobalSecondaryIndexes"] = [
            picked(index, *of_index)
            | {CEILINGS: {key: value for key, value in index.get(CEILINGS, {}).items() if isinstance(value, int)}}
            | {INSIGHTS: insights_of(aws, TableName=identifier, IndexName=index["IndexName"])}
            for index in table["GlobalSecondaryIndexes"]
        ]
    if encryption := table.get("SSEDescription"):
        found["SSESpecification"] = {
            "SSEEnabled": encryption["Status"] == "ENABLED",
            "SSEType": encryption.get("SSEType"),
            "KMSMasterKeyId": encryption.get("KMSMasterKeyArn"),
        }
    backups = dynamodb.describe_continuous_backups(TableName=identifier)["ContinuousBackupsDescription"]
    backups = backups["PointInTimeRecoveryDescription"]
    found["PointInTimeRecoverySpecification"] = {
        "PointInTimeRecoveryEnabled": backups["PointInTimeRecoveryStatus"] == "ENABLED",
        **picked(backups, "RecoveryPeriodInDays"),
    }
    ttl = dynamodb.describe_time_to_live(TableName=identifier)["TimeToLiveDescription"]
    found["TimeToLiveSpecification"] = {
        "Enabled": ttl["TimeToLiveStatus"] in ("ENABLED", "ENABLING"),
        **picked(ttl, "AttributeName"),
    }
    found[INSIGHTS] = insights_of(aws, TableName=identifier)
    found["Tags"] = tags_of(dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"])
    return found


def insights_of(aws, **of):
    answer = aws.dynamodb.describe_contributor_insights(**of)
    status = answer.get("ContributorInsightsStatus")
    return {"Enabled": status in ("ENABLED", "ENABLING"), **picked(answer, Mode="ContributorInsightsMode")}


def complete_table(aws, identifier, properties):
    dynamodb = aws.dynamodb
    for name in ("SSESpecification", "OnDemandThroughput", "WarmThroughput"):
        if name in properties:
            value = properties[name]
            if name == "OnDemandThroughput":
                value = {key: int(one) for key, one in value.items()}
            if name == "SSESpecification":
                value = {"Enabled": value["SSEEnabled"], **picked(value, "SSEType", "KMSMasterKeyId")}
            dynamodb.update_table(TableName=identifier, **{name: value})
    if wanted := properties.get("PointInTimeRecoverySpecification"):
        wanted = wanted | picked({key: int(one) for key, one in wanted.items() if key == "RecoveryPeriodInDays"}, "RecoveryPeriodInDays")
        dynamodb.update_continuous_backups(TableName=identifier, PointInTimeRecoverySpecification=wanted)
    if wanted := properties.get("TimeToLiveSpecification"):
        dynamodb.update_time_to_live(TableName=identifier, TimeToLiveSpecification=wanted)
    indexes = properties.get("GlobalSecondaryIndexes", [])
    for wanted, index in [(properties, {})] + [(one, {"IndexName": one["IndexName"]}) for one in indexes]:
        if wanted := wanted.get(INSIGHTS):
            dynamodb.update_contributor_insights(
                TableName=identifier,
                **index,
                ContributorInsightsAction="ENABLE" if wanted["Enabled"] else "DISABLE",
                **picked(wanted, ContributorInsightsMode="Mode"),
            )


def has_ceilings_of_index(properties):
    return any(CEILINGS in index for index in properties.get("GlobalSecondaryIndexes", []))


def create_table(aws, properties):
    wanted = picked(properties, "TableName", "AttributeDefinitions", "KeySchema", "BillingMode", "DeletionProtectionEnabled")
    indexes = [{key: value for key, value in index.items() if key != INSIGHTS} for index in properties["GlobalSecondaryIndexes"]]
    for index in indexes:
        index[CEILINGS] = {key: int(value) for key, value in index[CEILINGS].items()}
    aws.dynamodb.create_table(**wanted, GlobalSecondaryIndexes=indexes)
    complete_table(aws, wanted["TableName"], properties)
    return wanted["TableName"]


def read_secret(aws, identifier):
    about = aws.secretsmanager.describe_secret(SecretId=identifier)
    found = picked(about, "Name", "Description", "KmsKeyId", "ARN")
    value = aws.secretsmanager.get_secret_value(SecretId=identifier)["SecretString"]
    found["SecretString"] = value
    found["GenerateSecretString"] = {
        "PasswordLength": len(value),
        "ExcludePunctuation": value.isalnum(),
        "IncludeSpace": " " in value,
        "RequireEachIncludedType": all(map(lambda has: any(map(has, value)), (str.isupper, str.islower, str.isdigit))),
    }
    found["Tags"] = tags_of(about.get("Tags", []))
    return found


def complete_secret(aws, identifier, properties):
    if wanted := properties.get("GenerateSecretString"):
        value = aws.secretsmanager.get_random_password(**{key: int(one) if key == "PasswordLength" else one for key, one in wanted.items()})
        aws.secretsmanager.put_secret_value(SecretId=identifier, SecretString=value["RandomPassword"])


def read_topic(aws, identifier):
    attributes = aws.sns.get_topic_attributes(TopicArn=identifier)["Attributes"]
    found = picked(attributes, "DisplayName", "KmsMasterKeyId", "TopicArn", "SignatureVersion", "TracingConfig")
    found["TopicName"] = identifier.rsplit(":", 1)[1]
    found["Tags"] = tags_of(aws.sns.list_tags_for_resource(ResourceArn=identifier)["Tags"])
    return found


def complete_topic(aws, identifier, properties):
    aws.sns.set_topic_attributes(TopicArn=identifier, AttributeName="KmsMasterKeyId", AttributeValue=properties["KmsMasterKeyId"])


def read_topic_policy(aws, identifier, properties):
    policies = {topic: aws.sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"] for topic in properties["Topics"]}
    return {"Topics": list(policies), "PolicyDocument": only(policies.values())}


def read_subscription(aws, identifier):
    found = [one for one in aws.all("sns", "list_subscriptions")["Subscriptions"] if one["SubscriptionArn"] == identifier]
    return picked(only(found), "Protocol", "Endpoint", "TopicArn")


KINDS = {
    "AWS::KMS::Key": Kind(read_key, {"Arn": lambda key: key["Arn"], "KeyId": lambda key: key["KeyId"]}),
    "AWS::KMS::Alias": Kind(read_alias),
    "AWS::DynamoDB::Table": Kind(
        read_table,
        {"Arn": lambda table: table["Arn"]},
        complete_table,
        create_table,
        refused=has_ceilings_of_index,
        reference=lambda properties: properties["TableName"],
    ),
    "AWS::SecretsManager::Secret": Kind(read_secret, {"Id": lambda secret: secret["ARN"]}, complete_secret),
    "AWS::SNS::Topic": Kind(read_topic, {"TopicArn": lambda topic: topic["TopicArn"], "TopicName": lambda topic: topic["TopicName"]}, complete_topic),
    "AWS::SNS::TopicPolicy": Kind(read_topic_policy, located=True),
    "AWS::SNS::Subscription": Kind(read_subscription),
}
