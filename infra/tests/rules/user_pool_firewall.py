"""The firewall of the user pool: what users of its own directory could do, and floods."""

import re

import allowed
from policies import properties
from rules.exact import ANY_TEXT, att, exactly, ref, sub

LOWERCASE = [{"Priority": 0, "Type": "LOWERCASE"}]
PATH, METHOD, OPERATION = ({"UriPath": {}}, {"Method": {}}, {"SingleHeader": {"Name": "x-amz-target"}})


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
            blocking("api-of-local-users", 0, {"OrStatement": {"Statements": [matching(OPERATION, any_regex)] * 2}}),
            blocking("pages-of-local-users", 1, {"OrStatement": {"Statements": [matching(PATH, PAGES), password]}}),
            blocking("requests-per-address", 2, rate, CustomResponse=later),
        ],
    })
    yield from exactly(template, "PoolWebAclAssociation", {"ResourceArn": att("UserPool", "Arn"), "WebACLArn": att("PoolWebAcl", "Arn")})


def the_firewall_knows_every_operation_of_users(template):
    """As botocore has them. Operations of operators must get through: deployments and `server check --deep` use them."""
    statements = properties(template, "PoolWebAcl")["Rules"][0]["Statement"]["OrStatement"]["Statements"]
    blocked = [re.compile(one["RegexMatchStatement"]["RegexString"]) for one in statements]

    def is_blocked(operation):
        target = f"AWSCognitoIdentityProviderService.{operation}".lower()
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
