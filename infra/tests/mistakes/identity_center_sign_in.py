"""Mistakes in the template, and the rules that notice them."""

from templates import in_resource

CLIENT = "only_case_workers_have_the_client"
MISTAKES = [
    (in_resource("Client", "DefaultRedirectURI"), "https://other.example/", "they_belong_together"),
    (("Resources", "Client", "DependsOn"), None, "they_belong_together"),
    (("Outputs", "ClientId", "Value"), {"Ref": "Provider"}, "outputs_name_what_they_say"),
    (in_resource("Client", "SupportedIdentityProviders"), [{"Ref": "ProviderName"}, "COGNITO"], CLIENT),
    (in_resource("Client", "ExplicitAuthFlows"), ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"], CLIENT),
    (in_resource("Client", "ExplicitAuthFlows"), None, CLIENT),
    (in_resource("Client", "AllowedOAuthFlows"), ["code", "implicit"], CLIENT),
    (in_resource("Client", "AllowedOAuthScopes"), ["openid", "aws.cognito.signin.user.admin"], CLIENT),
    (("Parameters", "Scopes", "AllowedValues", 3), "aws.cognito.signin.user.admin", CLIENT),
    (in_resource("Client", "GenerateSecret"), None, CLIENT),
    (in_resource("Client", "ReadAttributes"), None, CLIENT),
    (in_resource("Client", "WriteAttributes"), ["custom:eid", "email", "name", "phone_number"], CLIENT),
    (in_resource("Client", "CallbackURLs"), [{"Fn::Sub": "${PublicUrl}/auth/callback"}, "http://localhost:8080"], CLIENT),
    (in_resource("Client", "EnableTokenRevocation"), False, CLIENT),
    (in_resource("Client", "IdTokenValidity"), 60, CLIENT),
    (in_resource("Client", "TokenValidityUnits", "IdToken"), "hours", CLIENT),
    (in_resource("Provider", "AttributeMapping", "custom:eid"), "email", "the_provider_speaks_saml"),
    (in_resource("Provider", "AttributeMapping", "email_verified"), "email", "the_provider_speaks_saml"),
    (in_resource("Provider", "ProviderDetails", "IDPSignout"), "true", "the_provider_speaks_saml"),
    (in_resource("Provider", "ProviderType"), "OIDC", "the_provider_speaks_saml"),
]

# Any value is right here: the reason by place.
FREE = {}
