"""The firewall of the user pool: what users of its own directory could do, and floods."""

import re

import allowed
from policies import properties
from rules.exact import ANY_TEXT, att, exactly, ref, sub

LOWERCASE = [{"Priority": 0, "Type": "LOWERCASE"}]
PATH, METHOD = ({"UriPath": {}}, {"Method": {}})
# The header in which the client names the operation, and that of Cognito itself, each with what stands before the name.
HEADERS = {"x-amz-target": "AWSCognitoIdentityProviderService.", "x-amzn-cognito-operation-name": ""}


def matching(field, regex):
    """`regex` is the expected one, or says whether it is right."""
    return {"RegexMatchStatement": {"FieldToMatch": field, "TextTransformations": LOWERCASE, "RegexString": regex}}


def seen(name):
    """It is counted, and nothing of a request is kept."""
    return {"MetricName": name, "CloudWatchMetricsEnabled": True, "SampledRequestsEnabled": False}


def blocking(name, priority, statement, **block):
    return {"Name": name, "Priority": priority, "Action": {"Block": block}, "VisibilityConfig": seen(name), "Statement": statement}


PAGES = "^/(signup|confirmuser|confirm|resendcode|forgotpassword|confirmforgotpassword|changepassword|passkeys)(/|$)"


def the_firewall_stops_local_users_and_floods(template):
    any_regex = lambda found: isinstance(found, str) and 0 < len(found) <= 512
    of_client, of_cognito = ([matching({"SingleHeader": {"Name": name}}, any_regex)] * 2 for name in HEADERS)
    elsewhere = {"NotStatement": {"Statement": matching(PATH, "^/oauth2/")}}
    operations = [*of_client, {"AndStatement": {"Statements": [elsewhere, {"OrStatement": {"Statements": of_cognito}}]}}]
    password = {"AndStatement": {"Statements": [matching(PATH, "^/login(/|$)"), {"ByteMatchStatement": {
        "FieldToMatch": METHOD, "TextTransformations": LOWERCASE, "PositionalConstraint": "EXACTLY", "SearchString": "post",
    }}]}}
    own_requests = {"NotStatement": {"Statement": matching(PATH, "^/oauth2/(token|revoke|userinfo)$")}}
    rate = {"RateBasedStatement": {
        "AggregateKeyType": "IP", "EvaluationWindowSec": 300, "Limit": ref("poolRequestsPerAddress"), "ScopeDownStatement": own_requests,
    }}
    later = {"ResponseCode": 429, "ResponseHeaders": [{"Name": "retry-after", "Value": "300"}]}
    yield from exactly(template, "PoolWebAcl", {
        "Description": ANY_TEXT,
        "Scope": "REGIONAL",
        "DefaultAction": {"Allow": {}},
        "VisibilityConfig": seen(sub("${AWS::StackName}-pool")),
        "Rules": [
            blocking("api-of-local-users", 0, {"OrStatement": {"Statements": operations}}),
            blocking("pages-of-local-users", 1, {"OrStatement": {"Statements": [matching(PATH, PAGES), password]}}),
            blocking("requests-per-address", 2, rate, CustomResponse=later),
        ],
    })
    yield from exactly(template, "PoolWebAclAssociation", {"ResourceArn": att("UserPool", "Arn"), "WebACLArn": att("PoolWebAcl", "Arn")})


def the_firewall_knows_every_operation_of_users(template):
    """As botocore has them. Operations of operators must get through: deployments and `server check --deep` use them."""
    statements = properties(template, "PoolWebAcl")["Rules"][0]["Statement"]["OrStatement"]["Statements"]
    *of_client, other = statements
    matches = [one["RegexMatchStatement"] for one in of_client + other["AndStatement"]["Statements"][1]["OrStatement"]["Statements"]]
    for header, prefix in HEADERS.items():
        blocked = [re.compile(one["RegexString"]) for one in matches if one["FieldToMatch"]["SingleHeader"]["Name"] == header]
        yield from (f"{header}: {said}" for said in mistaken_operations(blocked, prefix))


def mistaken_operations(blocked, prefix):
    """The operations that these patterns block or let through, and should not."""

    def is_blocked(operation):
        target = f"{prefix}{operation}".lower()
        return any(one.search(target) for one in blocked)

    for operation in sorted(allowed.operations_without_credentials()):
        if not is_blocked(operation):
            yield f"{operation} gets through"
        for near in (f"x{operation}", f"{operation}x"):
            if is_blocked(near):
                yield f"{near} is blocked"
    for operation in sorted(allowed.operations_with_credentials()):
        if is_blocked(operation):
            yield f"{operation} is blocked"
    names = sum(one.pattern.count("|") + 1 for one in blocked)
    if names != len(allowed.operations_without_credentials()):
        yield f"{names} operations are named"
