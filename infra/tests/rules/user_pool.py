"""The user pool: nobody registers or uses a password, and nobody changes their own number."""

import re

import allowed
from policies import properties
from rules.alarms import above, alarms, expression, metric, part
from rules.exact import ANY_TEXT, KEPT, att, exactly, ref, resources, section, sub
from rules.guides import guide, name_in, shown
from rules.parameters import Parameter, conditions, given, outputs, parameters

POOL, CLIENT, PROVIDER = (f"AWS::Cognito::{name}" for name in ("UserPool", "UserPoolClient", "UserPoolIdentityProvider"))
# The providers of citizens: resource, guide, first part of the names of parameters.
CITIZENS = [("Itsme", "itsme", "itsme"), ("LoginGov", "login_gov", "loginGov"), ("Auth0", "auth0", "auth0"), ("BeyondIdentity", "beyond_identity", "beyondIdentity")]
# Cognito's scope that opens the API of users is not among them.
SCOPES = ["openid", "email", "profile"]


def nobody_registers_or_has_a_password(template):
    yield from exactly(template, "UserPool", {
        "UserPoolTier": "ESSENTIALS",
        "DeletionProtection": "ACTIVE",
        "IssuerConfiguration": {"Type": "ORIGINAL"},
        "Schema": [{
            "Name": "eid", "AttributeDataType": "String", "Mutable": True,
            "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "256"},
        }],
        "UsernameConfiguration": {"CaseSensitive": True},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]},
        "MfaConfiguration": "OFF",
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": 99, "RequireLowercase": True, "RequireUppercase": True, "RequireNumbers": True, "RequireSymbols": True,
                "TemporaryPasswordValidityDays": 1,
            },
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
        },
    })


def login_pages_honour_prompt(template):
    yield from exactly(template, "UserPoolDomain", {"UserPoolId": ref("UserPool"), "Domain": ref("uniquePrefix"), "ManagedLoginVersion": 2})
    for name, client in (("Branding", "UserPoolClient"), ("CaseWorkersBranding", "CaseWorkersClient")):
        yield from exactly(template, name, {"UserPoolId": ref("UserPool"), "ClientId": ref(client), "UseCognitoProvidedValues": True})


def providers_are_those_of_the_guides(template):
    for name, kind, _ in CITIZENS:
        details, mapping = guide(kind)
        found = properties(template, name)
        known = {key: shown(value) for key, value in found["ProviderDetails"].items() if key != "client_secret"}
        if known != details:
            yield f"{name}: the details are {known}, and those of the guide {details}"
        if {key: shown(value) for key, value in found["AttributeMapping"].items()} != mapping:
            yield f"{name}: the mapping is {found['AttributeMapping']}, and that of the guide {mapping}"
        rest = {key: value for key, value in found.items() if key not in ("ProviderDetails", "AttributeMapping")}
        if rest != {"UserPoolId": ref("UserPool"), "ProviderName": name_in(kind), "ProviderType": "OIDC"}:
            yield f"{name}: it is another provider: {rest}"


def issuers_and_clients_come_from_parameters(template):
    """The examples of the guides, entered as they are, would pass the rule above."""
    for name, _, parameter in CITIZENS:
        details = properties(template, name)["ProviderDetails"]
        if (details["client_id"], details["oidc_issuer"]) != (ref(f"{parameter}ClientId"), ref(f"{parameter}IssuerURL")):
            yield f"{name}: its client or issuer is not that of the parameters"
    bridge = properties(template, "LoginGov")["ProviderDetails"]
    for key, base in {"authorize_url": "${publicUrl}/", "token_url": "${publicUrl}/", "attributes_url": "${loginGovIssuerURL}", "jwks_uri": "${loginGovIssuerURL}"}.items():
        if not bridge[key]["Fn::Sub"].startswith(base):
            yield f"LoginGov: {key} is that of an example"
    if "${itsmeService}" not in properties(template, "Itsme")["ProviderDetails"]["authorize_scopes"]["Fn::Sub"]:
        yield "Itsme: the service is not that of the parameter"
    if properties(template, "Auth0")["AttributeMapping"]["custom:eid"] != sub("${publicUrl}/eid"):
        yield "Auth0: the claim is that of an example"


