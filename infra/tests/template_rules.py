"""What must be true of the templates, beyond what cfn-lint checks. Each rule yields its faults as sentences."""

CONTEXT_PROVIDER = {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:contextProvider/IdentityCenter"}
GRANTS_INSTANCE = {"Fn::Sub": "arn:${AWS::Partition}:s3:${AWS::Region}:${AWS::AccountId}:access-grants/default"}
ACCESS_GRANTS = {"Service": "access-grants.s3.amazonaws.com"}
MAPPING = {"custom:eid": "idcenterid", "email": "email", "name": "name"}


def listed(value):
    return value if isinstance(value, list) else [value]


def statements(document):
    """The statements of a policy, also one that only exists under a condition."""
    for statement in document["Statement"]:
        yield statement["Fn::If"][1] if "Fn::If" in statement else statement


def permissions(document):
    """Each action with its statement."""
    return [(action, statement) for statement in statements(document) for action in listed(statement["Action"])]


def actions(document):
    return sorted(action for action, _ in permissions(document))


def properties(template, name):
    return template["Resources"][name]["Properties"]


def policy(template, name):
    """What a role may do."""
    return properties(template, name)["Policies"][0]["PolicyDocument"]


def trust(template, name):
    """Who may assume a role."""
    return properties(template, name)["AssumeRolePolicyDocument"]


def documents_of(template):
    """Every policy, with its name: what roles may do, and who may assume them."""
    for name, resource in template["Resources"].items():
        values = resource["Properties"]
        if "AssumeRolePolicyDocument" in values:
            yield f"trust of {name}", values["AssumeRolePolicyDocument"]
        for one in values.get("Policies", []):
            yield name, one["PolicyDocument"]
        if "PolicyDocument" in values:
            yield name, values["PolicyDocument"]


def resources_are_named(template):
    for name, document in documents_of(template):
        for statement in statements(document):
            if "*" in listed(statement.get("Resource", "a trust has none")):
                yield f"{name}: the resource is *"
            if any(action.split(":")[-1].startswith("*") or action == "*" for action in listed(statement["Action"])):
                yield f"{name}: an action is *"
            if {"NotAction", "NotResource", "NotPrincipal"} & set(statement):
                yield f"{name}: a statement of what is not meant"


def roles_have_no_other_policy(template):
    for name, resource in template["Resources"].items():
        values = resource["Properties"]
        if "ManagedPolicyArns" in values or len(values.get("Policies", [])) > 1:
            yield f"{name}: a policy that no rule reads"


def the_server_cannot_read(template):
    document = properties(template, "ServerPolicy")["PolicyDocument"]
    if actions(document) != ["sso-oauth:CreateTokenWithIAM", "sts:AssumeRole", "sts:SetContext"]:
        yield f"the server may do {actions(document)}"
    for action, statement in permissions(document):
        expected = {"Ref": "Application"} if action.startswith("sso") else {"Fn::GetAtt": ["PersonRole", "Arn"]}
        if statement["Resource"] != expected:
            yield f"the server may {action} on {statement['Resource']}"


def a_person_only_asks(template):
    document = policy(template, "PersonRole")
    if actions(document) != ["qbusiness:ChatSync", "s3:GetDataAccess", "s3:ListCallerAccessGrants"]:
        yield f"a person may do {actions(document)}"
    for action, statement in permissions(document):
        expected = {"Ref": "AssistantApplicationArn"} if action.startswith("qbusiness:") else GRANTS_INSTANCE
        if statement["Resource"] != expected:
            yield f"a person may {action} on {statement['Resource']}"
    if properties(template, "PersonRole")["MaxSessionDuration"] != 3600:
        yield "the session of a person does not end after an hour"


def the_assistant_is_off_by_default(template):
    if template["Parameters"]["AssistantApplicationArn"]["Default"] != "":
        yield "there is an assistant without being asked for"
    for statement in policy(template, "PersonRole")["Statement"]:
        conditional = statement.get("Fn::If", [None, statement])
        if conditional[1]["Action"] == "qbusiness:ChatSync" and conditional[0] != "HasAssistant":
            yield "a person may ask an assistant that was not asked for"


def only_identity_center_sets_a_context(template):
    """Every statement for `sts:SetContext` stands alone and accepts only Identity Center's contexts."""
    server = properties(template, "ServerPolicy")["PolicyDocument"]
    for name, document in [("server", server), ("person", trust(template, "PersonRole")), ("location", trust(template, "LocationRole"))]:
        found = [statement for statement in statements(document) if "sts:SetContext" in listed(statement["Action"])]
        if len(found) != 1:
            yield f"{name}: {len(found)} statements for sts:SetContext"
        for statement in found:
            condition = statement.get("Condition", {})
            if statement["Action"] != "sts:SetContext":
                yield f"{name}: sts:SetContext stands with other actions, so its condition would hold for them too"
            if condition.get("ForAllValues:ArnEquals") != {"sts:RequestContextProviders": [CONTEXT_PROVIDER]}:
                yield f"{name}: contexts of any provider"
            if condition.get("Null") != {"sts:RequestContextProviders": "false"}:
                yield f"{name}: the condition also holds without a context"


def roles_trust_one_caller(template):
    for statement in statements(trust(template, "PersonRole")):
        if statement["Principal"] != {"AWS": {"Ref": "ServerRoleArn"}}:
            yield f"the person role trusts {statement['Principal']}"
    for statement in statements(trust(template, "LocationRole")):
        condition = statement.get("Condition", {})
        if statement["Principal"] != ACCESS_GRANTS:
            yield f"the location role trusts {statement['Principal']}"
        if condition.get("StringEquals") != {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}:
            yield "the location role trusts Access Grants of any account"
        if condition.get("ArnEquals") != {"aws:SourceArn": GRANTS_INSTANCE}:
            yield "the location role trusts any Access Grants instance"


def documents_are_read_through_grants(template):
    document = policy(template, "LocationRole")
    if actions(document) != ["kms:Decrypt", "s3:GetObject", "s3:ListBucket"]:
        yield f"the location role may do {actions(document)}"
    if actions(trust(template, "LocationRole")) != ["sts:AssumeRole", "sts:SetContext", "sts:SetSourceIdentity"]:
        yield "Access Grants cannot give out credentials in a person's name"
    for action, statement in permissions(document):
        condition = statement.get("Condition", {})
        if action.startswith("s3:"):
            if condition.get("ArnEquals") != {"s3:AccessGrantsInstanceArn": GRANTS_INSTANCE}:
                yield f"{action} works without a grant"
            if condition.get("StringEquals") != {"aws:ResourceAccount": {"Ref": "AWS::AccountId"}}:
                yield f"{action} works in buckets of other accounts"
        within = {"Fn::If": ["HasPrefix", {"s3:prefix": {"Fn::Sub": "${DocumentsPrefix}*"}}, {"Ref": "AWS::NoValue"}]}
        if action == "s3:ListBucket" and condition.get("StringLike") != within:
            yield "folders outside the prefix can be listed"
        if action == "s3:GetObject" and not statement["Resource"]["Fn::Sub"].endswith("${DocumentsBucket}/${DocumentsPrefix}*"):
            yield "documents outside the prefix can be read"


def grants_are_for_the_directory(template):
    for name, resource in template["Resources"].items():
        values = resource["Properties"]
        if resource["Type"] == "AWS::S3::AccessGrant":
            if values["Grantee"]["GranteeType"] not in ("DIRECTORY_GROUP", "DIRECTORY_USER"):
                yield f"{name}: a grant for a role is a grant for everybody who uses the role"
            if values.get("ApplicationArn") != {"Ref": "Application"}:
                yield f"{name}: other applications can use the grant"
            if values["Permission"] != "READ":
                yield f"{name}: more than reading"
        if resource["Type"] == "AWS::S3::AccessGrantsInstance":
            if values.get("IdentityCenterArn") != {"Ref": "IdentityCenterInstanceArn"}:
                yield f"{name}: it does not know the directory"
            if resource.get("DeletionPolicy") != "Retain":
                yield f"{name}: deleting the stack would delete the grants of others"


def only_assigned_people(template):
    found = [one["Properties"] for one in template["Resources"].values() if one["Type"] == "AWS::SSO::ApplicationAssignment"]
    if [one["PrincipalId"] for one in found] != [{"Ref": "CaseWorkersGroupId"}]:
        yield "the application is not assigned to the case workers alone"


def nothing_is_shared_or_transformed(template):
    if "Transform" in template:
        yield "a transform"
    if any("Export" in output for output in template["Outputs"].values()):
        yield "an export"


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


DOCUMENTS = [
    resources_are_named,
    roles_have_no_other_policy,
    the_server_cannot_read,
    a_person_only_asks,
    the_assistant_is_off_by_default,
    only_identity_center_sets_a_context,
    roles_trust_one_caller,
    documents_are_read_through_grants,
    grants_are_for_the_directory,
    only_assigned_people,
    nothing_is_shared_or_transformed,
]
SIGN_IN = [only_case_workers_have_the_client, the_provider_speaks_saml, nothing_is_shared_or_transformed]
