"""Mistakes in the template, and the rules that notice them."""

from templates import in_resource

POOL, DOMAIN, GUIDES, FROM_PARAMETERS, WORKERS, DETAILS, SECRETS, CITIZENS, WORKERS_CLIENT, FIREWALL, OPERATIONS, ALARMS = (
    "nobody_registers_or_has_a_password",
    "login_pages_honour_prompt",
    "providers_are_those_of_the_guides",
    "issuers_and_clients_come_from_parameters",
    "case_workers_come_from_identity_center",
    "provider_details_are_known_to_cognito",
    "secrets_are_resolved_and_never_written_down",
    "citizens_use_the_code_flow_and_their_own_providers",
    "only_case_workers_use_their_client",
    "the_firewall_stops_local_users_and_floods",
    "the_firewall_knows_every_operation_of_users",
    "alarms_ring_and_say_what_to_do",
)
RESOURCES, PARAMETERS, CONDITIONS, OUTPUTS, ASSERTIONS, PARTITIONS = (
    "resources_are_those_decided_on",
    "parameters_accept_what_is_right",
    "conditions_depend_on_the_right_parameter",
    "outputs_name_what_they_say",
    "settings_are_complete",
    "every_partition_has_a_domain",
)


def pool(*path):
    return in_resource("UserPool", *path)


def details(name, key):
    return in_resource(name, "ProviderDetails", key)


def mapping(name, key):
    return in_resource(name, "AttributeMapping", key)


def citizens(*path):
    return in_resource("UserPoolClient", *path)


def workers(*path):
    return in_resource("CaseWorkersClient", *path)


def firewall(index, *path):
    return in_resource("PoolWebAcl", "Rules", index, *path)


def operations(index, *path):
    return firewall(0, "Statement", "OrStatement", "Statements", index, "RegexMatchStatement", *(path or ["RegexString"]))


def of_cognito(index, *path):
    return firewall(0, "Statement", "OrStatement", "Statements", 2, "AndStatement", "Statements", index, *path)


def resolved(arn, version=""):
    return {"Fn::Sub": f"{{{{resolve:secretsmanager:${{{arn}}}:SecretString{version}}}}}"}


