"""What app.yaml and lambda.yaml check before they create anything (`Rules`), and the values that they take."""

from rules.exact import differences, ref
from rules.parameters import Parameter, given, given_with


def missing_without(parameter, *others):
    """If a parameter is given, the others must be given too."""
    needed = [given(name) for name in others]
    return {
        "RuleCondition": given(parameter),
        "Assertions": [{"Assert": {"Fn::And": needed} if len(needed) > 1 else needed[0], "AssertDescription": mentions(*others)}],
    }


def mentions(*names):
    """A sentence that names the parameters."""
    return lambda found: isinstance(found, str) and found.endswith(".") and all(name in found for name in names)


def memory_for(cpu, *values):
    return {
        "RuleCondition": {"Fn::Equals": [ref("taskCpu"), cpu]},
        "Assertions": [{"Assert": {"Fn::Contains": [list(values), ref("taskMemory")]}, "AssertDescription": mentions("taskCpu", *values)}],
    }


# What Fargate offers for a number of CPU units, in MiB: from its user guide, "Task CPU and memory".
FARGATE = {
    "256": ["512", "1024", "2048"],
    "512": ["1024", "2048", "4096"],
    "1024": ["2048", "4096", "8192"],
    "2048": ["4096", "8192"],
    "4096": ["8192"],
}
PROVIDERS = ["itsmeClientId", "loginGovClientId", "auth0ClientId", "beyondIdentityClientId"]
ANYONE = {"Assert": {"Fn::Or": [given(name) for name in PROVIDERS]}, "AssertDescription": mentions("provider")}
CHECKS = {
    "SomebodyCanSignIn": {"Assertions": [ANYONE]},
    "LoginGovIsComplete": missing_without("loginGovClientId", "loginGovBridgeSecretArn", "loginGovSigningKeySecretArn"),
    "Auth0IsComplete": missing_without("auth0ClientId", "auth0IssuerURL"),
    "BeyondIdentityIsComplete": missing_without("beyondIdentityClientId", "beyondIdentityIssuerURL"),
    "CaseWorkersAreComplete": missing_without(
        "documentsRoleArn", "documentsApplicationArn", "caseWorkersClientId", "caseWorkersClientSecretArn"
    ),
}
SIZES = {f"MemoryFor{cpu}": memory_for(cpu, *values) for cpu, values in FARGATE.items()}


def checks(expected):
    def incomplete_parameters_are_refused(template):
        yield from differences(template.get("Rules", {}), expected, "Rules")

    return incomplete_parameters_are_refused


def arn(service, rest, optional=False, region="eu-west-1", account="123456789012"):
    right = [f"arn:aws:{service}:{region}:{account}:{rest}", f"arn:aws-us-gov:{service}:{region}:{account}:{rest}"]
    wrong = ["x", f"arn:aws:other:{region}:{account}:{rest}", f"{right[0]} x", *([] if optional else [""])]
    return Parameter(right, wrong, default="" if optional else None)


def secret(optional=False):
    one = arn("secretsmanager", "secret:mydata/key-AbCdEf", optional)
    # A secret itself is not an ARN, and a pattern for all secrets is not one secret.
    one.wrong += ["0" * 64, "arn:aws:secretsmanager:eu-west-1:123456789012:secret:*"]
    return one