def case_workers_come_from_identity_center(template):
    yield from exactly(template, "IdentityCenter", {
        "UserPoolId": ref("UserPool"),
        "ProviderName": name_in("identity_center"),
        "ProviderType": "SAML",
        "ProviderDetails": {"MetadataURL": ref("samlMetadataURL"), "IDPSignout": "false"},
        "AttributeMapping": {"custom:eid": "idcenterid", "email": "email", "name": "name"},
    })


def provider_details_are_known_to_cognito(template):
    for name, resource in template["Resources"].items():
        if resource["Type"] == PROVIDER:
            details = resource["Properties"]["ProviderDetails"]
            for key in sorted(set(details) - allowed.provider_details(resource["Properties"]["ProviderType"])):
                yield f"{name}: Cognito does not know {key}"
            if not all(isinstance(value, (str, dict)) for value in details.values()):
                yield f"{name}: every value of the details must be a string"


def secrets_are_resolved_and_never_written_down(template):
    """The version is a parameter, because CloudFormation reads a secret again only when something changes."""
    for name, _, parameter in CITIZENS:
        arn, version = (f"{parameter}ClientSecretArn", f"{parameter}ClientSecretVersion")
        if name == "LoginGov":
            arn, version = "LoginGovBridgeSecret", "loginGovBridgeSecretVersion"
        expected = sub(f"{{{{resolve:secretsmanager:${{{arn}}}:SecretString:::${{{version}}}}}}}")
        if properties(template, name)["ProviderDetails"].get("client_secret") != expected:
            yield f"{name}: its secret is not resolved"
    encrypted = {"Description": ANY_TEXT, "KmsKeyId": ref("keyArn")}
    generated = {"PasswordLength": 64, "ExcludePunctuation": True}
    yield from exactly(template, "LoginGovBridgeSecret", {**encrypted, "GenerateSecretString": generated})
    for name, client in (("ClientSecret", "UserPoolClient"), ("CaseWorkersClientSecret", "CaseWorkersClient")):
        yield from exactly(template, name, {**encrypted, "SecretString": att(client, "ClientSecret")})


def client(providers, attributes, refresh, unit):
    """What both app clients have. With no other flow and no other scope, nobody signs in with a password or changes an attribute."""
    return {
        "UserPoolId": ref("UserPool"),
        "ClientName": ANY_TEXT,
        "GenerateSecret": True,
        "SupportedIdentityProviders": providers,
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": SCOPES,
        "CallbackURLs": [sub("${publicUrl}/auth/callback")],
        "LogoutURLs": [sub("${publicUrl}/")],
        "ReadAttributes": attributes,
        "WriteAttributes": attributes,
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": True,
        "EnablePropagateAdditionalUserContextData": False,
        "AuthSessionValidity": 3,
        "IdTokenValidity": 5,
        "AccessTokenValidity": 5,
        "RefreshTokenValidity": refresh,
        "TokenValidityUnits": {"IdToken": "minutes", "AccessToken": "minutes", "RefreshToken": unit},
    }


def mapped(template, *providers):
    """Every attribute that one of the providers maps."""
    return sorted({key for name in providers for key in properties(template, name)["AttributeMapping"]})


def citizens_use_the_code_flow_and_their_own_providers(template):
    names = [name for name, _, _ in CITIZENS]
    # `Ref` makes CloudFormation create a provider before the client.
    providers = [{"Fn::If": [f"Has{name}", ref(name), ref("AWS::NoValue")]} for name in names]
    yield from exactly(template, "UserPoolClient", client(providers, mapped(template, *names), 60, "minutes"))


def only_case_workers_use_their_client(template):
    expected = client([ref("IdentityCenter")], mapped(template, "IdentityCenter"), ref("caseWorkersSessionHours"), "hours")
    yield from exactly(template, "CaseWorkersClient", expected)


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
            blocking("api-of-local-users", 0, {"OrStatement": {"Statements": [matching(OPERATION, any_regex), matching(OPERATION, any_regex)]}}),
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


PER_PROVIDER = [(name, "UserPoolClient", f"Has{name}") for name, _, _ in CITIZENS] + [("IdentityCenter", "CaseWorkersClient", "HasCaseWorkers")]


