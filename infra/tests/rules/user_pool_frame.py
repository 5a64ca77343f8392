"""What stands around the resources of the user pool: parameters, conditions, assertions, mappings and outputs."""

from rules.exact import att, ref, section, sub
from rules.parameters import Parameter, given

# The providers of citizens: the resource, and the first part of the names of its parameters.
PROVIDERS = [("Itsme", "itsme"), ("LoginGov", "loginGov"), ("Auth0", "auth0"), ("BeyondIdentity", "beyondIdentity")]
CONDITIONS = {**{f"Has{name}": given(f"{parameter}ClientId") for name, parameter in PROVIDERS}, "HasCaseWorkers": given("samlMetadataURL")}

SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:mydata/itsme-AbCdEf"
IDENTIFIER = Parameter(right=["urn:gov:gsa:openidconnect.profiles:sp:sso:a:b", "a" * 255], wrong=["a b", "a" * 256], default="")
ARN = Parameter(
    right=[SECRET_ARN, SECRET_ARN.replace(":aws:", ":aws-us-gov:")],
    wrong=["the secret itself", SECRET_ARN.replace("secretsmanager", "ssm")],
    default="",
)
VERSION = Parameter(right=["11111111-2222-3333-4444-555555555555", "a" * 64], wrong=["AWSCURRENT", "a" * 31, "a" * 65], default="")
PARAMETERS = {
    "uniquePrefix": Parameter(right=["a", "my-data", "a" * 63], wrong=["", "-a", "a-", "A", "a.b", "my-aws", "amazon-x", "cognito", "a" * 64]),
    "publicUrl": Parameter(
        right=["https://mydata.example", "https://mydata.example:8443"], wrong=["https://mydata.example/", "http://mydata.example", ""]
    ),
    "keyArn": Parameter(
        right=["arn:aws:kms:eu-west-1:123456789012:key/1-a"], wrong=["", "alias/a", "arn:aws:kms:eu-west-1:123456789012:alias/a"]
    ),
    "alarmTopicArn": Parameter(right=["arn:aws-cn:sns:cn-north-1:123456789012:a-B_1"], wrong=["", "a", "arn:aws:sqs:eu-west-1:123456789012:a"]),
    "runbookUrl": Parameter(
        right=["https://example.org/alarms.md"], wrong=["http://example.org/alarms.md", "https://example.org/#a", "https://example.org/?a", ""]
    ),
    "poolRequestsPerAddress": Parameter(right=[100, 2000000], wrong=[99, 2000001, "x"], default=2000, type="Number"),
    "itsmeClientId": IDENTIFIER,
    "itsmeClientSecretArn": ARN,
    "itsmeClientSecretVersion": VERSION,
    "itsmeIssuerURL": Parameter(
        right=["https://idp.prd.itsme.services/v2"],
        wrong=["", "http://idp.prd.itsme.services/v2", "https://idp.prd.itsme.services/v2/", "https://a/?b"],
        default="https://idp.e2e.itsme.services/v2",
    ),
    "itsmeService": Parameter(right=["COGNITOSBX_LOGIN", "a" * 64], wrong=["A B", "service:A", "a" * 65], default=""),
    "loginGovClientId": IDENTIFIER,
    "loginGovIssuerURL": Parameter(
        right=["https://secure.login.gov/"],
        wrong=["", "https://secure.login.gov", "https://example.org/"],
        default="https://idp.int.identitysandbox.gov/",
    ),
    "loginGovBridgeSecretVersion": VERSION,
    "auth0ClientId": IDENTIFIER,
    "auth0ClientSecretArn": ARN,
    "auth0ClientSecretVersion": VERSION,
    "auth0IssuerURL": Parameter(
        right=["https://tenant.eu.auth0.com/"], wrong=["https://tenant.eu.auth0.com", "http://tenant.eu.auth0.com/"], default=""
    ),
    "beyondIdentityClientId": IDENTIFIER,
    "beyondIdentityClientSecretArn": ARN,
    "beyondIdentityClientSecretVersion": VERSION,
    "beyondIdentityIssuerURL": Parameter(
        right=["https://auth-us.beyondidentity.com/v1/tenants/a"], wrong=["http://a/b", "https://a/b/", "https://a?b"], default=""
    ),
    "samlMetadataURL": Parameter(
        right=["https://portal.sso.eu-west-1.amazonaws.com/saml/metadata/a"], wrong=["http://a/b", "<xml>"], default=""
    ),
    "caseWorkersSessionHours": Parameter(right=[1, 744], wrong=[0, 745], default=8, type="Number"),
}


def complete(name, *needed):
    """Whoever turns a provider on must also give what it needs."""
    texts = [{"Assert": given(parameter), "AssertDescription": f"{name} needs {parameter}"} for parameter in needed]
    return {"RuleCondition": given(needed[0].split("Client")[0] + "ClientId"), "Assertions": texts}


SOMEONE = {
    "Assert": {"Fn::Or": [given(f"{name}ClientId") for _, name in PROVIDERS]},
    "AssertDescription": "Set the client id of at least one provider for citizens",
}
ASSERTIONS = {
    "SomeoneCanSignIn": {"Assertions": [SOMEONE]},
    "ItsmeIsComplete": complete("itsme", "itsmeClientSecretArn", "itsmeService"),
    "Auth0IsComplete": complete("Auth0", "auth0ClientSecretArn", "auth0IssuerURL"),
    "BeyondIdentityIsComplete": complete("Beyond Identity", "beyondIdentityClientSecretArn", "beyondIdentityIssuerURL"),
}
DOMAINS = {
    "aws": {"Host": "auth", "Suffix": "amazoncognito.com"},
    "aws-us-gov": {"Host": "auth-fips", "Suffix": "amazoncognito.com"},
    "aws-cn": {"Host": "auth", "Suffix": "amazoncognito.com.cn"},
    "aws-eusc": {"Host": "auth", "Suffix": "amazoncognito.eu"},
}


def settings_are_complete(template):
    yield from section("Rules", ASSERTIONS)(template)


def every_partition_has_a_domain(template):
    yield from section("Mappings", {"Domains": DOMAINS})(template)


def domain(part_of_it):
    return {"Fn::FindInMap": ["Domains", ref("AWS::Partition"), part_of_it]}


OUTPUTS = {
    "UserPoolArn": att("UserPool", "Arn"),
    "UserPoolId": ref("UserPool"),
    "UserPoolWebClientId": ref("UserPoolClient"),
    # Without https://, as cognito.domain wants it.
    "Domain": {"Fn::Sub": ["${UserPoolDomain}.${Host}.${AWS::Region}.${Suffix}", {"Host": domain("Host"), "Suffix": domain("Suffix")}]},
    "Issuer": sub("https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}/${UserPool}"),
    "ClientSecretArn": ref("ClientSecret"),
    "LoginGovBridgeSecretArn": ref("LoginGovBridgeSecret"),
    "CaseWorkersClientId": ref("CaseWorkersClient"),
    "CaseWorkersClientSecretArn": ref("CaseWorkersClientSecret"),
}
