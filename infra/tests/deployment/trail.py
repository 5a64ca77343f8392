"""What the emulator's own trail of calls says."""

import json

from .gate import rights_for

SERVICES = {"dynamodb.amazonaws.com": "DynamoDB", "secretsmanager.amazonaws.com": "secretsmanager"}


def rights_in(aws, key_id):
    """Every right that was used with this access key, by CloudTrail. Calls that were denied are not in it."""
    used, token = set(), {}
    while True:
        page = aws.cloudtrail.lookup_events(LookupAttributes=[{"AttributeKey": "AccessKeyId", "AttributeValue": key_id}], **token)
        for event in page["Events"]:
            record = json.loads(event["CloudTrailEvent"])
            used.update(rights_for(f"{SERVICES[event['EventSource']]}.{event['EventName']}", record["requestParameters"]))
        if "NextToken" not in page:
            return used
        token = {"NextToken": page["NextToken"]}
