"""The user pool: no one registers or uses a password, and no one changes their own number."""

import allowed
from policies import properties
from rules.alarms import above, alarms, expression, metric, part
from rules.exact import ANY_TEXT, KEPT, att, exactly, ref, resources, sub
from rules.guides import guide, name_in, shown
from rules.parameters import conditions, outputs, parameters
from rules.user_pool_firewall import the_firewall_knows_every_operation_of_users, the_firewall_stops_local_users_and_floods
from rules.user_pool_frame import (
    CONDITIONS,
    OUTPUTS,
    PARAMETERS,
    PROVIDERS,
    every_partition_has_a_domain,
    settings_are_complete,
)

POOL, CLIENT, PROVIDER = (f"AWS::Cognito::{name}" for name in ("UserPool", "UserPoolClient", "UserPoolIdentityProvider"))
# The providers of citizens: resource, guide, first part of the names of parameters.
KINDS = {"Itsme": "itsme", "LoginGov": "login_gov", "Auth0": "auth0", "BeyondIdentity": "beyond_identity"}
CITIZENS = [(name, KINDS[name], parameter) for name, parameter in PROVIDERS]
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
    for base, keys in {"${publicUrl}/": ["authorize_url", "token_url"], "${loginGovIssuerURL}": ["attributes_url", "jwks_uri"]}.items():
        for key in keys:
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
    """What both app clients have. With no other flow and no other scope, no one signs in with a password or changes an attribute."""
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


# Each provider with the app client that uses it, and its condition.
PER_PROVIDER = [(name, "UserPoolClient", f"Has{name}") for name, _, _ in CITIZENS]
PER_PROVIDER.append(("IdentityCenter", "CaseWorkersClient", "HasCaseWorkers"))


# Cognito reports 1 for a sign-in that worked, and 0 for one that did not.
COUNTED = [("tried", "SampleCount"), ("worked", "Sum")]


def watched(provider, app_client):
    """The alarms of one provider."""
    where = {"UserPool": ref("UserPool"), "UserPoolClient": ref(app_client), "IdentityProvider": ref(provider)}
    tried, worked = (part(name, "AWS/Cognito", "FederationSuccesses", statistic, 300, **where) for name, statistic in COUNTED)
    failing = {"Metrics": [expression("failing", "percent that fail", "IF(tried >= 10, 100 * (tried - worked) / tried, 0)"), tried, worked]}
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
RULES = [
    parameters(PARAMETERS),
    settings_are_complete,
    every_partition_has_a_domain,
    conditions(CONDITIONS),
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
