"""The server's configuration on AWS: which variables the container gets, and which of them are others in the Lambda function."""

import re
from functools import cache

from rules.exact import differences, ref, sub
from templates import INFRA

NONE = ref("AWS::NoValue")


def when(condition, value):
    """A variable that counts as not set if the condition does not hold."""
    return {"Fn::If": [condition, value, ""]}


def provider(index, condition, **values):
    return {f"MYDATA_PROVIDERS__{index}__{name}": when(condition, value) for name, value in values.items()}


SIGNING_KEYS = {"Fn::If": [
    "HasOtherSigningKey",
    sub("${loginGovSigningKeySecretArn},${otherLoginGovSigningKeySecretArn}"),
    when("HasLoginGov", ref("loginGovSigningKeySecretArn")),
]}
ENVIRONMENT = {
    "MYDATA_PUBLIC_URL": ref("publicUrl"),
    "MYDATA_LISTEN": "0.0.0.0:3000",
    "MYDATA_SITE_ROOT": "/site",
    "MYDATA_TRUSTED_PROXIES": ref("balancerCidrs"),
    "MYDATA_SHUTDOWN__DRAIN_SECONDS": "35",
    "MYDATA_SERVICE__NAME": ref("serviceName"),
    "MYDATA_SERVICE__ORGANISATION": ref("organisation"),
    "MYDATA_SERVICE__CONTACT_URL": ref("contactUrl"),
    "MYDATA_SERVICE__PRIVACY_URL": ref("privacyUrl"),
    # The id of a user pool starts with its region.
    "MYDATA_COGNITO__REGION": {"Fn::Select": [0, {"Fn::Split": ["_", ref("userPoolId")]}]},
    "MYDATA_COGNITO__USER_POOL_ID": ref("userPoolId"),
    "MYDATA_COGNITO__USER_POOL_WEB_CLIENT_ID": ref("userPoolWebClientId"),
    "MYDATA_COGNITO__DOMAIN": ref("domain"),
    "MYDATA_COGNITO__CLIENT_SECRET_ARN": ref("clientSecretArn"),
    "MYDATA_DYNAMODB__RECORDS_TABLE": ref("recordsTableName"),
    "MYDATA_DYNAMODB__SESSIONS_TABLE": ref("sessionsTableName"),
    "MYDATA_DYNAMODB__BACKUP_DAYS": ref("backupDays"),
    "MYDATA_PSEUDONYM__KEY_SECRET_ARN": ref("pseudonymKeySecretArn"),
    "MYDATA_PSEUDONYM__GENERATION": ref("pseudonymGeneration"),
    "MYDATA_PSEUDONYM__PREVIOUS_KEY_SECRET_ARN": ref("previousPseudonymKeySecretArn"),
    "MYDATA_PSEUDONYM__MOVE_RECORDS": ref("movesRecords"),
    "MYDATA_KEYS__SESSION_SECRET_ARNS": sub("${sessionKeySecretArn},${otherSessionKeySecretArn}"),
    **provider(0, "HasItsme", ID="itsme", NAME="itsme", NAMESPACE="BE", KIND="itsme"),
    **provider(1, "HasLoginGov", ID="login_gov", NAME="LoginGov", NAMESPACE=ref("loginGovNamespace"), KIND="login_gov"),
    "MYDATA_PROVIDERS__1__BRIDGE__CLIENT_ID": ref("loginGovClientId"),
    "MYDATA_PROVIDERS__1__BRIDGE__CLIENT_SECRET_ARN": when("HasLoginGov", ref("loginGovBridgeSecretArn")),
    "MYDATA_PROVIDERS__1__BRIDGE__PREVIOUS_CLIENT_SECRET_ARN": when("HasPreviousBridgeSecret", ref("previousLoginGovBridgeSecretArn")),
    "MYDATA_PROVIDERS__1__BRIDGE__ISSUER": when("HasLoginGov", ref("loginGovIssuerURL")),
    "MYDATA_PROVIDERS__1__BRIDGE__PARAMETERS": when("HasLoginGov", sub("acr_values=${loginGovAcrValues},prompt=select_account")),
    "MYDATA_PROVIDERS__1__BRIDGE__SIGNING_KEY_SECRET_ARNS": SIGNING_KEYS,
    **provider(2, "HasAuth0", ID="auth0", NAME="Auth0", NAMESPACE=ref("auth0Namespace"), KIND="auth0", ISSUER=ref("auth0IssuerURL")),
    "MYDATA_PROVIDERS__2__CLIENT_ID": ref("auth0ClientId"),
    **provider(
        3, "HasBeyondIdentity", ID="beyond_identity", NAME="BeyondIdentity", NAMESPACE=ref("beyondIdentityNamespace"),
        KIND="beyond_identity", ISSUER=ref("beyondIdentityIssuerURL"),
    ),
    "MYDATA_PROVIDERS__3__CLIENT_ID": ref("beyondIdentityClientId"),
    **provider(
        4, "HasCaseWorkers", ID="identity_center", NAME="IAMIdentityCenter", NAMESPACE=ref("workforceNamespace"), KIND="identity_center",
        EID_FORMAT="any", CLIENT__CLIENT_ID=ref("caseWorkersClientId"), CLIENT__CLIENT_SECRET_ARN=ref("caseWorkersClientSecretArn"),
    ),
    "MYDATA_DOCUMENTS__APPLICATION_ARN": when("HasCaseWorkers", ref("documentsApplicationArn")),
    "MYDATA_DOCUMENTS__ROLE_ARN": ref("documentsRoleArn"),
}
# In a function, the peer is the adapter, the archive is unpacked to /var/task, and nothing is left to drain.
OTHERS_IN_LAMBDA = {
    "MYDATA_LISTEN": "127.0.0.1:3000",
    "MYDATA_SITE_ROOT": "/var/task/site",
    "MYDATA_TRUSTED_PROXIES": "127.0.0.1",
    "MYDATA_SHUTDOWN__DRAIN_SECONDS": "0",
}
ONLY_IN_LAMBDA = {
    "AWS_LWA_PORT": "3000",
    "AWS_LWA_READINESS_CHECK_PATH": "/readyz",
    "AWS_LWA_READINESS_CHECK_HEALTHY_STATUS": "200",
    # Lambda stops the server between requests.
    "MYDATA_LOG__WAIT": "true",
}
# Parameters that may be empty, with the condition that they are not.
OPTIONAL = {
    "organisation": "HasOrganisation",
    "contactUrl": "HasContact",
    "privacyUrl": "HasPrivacyNotice",
    "loginGovClientId": "HasLoginGov",
    "auth0ClientId": "HasAuth0",
    "beyondIdentityClientId": "HasBeyondIdentity",
    "documentsRoleArn": "HasCaseWorkers",
    "previousPseudonymKeySecretArn": "HasPreviousPseudonymKey",
}


