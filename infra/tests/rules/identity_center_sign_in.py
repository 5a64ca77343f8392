"""How case workers sign in, in a user pool that another template made."""

from policies import properties

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


RULES = [only_case_workers_have_the_client, the_provider_speaks_saml]