def watched(provider, app_client):
    """The alarms of one provider."""
    where = {"UserPool": ref("UserPool"), "UserPoolClient": ref(app_client), "IdentityProvider": ref(provider)}
    parts = [part(identifier, "AWS/Cognito", "FederationSuccesses", statistic, 300, **where) for identifier, statistic in (("tried", "SampleCount"), ("worked", "Sum"))]
    failing = {"Metrics": [expression("failing", "percent that fail", "IF(tried >= 10, 100 * (tried - worked) / tried, 0)"), *parts]}
    return {
        f"{provider}Failing": ("sign-ins-failing", above(50, 2, 3, failing)),
        f"{provider}Throttled": ("sign-ins-throttled", above(0, 2, 5, metric("AWS/Cognito", "FederationThrottles", "Sum", 60, **where))),
    }


def turned_away(name, app_client):
    where = {"UserPool": ref("UserPool"), "UserPoolClient": ref(app_client)}
    return above(0, 2, 5, metric("AWS/Cognito", name, "Sum", 60, **where))


BLOCKED = metric(
    "AWS/WAFV2", "BlockedRequests", "Sum", 300, WebACL=sub("${AWS::StackName}-pool"), Rule="requests-per-address", Region=ref("AWS::Region")
)
ALARMS = {
    **{name: alarm for provider, app_client, _ in PER_PROVIDER for name, alarm in watched(provider, app_client).items()},
    "SignInsThrottled": ("sign-ins-throttled", turned_away("SignInThrottles", "UserPoolClient")),
    "CaseWorkersRefreshThrottled": ("token-refresh-throttled", turned_away("TokenRefreshThrottles", "CaseWorkersClient")),
    "PoolAddressesBlocked": ("pool-addresses-blocked", above(100, 1, 1, BLOCKED, at=True)),
}
SECRET, ALARM, BRANDING = (
    {"Type": "AWS::SecretsManager::Secret", **KEPT}, {"Type": "AWS::CloudWatch::Alarm"}, {"Type": "AWS::Cognito::ManagedLoginBranding"}
)
RESOURCES = {
    "UserPool": {"Type": POOL, **KEPT},
    "UserPoolDomain": {"Type": "AWS::Cognito::UserPoolDomain", **KEPT},
    **{name: {"Type": PROVIDER, "Condition": condition} for name, _, condition in PER_PROVIDER},
    "LoginGovBridgeSecret": {**SECRET, "Condition": "HasLoginGov"},
    "UserPoolClient": {"Type": CLIENT},
    "CaseWorkersClient": {"Type": CLIENT, "Condition": "HasCaseWorkers"},
    "ClientSecret": SECRET,
    "CaseWorkersClientSecret": {**SECRET, "Condition": "HasCaseWorkers"},
    "Branding": BRANDING,
    "CaseWorkersBranding": {**BRANDING, "Condition": "HasCaseWorkers"},
    "PoolWebAcl": {"Type": "AWS::WAFv2::WebACL"},
    "PoolWebAclAssociation": {"Type": "AWS::WAFv2::WebACLAssociation"},
    **{f"{name}{what}": {**ALARM, "Condition": condition} for name, _, condition in PER_PROVIDER for what in ("Failing", "Throttled")},
    "SignInsThrottled": ALARM,
    "CaseWorkersRefreshThrottled": {**ALARM, "Condition": "HasCaseWorkers"},
    "PoolAddressesBlocked": ALARM,
}

SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:mydata/itsme-AbCdEf"
IDENTIFIER = Parameter(right=["urn:gov:gsa:openidconnect.profiles:sp:sso:a:b", "a" * 255], wrong=["a b", "a" * 256], default="")
ARN = Parameter(right=[SECRET_ARN, SECRET_ARN.replace(":aws:", ":aws-us-gov:")], wrong=["the secret itself", SECRET_ARN.replace("secretsmanager", "ssm")], default="")
VERSION = Parameter(right=["11111111-2222-3333-4444-555555555555", "a" * 64], wrong=["AWSCURRENT", "a" * 31, "a" * 65], default="")
PARAMETERS = {
    "uniquePrefix": Parameter(right=["a", "my-data", "a" * 63], wrong=["", "-a", "a-", "A", "a.b", "my-aws", "amazon-x", "cognito", "a" * 64]),
    "publicUrl": Parameter(right=["https://mydata.example", "https://mydata.example:8443"], wrong=["https://mydata.example/", "http://mydata.example", ""]),
    "keyArn": Parameter(right=["arn:aws:kms:eu-west-1:123456789012:key/1-a"], wrong=["", "alias/mydata", "arn:aws:kms:eu-west-1:123456789012:alias/a"]),
    "alarmTopicArn": Parameter(right=["arn:aws-cn:sns:cn-north-1:123456789012:a-B_1"], wrong=["", "a", "arn:aws:sqs:eu-west-1:123456789012:a"]),
    "runbookUrl": Parameter(
        right=["https://example.org/alarms.md"], wrong=["http://example.org/alarms.md", "https://example.org/#a", "https://example.org/?a", ""]
    ),
    "poolRequestsPerAddress": Parameter(right=[100, 2000000], wrong=[99, 2000001, "x"], default=2000, type="Number"),
    "itsmeClientId": IDENTIFIER,
    "itsmeClientSecretArn": ARN,
    "itsmeClientSecretVersion": VERSION,
    "itsmeIssuerURL": Parameter(
        right=["https://idp.prd.itsme.services/v2"], wrong=["", "http://idp.prd.itsme.services/v2", "https://idp.prd.itsme.services/v2/", "https://a/?b"],
        default="https://idp.e2e.itsme.services/v2",
    ),
    "itsmeService": Parameter(right=["COGNITOSBX_LOGIN", "a" * 64], wrong=["A B", "service:A", "a" * 65], default=""),
    "loginGovClientId": IDENTIFIER,
    "loginGovIssuerURL": Parameter(
        right=["https://secure.login.gov/"], wrong=["", "https://secure.login.gov", "https://example.org/"], default="https://idp.int.identitysandbox.gov/"
    ),
    "loginGovBridgeSecretVersion": VERSION,
    "auth0ClientId": IDENTIFIER,
    "auth0ClientSecretArn": ARN,
    "auth0ClientSecretVersion": VERSION,
    "auth0IssuerURL": Parameter(right=["https://tenant.eu.auth0.com/"], wrong=["https://tenant.eu.auth0.com", "http://tenant.eu.auth0.com/"], default=""),
    "beyondIdentityClientId": IDENTIFIER,
    "beyondIdentityClientSecretArn": ARN,
    "beyondIdentityClientSecretVersion": VERSION,
    "beyondIdentityIssuerURL": Parameter(right=["https://auth-us.beyondidentity.com/v1/tenants/a"], wrong=["http://a/b", "https://a/b/", "https://a?b"], default=""),
    "samlMetadataURL": Parameter(right=["https://portal.sso.eu-west-1.amazonaws.com/saml/metadata/a"], wrong=["http://a/b", "<xml>"], default=""),
    "caseWorkersSessionHours": Parameter(right=[1, 744], wrong=[0, 745], default=8, type="Number"),
}


def complete(name, *needed):
    """Whoever turns a provider on must also give what it needs."""
    texts = [{"Assert": given(parameter), "AssertDescription": f"{name} needs {parameter}"} for parameter in needed]
    return {"RuleCondition": given(needed[0].split("Client")[0] + "ClientId"), "Assertions": texts}


SOMEONE = {"Assert": {"Fn::Or": [given(f"{name}ClientId") for _, _, name in CITIZENS]}, "AssertDescription": "Set the client id of at least one provider for citizens"}
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
RULES = [
    parameters(PARAMETERS),
    settings_are_complete,
    every_partition_has_a_domain,
    conditions({**{f"Has{name}": given(f"{parameter}ClientId") for name, _, parameter in CITIZENS}, "HasCaseWorkers": given("samlMetadataURL")}),
    resources(RESOURCES),
    nobody_registers_or_has_a_password,
    login_pages_honour_prompt,
    providers_are_those_of_the_guides,
    issuers_and_clients_come_from_parameters,
    case_workers_come_from_identity_center,
    provider_details_are_known_to_cognito,
    secrets_are_resolved_and_never_written_down,
    citizens_use_the_code_flow_and_their_own_providers,
    only_case_workers_use_their_client,
    the_firewall_stops_local_users_and_floods,
    the_firewall_knows_every_operation_of_users,
    alarms(ALARMS, "alarmTopicArn"),
    outputs(OUTPUTS),
]