REGISTER = ["US-LOGIN", "X1"], ["", "two words", "a,b"]
URL = ["https://example.org/a"], ["http://example.org/a", "example.org", "https://example.org/ a"]
CLIENT = ["abc-DEF_1"], ["two words"]
# What CloudWatch Logs offers, from a month on.
DAYS = [30, 60, 90, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
TABLE_NAME = Parameter(["mydata-records", "a.b_c"], ["", "a", "a b"])
# The parameters that app.yaml and lambda.yaml share.
SHARED = {
    "publicUrl": Parameter(
        ["https://mydata.example", "https://my-data.agency.example"],
        ["", "http://mydata.example", "https://mydata.example/", "https://mydata", "https://MyData.example", "https://mydata.example/x"],
    ),
    "serviceName": Parameter(["Mijn gegevens", "My Data: 2"], ["", '{ en = "x" }', "x" * 61], default="My Data"),
    "organisation": Parameter(["Example Agency"], ['{ en = "x" }', "x" * 61], default=""),
    "contactUrl": Parameter(["https://agency.example/contact", "mailto:a@agency.example"], ["http://agency.example", "a@b"], default=""),
    "privacyUrl": Parameter(*URL, default=""),
    "logRetentionDays": Parameter(DAYS, [0, *(days + 1 for days in DAYS)], default=365, type="Number"),
    "backupDays": Parameter([1, 35], [0, 36], default=35, type="Number"),
    "recordsTableName": TABLE_NAME,
    "recordsTableArn": arn("dynamodb", "table/mydata-records"),
    "sessionsTableName": TABLE_NAME,
    "sessionsTableArn": arn("dynamodb", "table/mydata-sessions"),
    "keyArn": arn("kms", "key/11111111-2222-4333-8444-555555555555"),
    "pseudonymKeySecretArn": secret(),
    "previousPseudonymKeySecretArn": secret(optional=True),
    "pseudonymGeneration": Parameter([1, 1000], [0, 1001], default=1, type="Number"),
    "movesRecords": Parameter(["true", "false"], ["", "yes"], default="true"),
    "sessionKeySecretArn": secret(),
    "otherSessionKeySecretArn": secret(optional=True),
    "alarmTopicArn": arn("sns", "mydata-alarms_1"),
    "runbookUrl": Parameter(URL[0], [*URL[1], "https://example.org/#a", "https://example.org/?a", ""]),
    "userPoolId": Parameter(["eu-west-1_AbCdEf123"], ["", "AbCdEf123", "eu-west-1_Ab-C"]),
    "userPoolWebClientId": Parameter(["4u8example"], ["", "4U8", "a b"]),
    "domain": Parameter(
        ["mydata.auth.eu-west-1.amazoncognito.com"], ["", "mydata", "https://mydata.auth.eu-west-1.amazoncognito.com", "mydata.example/"]
    ),
    "clientSecretArn": secret(),
    "itsmeClientId": Parameter(*CLIENT, default=""),
    "loginGovClientId": Parameter(
        ["urn:gov:gsa:openidconnect.profiles:sp:sso:my_agency:my_data"], ["my_data", "urn:two words"], default=""
    ),
    "loginGovIssuerURL": Parameter(
        ["https://secure.login.gov/"], ["https://secure.login.gov", "https://example.org/", ""],
        default="https://idp.int.identitysandbox.gov/",
    ),
    "loginGovAcrValues": Parameter(
        ["urn:acr.login.gov:verified-facial-match-preferred"],
        ["", "urn:acr.login.gov:verified prompt=none", "urn:acr.login.gov:a,b", "verified"],
        default="urn:acr.login.gov:verified",
    ),
    "loginGovNamespace": Parameter(*REGISTER, default="US-LOGIN"),
    "loginGovBridgeSecretArn": secret(optional=True),
    "previousLoginGovBridgeSecretArn": secret(optional=True),
    "loginGovSigningKeySecretArn": secret(optional=True),
    "otherLoginGovSigningKeySecretArn": secret(optional=True),
    "auth0ClientId": Parameter(*CLIENT, default=""),
    "auth0IssuerURL": Parameter(*URL, default=""),
    "auth0Namespace": Parameter(*REGISTER, default="AUTH0"),
    "beyondIdentityClientId": Parameter(*CLIENT, default=""),
    "beyondIdentityIssuerURL": Parameter(*URL, default=""),
    "beyondIdentityNamespace": Parameter(*REGISTER, default="BEYOND-IDENTITY"),
    "caseWorkersClientId": Parameter(["4u8example"], ["4U8", "a b"], default=""),
    "caseWorkersClientSecretArn": secret(optional=True),
    "documentsApplicationArn": arn("sso", "application/ssoins-1111111111111111/apl-1111111111111111", True, region=""),
    "documentsRoleArn": arn("iam", "role/path/my-data-person", True, region=""),
    "workforceNamespace": Parameter(*REGISTER, default="WORKFORCE"),
}
# The conditions that they share.
GIVEN = {
    "HasItsme": given("itsmeClientId"),
    "HasLoginGov": given("loginGovClientId"),
    "HasAuth0": given("auth0ClientId"),
    "HasBeyondIdentity": given("beyondIdentityClientId"),
    "HasCaseWorkers": given("documentsRoleArn"),
    "HasPreviousPseudonymKey": given("previousPseudonymKeySecretArn"),
    "HasOtherSessionKey": given("otherSessionKeySecretArn"),
    "HasBridgeSecret": given_with("HasLoginGov", "loginGovBridgeSecretArn"),
    "HasPreviousBridgeSecret": given_with("HasLoginGov", "previousLoginGovBridgeSecretArn"),
    "HasSigningKey": given_with("HasLoginGov", "loginGovSigningKeySecretArn"),
    "HasOtherSigningKey": given_with("HasLoginGov", "otherLoginGovSigningKeySecretArn"),
    "HasCaseWorkersClientSecret": given_with("HasCaseWorkers", "caseWorkersClientSecretArn"),
}