def left_out(value):
    """A variable of the function: left out instead of empty."""
    if value == "":
        return NONE
    if isinstance(value, dict) and "Fn::If" in value:
        return {"Fn::If": [value["Fn::If"][0], *map(left_out, value["Fn::If"][1:])]}
    if isinstance(value, dict) and value.get("Ref") in OPTIONAL:
        return {"Fn::If": [OPTIONAL[value["Ref"]], value, NONE]}
    return value


def in_lambda():
    return {**ONLY_IN_LAMBDA, **{name: left_out(value) for name, value in ENVIRONMENT.items()}, **OTHERS_IN_LAMBDA}


@cache
def keys_of_the_server():
    """The keys in README's table of the configuration: the last part of each, since a row may name several of one table."""
    table = re.findall(r"^\| (`[^|]+) \|", (INFRA.parent / "README.md").read_text(), re.M)
    return {word.strip("[]").split(".")[-1] for row in table for word in re.findall(r"`([^`]+)`", row)}


def the_server_knows_each_variable(template):
    """The one that it does not know is ignored, with a line in the log that no one reads."""
    container = template["Resources"]["TaskDefinition"]["Properties"]["ContainerDefinitions"][0]
    for one in container["Environment"]:
        key = one["Name"].removeprefix("MYDATA_").lower().split("__")[-1]
        if key not in keys_of_the_server():
            yield f"{one['Name']}: README knows no key {key}"


def the_environment_is_the_configuration(template):
    container = template["Resources"]["TaskDefinition"]["Properties"]["ContainerDefinitions"][0]
    names = [one["Name"] for one in container["Environment"]]
    if len(set(names)) != len(names):
        yield "a variable is there twice"
    yield from differences({one["Name"]: one["Value"] for one in container["Environment"]}, ENVIRONMENT, "Environment")
    if any(set(one) != {"Name", "Value"} for one in container["Environment"]):
        yield "a variable has more than a name and a value"