RATE = ("Statement", "RateBasedStatement")
MISTAKES = [
    # The pool
    (pool("AdminCreateUserConfig", "AllowAdminCreateUserOnly"), False, f"{POOL} cfn-guard"),
    (pool("AdminCreateUserConfig"), None, POOL),
    (pool("UserPoolTier"), "LITE", POOL),
    (pool("UserPoolTier"), "PLUS", POOL),
    (pool("DeletionProtection"), "INACTIVE", f"{POOL} cfn-guard"),
    (pool("DeletionProtection"), True, f"{POOL} cfn-lint"),
    (pool("IssuerConfiguration", "Type"), "UPDATED", POOL),
    (pool("Schema", 0, "Name"), "custom:eid", POOL),
    (pool("Schema", 0, "Mutable"), False, POOL),
    (pool("Schema", 0, "Required"), True, POOL),
    (pool("Schema", 0, "AttributeDataType"), "Number", POOL),
    (pool("Schema", 0, "StringAttributeConstraints", "MaxLength"), "255", POOL),
    (pool("Schema", 0, "StringAttributeConstraints", "MaxLength"), 256, POOL),
    (pool("Schema", 0, "DeveloperOnlyAttribute"), True, POOL),
    (pool("UsernameConfiguration", "CaseSensitive"), False, POOL),
    (pool("MfaConfiguration"), False, f"{POOL} cfn-lint"),
    (pool("MfaConfiguration"), "OPTIONAL", POOL),
    (pool("AccountRecoverySetting", "RecoveryMechanisms", 0, "Name"), "verified_email", f"{POOL} cfn-guard"),
    (pool("Policies", "PasswordPolicy", "MinimumLength"), 8, POOL),
    (pool("Policies", "SignInPolicy", "AllowedFirstAuthFactors"), ["PASSWORD", "EMAIL_OTP"], POOL),
    (pool("AliasAttributes"), ["email", "preferred_username"], POOL),
    (pool("UsernameAttributes"), ["email"], POOL),
    (pool("AutoVerifiedAttributes"), ["email"], POOL),
    (pool("LambdaConfig"), {"PreTokenGeneration": "arn:aws:lambda:eu-west-1:123456789012:function:x"}, POOL),
    (pool("UserPoolAddOns"), {"AdvancedSecurityMode": "ENFORCED"}, POOL),
    (pool("KeyConfiguration"), {"KeyType": "CUSTOMER_MANAGED_KEY"}, POOL),
    (("Resources", "UserPool", "DeletionPolicy"), "Delete", f"{RESOURCES} cfn-guard"),
    (("Resources", "UserPool", "UpdateReplacePolicy"), "Delete", RESOURCES),
    (("Resources", "UserPoolDomain", "DeletionPolicy"), None, RESOURCES),
    (in_resource("UserPoolDomain", "ManagedLoginVersion"), 1, DOMAIN),
    (in_resource("UserPoolDomain", "Domain"), "mydata", DOMAIN),
    (in_resource("Branding", "ClientId"), {"Ref": "CaseWorkersClient"}, DOMAIN),
    (("Resources", "Branding"), None, f"{DOMAIN} {RESOURCES}"),
    # Providers
    (in_resource("Itsme", "ProviderName"), "Itsme", GUIDES),
    (in_resource("LoginGov", "ProviderName"), "login_gov", f"{GUIDES} cfn-lint"),
    (in_resource("Auth0", "ProviderType"), "SAML", f"{GUIDES} {DETAILS}"),
    (in_resource("Itsme", "IdpIdentifiers"), ["itsme.be"], GUIDES),
    (mapping("Itsme", "custom:eid"), "sub", GUIDES),
    (mapping("Itsme", "custom:eid"), None, f"{GUIDES}"),
    (mapping("Itsme", "eid"), "http://itsme.services/v2/claim/BENationalNumber", f"{GUIDES} {CITIZENS}"),
    (mapping("Itsme", "email_verified"), "email_verified", f"{GUIDES} {CITIZENS}"),
    (mapping("LoginGov", "phone_number"), "phone_number", GUIDES),
    (mapping("Auth0", "custom:eid"), {"Fn::Sub": "${publicUrl}/"}, f"{GUIDES} {FROM_PARAMETERS}"),
    (mapping("Auth0", "custom:eid"), "https://mydata.example/eid", FROM_PARAMETERS),
    (mapping("BeyondIdentity", "email"), "email", GUIDES),
    (details("Itsme", "authorize_scopes"), {"Fn::Sub": "openid service:${itsmeService} profile email"}, GUIDES),
    (details("Itsme", "authorize_scopes"), {"Fn::Sub": "openid service:CODE profile email address phone eid"}, FROM_PARAMETERS),
    (details("Itsme", "authorize_scope"), "openid", f"{GUIDES} {DETAILS}"),
    (details("Itsme", "attributes_request_method"), "POST", GUIDES),
    (details("Itsme", "attributes_url_add_attributes"), False, f"{GUIDES} {DETAILS}"),
    (details("Itsme", "oidc_issuer"), "https://idp.e2e.itsme.services/v2", FROM_PARAMETERS),
    (details("Itsme", "issuer"), {"Ref": "itsmeIssuerURL"}, f"{GUIDES} {DETAILS}"),
    (details("Auth0", "oidc_issuer"), {"Ref": "itsmeIssuerURL"}, f"{GUIDES} {FROM_PARAMETERS}"),
    (details("Auth0", "client_id"), {"Ref": "beyondIdentityClientId"}, f"{GUIDES} {FROM_PARAMETERS}"),
    (details("LoginGov", "token_url"), {"Fn::Sub": "${loginGovIssuerURL}api/openid_connect/token"}, GUIDES),
    (details("LoginGov", "authorize_url"), {"Fn::Sub": "${publicUrl}/federation/loginGov/authorize"}, GUIDES),
    (details("LoginGov", "authorize_url"), {"Fn::Sub": "https://mydata.example/federation/login_gov/authorize"}, FROM_PARAMETERS),
    (details("LoginGov", "jwks_uri"), {"Fn::Sub": "${publicUrl}/federation/login_gov/jwks.json"}, GUIDES),
    (details("LoginGov", "jwks_url"), "https://secure.login.gov/api/openid_connect/certs", f"{GUIDES} {DETAILS}"),
    (details("LoginGov", "attributes_url"), None, GUIDES),
    (details("IdentityCenter", "IDPSignout"), "true", WORKERS),
    (details("IdentityCenter", "IDPSignout"), False, f"{WORKERS} {DETAILS}"),
    (details("IdentityCenter", "IDPInit"), "true", WORKERS),
    (details("IdentityCenter", "MetadataUrl"), {"Ref": "samlMetadataURL"}, f"{WORKERS} {DETAILS}"),
    (mapping("IdentityCenter", "custom:eid"), "email", WORKERS),
    (("Resources", "LoginGov", "Condition"), "HasItsme", RESOURCES),
    (("Resources", "Auth0", "Condition"), None, RESOURCES),
    # Secrets
    (details("Itsme", "client_secret"), "a secret", f"{SECRETS} cfn-guard"),
    (details("Itsme", "client_secret"), {"Ref": "itsmeClientSecretArn"}, f"{SECRETS} cfn-guard"),
    (details("Itsme", "client_secret"), {"Fn::Sub": "{{resolve:ssm:${itsmeClientSecretArn}}}"}, SECRETS),
    (details("Auth0", "client_secret"), resolved("itsmeClientSecretArn", ":::${itsmeClientSecretVersion}"), SECRETS),
    (details("BeyondIdentity", "client_secret"), resolved("beyondIdentityClientSecretArn"), SECRETS),
    (details("LoginGov", "client_secret"), None, SECRETS),
    (in_resource("LoginGovBridgeSecret", "GenerateSecretString", "PasswordLength"), 16, SECRETS),
    (in_resource("LoginGovBridgeSecret", "SecretString"), "known to everyone", SECRETS),
    (in_resource("ClientSecret", "SecretString"), {"Ref": "UserPoolClient"}, SECRETS),
    (in_resource("ClientSecret", "KmsKeyId"), None, SECRETS),
    (in_resource("CaseWorkersClientSecret", "SecretString", "Fn::GetAtt"), ["UserPoolClient", "ClientSecret"], SECRETS),
    (("Resources", "ClientSecret", "DeletionPolicy"), None, f"{RESOURCES} cfn-guard"),
    # The app client of citizens
    (citizens("AllowedOAuthScopes"), ["openid", "email", "profile", "aws.cognito.signin.user.admin"], f"{CITIZENS} cfn-guard"),
    (citizens("AllowedOAuthScopes"), ["openid", "email", "profil"], CITIZENS),
    (citizens("AllowedOAuthScopes"), None, f"{CITIZENS} cfn-guard"),
    (citizens("AllowedOAuthFlows"), ["code", "implicit"], f"{CITIZENS} cfn-guard"),
    (citizens("AllowedOAuthFlows"), ["client_credentials"], CITIZENS),
    (citizens("AllowedOAuthFlowsUserPoolClient"), False, CITIZENS),
    (citizens("AllowedOAuthFlowsUserPoolClient"), None, CITIZENS),
    (citizens("GenerateSecret"), False, f"{CITIZENS} cfn-guard"),
    (citizens("GenerateSecret"), None, CITIZENS),
    (citizens("ExplicitAuthFlows"), None, f"{CITIZENS} cfn-guard"),
    (citizens("ExplicitAuthFlows"), [], CITIZENS),
    (citizens("ExplicitAuthFlows"), ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH"], f"{CITIZENS} cfn-guard"),
    (citizens("ExplicitAuthFlows"), ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_CUSTOM_AUTH"], CITIZENS),
    (citizens("WriteAttributes"), ["address", "birthdate", "email", "family_name", "gender", "given_name", "locale", "name"], CITIZENS),
    (citizens("WriteAttributes"), None, CITIZENS),
    (citizens("WriteAttributes", 2), "eid", CITIZENS),
    (citizens("ReadAttributes", 2), None, CITIZENS),
    (citizens("ReadAttributes"), None, CITIZENS),
    (citizens("SupportedIdentityProviders", 0, "Fn::If", 1), "itsme", CITIZENS),
    (citizens("SupportedIdentityProviders", 0, "Fn::If", 2), "COGNITO", f"{CITIZENS} "),
    (citizens("SupportedIdentityProviders", 1, "Fn::If", 0), "HasItsme", CITIZENS),
    (citizens("SupportedIdentityProviders"), ["COGNITO"], f"{CITIZENS} cfn-guard"),
    (citizens("CallbackURLs"), [{"Fn::Sub": "${publicUrl}/auth/callback/"}], CITIZENS),
    (citizens("CallbackURLs"), [{"Fn::Sub": "${publicUrl}/auth/callback"}, "http://localhost:3000"], CITIZENS),
    (citizens("LogoutURLs"), [{"Fn::Sub": "${publicUrl}"}], CITIZENS),
    (citizens("DefaultRedirectURI"), {"Fn::Sub": "${publicUrl}/auth/callback"}, CITIZENS),
    (citizens("IdTokenValidity"), 60, CITIZENS),
    (citizens("AccessTokenValidity"), 1440, CITIZENS),
    (citizens("RefreshTokenValidity"), 4, CITIZENS),
    (citizens("RefreshTokenValidity"), 30, CITIZENS),
    (citizens("TokenValidityUnits"), None, CITIZENS),
    (citizens("TokenValidityUnits", "RefreshToken"), "days", CITIZENS),
    (citizens("TokenValidityUnits", "IdToken"), "minute", f"{CITIZENS} cfn-lint"),
    (citizens("EnableTokenRevocation"), False, CITIZENS),
    (citizens("PreventUserExistenceErrors"), "LEGACY", CITIZENS),
    (citizens("PreventUserExistenceErrors"), None, CITIZENS),
    (citizens("EnablePropagateAdditionalUserContextData"), True, CITIZENS),
    (citizens("UserPoolId"), {"Ref": "uniquePrefix"}, CITIZENS),
    # That of case workers
    (workers("SupportedIdentityProviders"), [{"Ref": "IdentityCenter"}, {"Ref": "Itsme"}], WORKERS_CLIENT),
    (workers("SupportedIdentityProviders"), ["IAMIdentityCenter"], WORKERS_CLIENT),
    (workers("AllowedOAuthScopes"), ["openid", "email", "profile", "aws.cognito.signin.user.admin"], f"{WORKERS_CLIENT} cfn-guard"),
    (workers("ReadAttributes"), ["custom:eid", "email", "name", "phone_number"], WORKERS_CLIENT),
    (workers("WriteAttributes"), ["custom:eid", "email"], WORKERS_CLIENT),
    (workers("RefreshTokenValidity"), 60, WORKERS_CLIENT),
    (workers("TokenValidityUnits", "RefreshToken"), "minutes", WORKERS_CLIENT),
    (workers("ExplicitAuthFlows"), None, WORKERS_CLIENT),
    (("Resources", "CaseWorkersClient", "Condition"), None, f"{RESOURCES} cfn-lint"),
    # The firewall
    (("Resources", "PoolWebAclAssociation"), None, f"{FIREWALL} {RESOURCES}"),
    (in_resource("PoolWebAclAssociation", "ResourceArn"), {"Ref": "UserPool"}, FIREWALL),
    (in_resource("PoolWebAcl", "Scope"), "CLOUDFRONT", FIREWALL),
    (in_resource("PoolWebAcl", "DefaultAction"), {"Block": {}}, FIREWALL),
    (in_resource("PoolWebAcl", "VisibilityConfig", "SampledRequestsEnabled"), True, FIREWALL),
    (firewall(0, "VisibilityConfig", "SampledRequestsEnabled"), True, FIREWALL),
    (firewall(0, "Action"), {"Count": {}}, FIREWALL),
    (operations(0, "FieldToMatch", "SingleHeader", "Name"), "x-amz-user-agent", FIREWALL),
    (operations(0, "TextTransformations", 0, "Type"), "NONE", FIREWALL),
    (operations(0), "^awscognitoidentityproviderservice[.](signup)$", OPERATIONS),
    (operations(1), "^awscognitoidentityproviderservice[.]", OPERATIONS),
    (operations(1), "initiateauth|signup", OPERATIONS),
    (of_cognito(1, "OrStatement", "Statements", 0, "RegexMatchStatement", "FieldToMatch", "SingleHeader", "Name"), "x-amz-target", FIREWALL),
    (of_cognito(1, "OrStatement", "Statements", 1, "RegexMatchStatement", "RegexString"), "^(signup)$", OPERATIONS),
    (of_cognito(0), {"RegexMatchStatement": {}}, FIREWALL),
    (firewall(1, "Action"), {"Allow": {}}, FIREWALL),
    (firewall(1, "Statement", "OrStatement", "Statements", 0, "RegexMatchStatement", "RegexString"), "^/signup$", FIREWALL),
    (firewall(1, "Statement", "OrStatement", "Statements", 1), {"RegexMatchStatement": {}}, FIREWALL),
    (firewall(1), None, FIREWALL),
    (firewall(2, *RATE, "Limit"), 5, f"{FIREWALL} cfn-lint"),
    (firewall(2, *RATE, "EvaluationWindowSec"), 60, FIREWALL),
    (firewall(2, *RATE, "AggregateKeyType"), "CONSTANT", FIREWALL),
    (firewall(2, *RATE, "ScopeDownStatement"), None, FIREWALL),
    (firewall(2, "Action", "Block", "CustomResponse", "ResponseCode"), 200, FIREWALL),
    (firewall(2, "Action", "Block", "CustomResponse", "ResponseHeaders"), None, FIREWALL),
    (firewall(2, "Priority"), 0, FIREWALL),
    # Alarms
    (in_resource("ItsmeFailing", "Metrics", 1, "MetricStat", "Stat"), "Sum", ALARMS),
    (in_resource("ItsmeFailing", "Metrics", 0, "Expression"), "100 * (tried - worked) / tried", ALARMS),
    (in_resource("ItsmeFailing", "TreatMissingData"), "breaching", ALARMS),
    (in_resource("LoginGovThrottled", "MetricName"), "FederationThrottle", ALARMS),
    (in_resource("LoginGovThrottled", "Dimensions", 0, "Name"), "UserPoolId", ALARMS),
    (in_resource("LoginGovThrottled", "Dimensions", 2, "Value"), {"Ref": "Itsme"}, ALARMS),
    (in_resource("IdentityCenterFailing", "Metrics", 1, "MetricStat", "Metric", "Dimensions", 1, "Value"), {"Ref": "UserPoolClient"}, ALARMS),
    (in_resource("SignInsThrottled", "AlarmActions"), None, ALARMS),
    (in_resource("PoolAddressesBlocked", "Dimensions", 1, "Value"), "ALL", ALARMS),
    (in_resource("PoolAddressesBlocked", "AlarmDescription", "Fn::Sub"), "Too many requests.", ALARMS),
    (("Resources", "Auth0Failing", "Condition"), "HasItsme", RESOURCES),
    (("Resources", "BeyondIdentityThrottled"), None, f"{ALARMS} {RESOURCES}"),
    # Around the resources
    (("Parameters", "itsmeClientSecretArn", "AllowedPattern"), ".*", f"{PARAMETERS} cfn-guard"),
    (("Parameters", "itsmeClientSecretArn", "NoEcho"), True, "cfn-guard"),
    (("Parameters", "itsmeClientSecret"), {"Type": "String", "Description": "The secret", "NoEcho": True}, PARAMETERS),
    (("Parameters", "publicUrl", "AllowedPattern"), "https?://.+", PARAMETERS),
    (("Parameters", "loginGovIssuerURL", "AllowedValues", 1), "https://secure.login.gov", PARAMETERS),
    (("Parameters", "uniquePrefix", "AllowedPattern"), "[a-z0-9-]+", PARAMETERS),
    (("Parameters", "caseWorkersSessionHours", "MaxValue"), 87600, PARAMETERS),
    (("Conditions", "HasAuth0"), {"Fn::Not": [{"Fn::Equals": [{"Ref": "itsmeClientId"}, ""]}]}, CONDITIONS),
    (("Rules", "SomeoneCanSignIn"), None, ASSERTIONS),
    (("Rules", "ItsmeIsComplete", "RuleCondition"), None, ASSERTIONS),
    (("Mappings", "Domains", "aws-us-gov", "Host"), "auth", PARTITIONS),
    (("Outputs", "Domain", "Value", "Fn::Sub", 0), "https://${UserPoolDomain}.${Host}.${AWS::Region}.${Suffix}", OUTPUTS),
    (("Outputs", "Issuer", "Value", "Fn::Sub"), "https://cognito-idp.${AWS::Region}.amazonaws.com/${UserPool}", OUTPUTS),
    (("Outputs", "ClientSecretArn", "Value"), {"Fn::GetAtt": ["UserPoolClient", "ClientSecret"]}, OUTPUTS),
]

# Any value is right here: the reason by place.
FREE = {}
