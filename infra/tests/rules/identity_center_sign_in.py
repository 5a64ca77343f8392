"""How case workers sign in, in a user pool that another template made."""

from policies import properties
from rules.parameters import Parameter, outputs, parameters

MAPPING = {"custom:eid": "idcenterid", "email": "email", "name": "name"}


def only_case_workers_have_the_client(template):
    client = properties(template, "Client")
    expected = {
        "GenerateSecret": True,
        "SupportedIdentityProviders": [{"Ref": "ProviderName"}],
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": {"Ref": "Scopes"},
        "CallbackURLs": [{"Fn::Sub": "${PublicUrl}/auth/callback"}],
        "LogoutURLs": [{"Fn::Sub": "${PublicUrl}/"}],
        "ReadAttributes": sorted(MAPPING),
        "WriteAttributes": sorted(MAPPING),
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": True,
        "IdTokenValidity": 5,
        "AccessTokenValidity": 5,
    }
    for name, value in expected.items():
        if client.get(name) != value:
            yield f"the app client's {name} is {client.get(name)}"
    if template["Parameters"]["Scopes"]["AllowedValues"] != ["openid", "email", "profile", "phone"]:
        yield "a scope with which people can change their attributes"
    if client["TokenValidityUnits"] != {"IdToken": "minutes", "AccessToken": "minutes", "RefreshToken": "hours"}:
        yield "the app client's tokens have other units"


def the_provider_speaks_saml(template):
    provider = properties(template, "Provider")
    if (provider["ProviderType"], provider["ProviderName"]) != ("SAML", {"Ref": "ProviderName"}):
        yield "the provider is another one"
    if provider["AttributeMapping"] != MAPPING:
        yield f"the attribute mapping is {provider['AttributeMapping']}"
    if provider["ProviderDetails"] != {"MetadataURL": {"Ref": "SamlMetadataUrl"}, "IDPSignout": "false"}:
        yield f"the provider's details are {provider['ProviderDetails']}"


def they_belong_together(template):
    resources = template["Resources"]
    found = {name: resource["Type"] for name, resource in resources.items()}
    if found != {"Provider": "AWS::Cognito::UserPoolIdentityProvider", "Client": "AWS::Cognito::UserPoolClient"}:
        yield f"the resources are {found}"
    if set(properties(template, "Client")) != CLIENT or set(properties(template, "Provider")) != PROVIDER:
        yield f"other properties: {sorted(set(properties(template, 'Client')) ^ CLIENT)} {sorted(set(properties(template, 'Provider')) ^ PROVIDER)}"
    if any(set(resource) - {"Type", "Properties", "DependsOn"} for resource in resources.values()):
        yield "a resource has something beside its properties"
    if resources["Client"].get("DependsOn") != "Provider":
        yield "the app client may be created before its provider"
    for name in ("Provider", "Client"):
        if properties(template, name)["UserPoolId"] != {"Ref": "UserPoolId"}:
            yield f"{name} is for another user pool"
    if properties(template, "Client")["RefreshTokenValidity"] != {"Ref": "SessionHours"}:
        yield "refresh tokens live for another time than sessions"


PROVIDER = {"UserPoolId", "ProviderName", "ProviderType", "ProviderDetails", "AttributeMapping"}
CLIENT = {
    *("UserPoolId", "ClientName", "GenerateSecret", "SupportedIdentityProviders", "ExplicitAuthFlows", "AllowedOAuthFlowsUserPoolClient"),
    *("AllowedOAuthFlows", "AllowedOAuthScopes", "CallbackURLs", "LogoutURLs", "ReadAttributes", "WriteAttributes"),
    *("PreventUserExistenceErrors", "EnableTokenRevocation", "IdTokenValidity", "AccessTokenValidity", "RefreshTokenValidity", "TokenValidityUnits"),
}
PARAMETERS = {
    "UserPoolId": Parameter(["eu-west-1_AbCdEf123"], ["", "AbCdEf123"]),
    "SamlMetadataUrl": Parameter(["https://portal.sso.eu-west-1.amazonaws.com/saml/metadata/abc"], ["", "http://example.org/x"]),
    "PublicUrl": Parameter(["https://mydata.example", "https://mydata.example:8443"], ["", "https://mydata.example/", "http://mydata.example"]),
    "ProviderName": Parameter(["Directory"], ["", "my_directory"], default="IAMIdentityCenter"),
    "Scopes": Parameter(["openid", "openid,phone"], ["", "openid,aws.cognito.signin.user.admin"], default="openid,email,profile", type="CommaDelimitedList"),
    "SessionHours": Parameter([1, 744], [0, 745], default=8, type="Number"),
}
RULES = [
    parameters(PARAMETERS),
    outputs({"ClientId": {"Fn::GetAtt": ["Client", "ClientId"]}}),
    they_belong_together,
    only_case_workers_have_the_client,
    the_provider_speaks_saml,
]
