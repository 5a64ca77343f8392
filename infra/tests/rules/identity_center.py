"""Case workers' documents: who may do what, and who reads a document."""

from policies import actions, list_of, permissions, policy, properties, statements, trust
from rules.parameters import Parameter, conditions, given, outputs, parameters

CONTEXT_PROVIDER = {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:contextProvider/IdentityCenter"}
GRANTS_INSTANCE = {"Fn::Sub": "arn:${AWS::Partition}:s3:${AWS::Region}:${AWS::AccountId}:access-grants/default"}
NOTHING = {"Ref": "AWS::NoValue"}
ACCESS_GRANTS = {"Service": "access-grants.s3.amazonaws.com"}


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
        found = [statement for statement in statements(document) if "sts:SetContext" in list_of(statement["Action"])]
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


def everything_refers_to_the_right_thing(template):
    """The resources without a rule of their own, and what belongs to a condition."""
    expected = {
        "Application": {
            "ApplicationProviderArn": {"Fn::Sub": "arn:${AWS::Partition}:sso::aws:applicationProvider/custom"},
            "InstanceArn": {"Ref": "IdentityCenterInstanceArn"},
            "PortalOptions": {"Visibility": "DISABLED", "SignInOptions": {"Origin": "IDENTITY_CENTER"}},
        },
        "Assignment": {"ApplicationArn": {"Ref": "Application"}, "PrincipalType": "GROUP"},
        "ServerPolicy": {"Roles": {"Fn::If": ["HasServerRoleName", [{"Ref": "ServerRoleName"}], NOTHING]}},
        "Location": {
            "IamRoleArn": {"Fn::GetAtt": ["LocationRole", "Arn"]},
            "LocationScope": {"Fn::Sub": "s3://${DocumentsBucket}/${DocumentsPrefix}*"},
        },
        "ExampleGrant": {
            "AccessGrantsLocationId": {"Ref": "Location"},
            "AccessGrantsLocationConfiguration": {"S3SubPrefix": {"Fn::Sub": "${ExampleFolder}*"}},
        },
    }
    for name, values in expected.items():
        for key, value in values.items():
            if properties(template, name).get(key) != value:
                yield f"{name}: {key} is {properties(template, name).get(key)}"
    if properties(template, "ExampleGrant")["Grantee"]["GranteeIdentifier"] != {"Ref": "ExampleGroupId"}:
        yield "the example grant is for others"
    waits = {"Key": "access-grants-instance", "Value": {"Fn::If": ["CreatesInstance", {"Fn::GetAtt": ["GrantsInstance", "AccessGrantsInstanceId"]}, "default"]}}
    if properties(template, "Location")["Tags"] != [waits]:
        yield "CloudFormation does not wait for the instance before it creates the location"
    for name, condition in [("GrantsInstance", "CreatesInstance"), ("ExampleGrant", "HasExample")]:
        if template["Resources"][name].get("Condition") != condition:
            yield f"{name} exists under another condition"
    optional = {
        ("PersonRole", 0, 1): ["HasAssistant", "qbusiness:ChatSync", {"Ref": "AssistantApplicationArn"}],
        ("LocationRole", 0, 2): ["HasKey", "kms:Decrypt", {"Ref": "DocumentsKeyArn"}],
    }
    for (role, one, index), (condition, action, resource) in optional.items():
        branch = properties(template, role)["Policies"][one]["PolicyDocument"]["Statement"][index]["Fn::If"]
        found = [branch[0], branch[1]["Action"], branch[1]["Resource"]]
        if found != [condition, action, resource] or branch[2] != NOTHING:
            yield f"{role} may {found}"
    key = properties(template, "LocationRole")["Policies"][0]["PolicyDocument"]["Statement"][2]["Fn::If"][1]
    if key.get("Condition") != {"StringEquals": {"kms:ViaService": {"Fn::Sub": "s3.${AWS::Region}.${AWS::URLSuffix}"}}}:
        yield "the key can be used outside S3"
    if properties(template, "LocationRole")["Policies"][0]["PolicyDocument"]["Statement"][0]["Resource"] != {"Fn::Sub": "arn:${AWS::Partition}:s3:::${DocumentsBucket}"}:
        yield "another bucket can be listed"
    if actions(trust(template, "PersonRole")) != ["sts:AssumeRole", "sts:SetContext"]:
        yield "the server cannot assume the person role in a person's name"
    if template["Resources"]["GrantsInstance"].get("UpdateReplacePolicy") != "Retain":
        yield "replacing the instance would delete the grants of others"


def there_is_nothing_else(template):
    found = {name: resource["Type"].removeprefix("AWS::") for name, resource in template["Resources"].items()}
    if found != RESOURCES:
        yield f"the resources are others: {sorted(set(found.items()) ^ set(RESOURCES.items()))}"
    for name, resource in template["Resources"].items():
        yield from (f"{name} has {key}" for key in set(resource) - {"Type", "Properties", "Condition", "DeletionPolicy", "UpdateReplacePolicy"})
        if set(resource["Properties"]) != PROPERTIES[name]:
            yield f"{name} has other properties: {sorted(set(resource['Properties']) ^ PROPERTIES[name])}"


RESOURCES = {
    "Application": "SSO::Application",
    "Assignment": "SSO::ApplicationAssignment",
    "ServerPolicy": "IAM::ManagedPolicy",
    "PersonRole": "IAM::Role",
    "LocationRole": "IAM::Role",
    "GrantsInstance": "S3::AccessGrantsInstance",
    "Location": "S3::AccessGrantsLocation",
    "ExampleGrant": "S3::AccessGrant",
}
ROLE = {"Description", "AssumeRolePolicyDocument", "Policies"}
PROPERTIES = {
    "Application": {"ApplicationProviderArn", "InstanceArn", "Name", "Description", "PortalOptions"},
    "Assignment": {"ApplicationArn", "PrincipalType", "PrincipalId"},
    "ServerPolicy": {"Description", "Roles", "PolicyDocument"},
    "PersonRole": ROLE | {"MaxSessionDuration"},
    "LocationRole": ROLE,
    "GrantsInstance": {"IdentityCenterArn"},
    "Location": {"IamRoleArn", "LocationScope", "Tags"},
    "ExampleGrant": {"AccessGrantsLocationId", "AccessGrantsLocationConfiguration", "Grantee", "Permission", "ApplicationArn"},
}
GROUP = "93a4b8c2-1001-70aa-8d10-6f2b1c0d1001"
PARAMETERS = {
    "IdentityCenterInstanceArn": Parameter(
        ["arn:aws:sso:::instance/ssoins-1111111111111111", "arn:aws-us-gov:sso:::instance/ins-1111111111111111"],
        ["", "ssoins-1111111111111111", "arn:aws:sso:::instance/ssoins-1"],
    ),
    "CaseWorkersGroupId": Parameter([GROUP, f"1234567890-{GROUP}"], ["", "case-workers", f"{GROUP}x"]),
    "ServerRoleArn": Parameter(["arn:aws:iam::123456789012:role/path/my-data"], ["", "my-data", "arn:aws:iam::123456789012:user/x"]),
    "ServerRoleName": Parameter(["my-data"], ["arn:aws:iam::123456789012:role/my-data"], default=""),
    "DocumentsBucket": Parameter(["my-documents"], ["", "s3://my-documents", "My-documents", "*"]),
    "DocumentsPrefix": Parameter(["cases/", "a/b/"], ["cases", "*/", "cases/*"], default=""),
    "DocumentsKeyArn": Parameter(["arn:aws:kms:eu-west-1:123456789012:key/abc-1"], ["abc-1", "alias/my-key"], default=""),
    "AccessGrantsInstance": Parameter(["create", "existing"], ["", "none"], default="create"),
    "ExampleGroupId": Parameter([GROUP], ["case-workers"], default=""),
    "ExampleFolder": Parameter(["a/b/"], ["", "a", "*/"], default="example/"),
    "AssistantApplicationArn": Parameter(
        ["arn:aws:qbusiness:us-east-1:123456789012:application/11111111-2222-4333-8444-555555555555"], ["11111111"], default=""
    ),
}
CONDITIONS = {
    "HasServerRoleName": given("ServerRoleName"),
    "HasPrefix": given("DocumentsPrefix"),
    "HasKey": given("DocumentsKeyArn"),
    "HasExample": given("ExampleGroupId"),
    "HasAssistant": given("AssistantApplicationArn"),
    "CreatesInstance": {"Fn::Equals": [{"Ref": "AccessGrantsInstance"}, "create"]},
}
OUTPUTS = {
    "ApplicationArn": {"Ref": "Application"},
    "PersonRoleArn": {"Fn::GetAtt": ["PersonRole", "Arn"]},
    "ServerPolicyArn": {"Ref": "ServerPolicy"},
    "LocationId": {"Ref": "Location"},
}
RULES = [
    parameters(PARAMETERS),
    conditions(CONDITIONS),
    outputs(OUTPUTS),
    there_is_nothing_else,
    everything_refers_to_the_right_thing,
    the_server_cannot_read,
    a_person_only_asks,
    the_assistant_is_off_by_default,
    only_identity_center_sets_a_context,
    roles_trust_one_caller,
    documents_are_read_through_grants,
    grants_are_for_the_directory,
    only_assigned_people,
]
