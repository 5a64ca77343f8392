"""What the emulator's own trail of calls says. It has only calls that were allowed, and no calls of a key."""

import json

from .gate import TRANSACTION, rights_for

SERVICES = {"dynamodb": "DynamoDB", "secretsmanager": "secretsmanager"}
# Services that the server might call besides: the emulator's names for them.
OTHERS = ("sts", "kms", "s3", "sns", "sqs", "iam", "logs", "monitoring", "ecs", "cognito-idp", "ssm")
# An operation of DynamoDB that is no action: each of its parts is one.
WRITES = "TransactWriteItems"


def events(aws, key_id, **attributes):
    """The latest calls with this access key and these attributes: at most 50."""
    wanted = {"AccessKeyId": key_id, **attributes}
    answer = aws.cloudtrail.lookup_events(LookupAttributes=[{"AttributeKey": name, "AttributeValue": value} for name, value in wanted.items()])
    return answer["Events"]


def rights_of(event):
    record = json.loads(event["CloudTrailEvent"])
    service = SERVICES[event["EventSource"].split(".")[0]]
    return set(rights_for(f"{service}.{event['EventName']}", record["requestParameters"]))


def contradictions(aws, key_id, rights):
    """What the trail says otherwise than that exactly these rights were used with this access key."""
    for right in rights:
        service, operation = right.action.split(":")
        if service == "kms":
            continue
        found = events(aws, key_id, EventName=operation)
        if operation in TRANSACTION.values():
            found = found + events(aws, key_id, EventName=WRITES)
        if not any(right in rights_of(event) for event in found):
            yield f"{right}: not among the calls"
    allowed = {right.action for right in rights} | {f"dynamodb:{WRITES}"}
    for service in SERVICES:
        for operation in aws[service].meta.service_model.operation_names:
            if f"{service}:{operation}" not in allowed and events(aws, key_id, EventSource=f"{service}.amazonaws.com", EventName=operation):
                yield f"{service}:{operation}: among the calls"
    for service in OTHERS:
        for event in events(aws, key_id, EventSource=f"{service}.amazonaws.com"):
            yield f"{service}:{event['EventName']}: among the calls"
