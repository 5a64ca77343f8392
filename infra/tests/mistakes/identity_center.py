"""Mistakes in the template, and the rules that notice them."""

from templates import in_resource

# Where things are in the policies of the templates.
ASSUME, SET_CONTEXT = 0, 1
LIST, GET, DECRYPT = 0, 1, 2


def server(index, *path):
    return in_resource("ServerPolicy", "PolicyDocument", "Statement", index, *path)


def person(*path):
    return in_resource("PersonRole", "Policies", 0, "PolicyDocument", "Statement", 0, *path)


def assistant(*path):
    return in_resource("PersonRole", "Policies", 0, "PolicyDocument", "Statement", 1, *path)


def location(index, *path):
    return in_resource("LocationRole", "Policies", 0, "PolicyDocument", "Statement", index, *path)


def trust(role, index, *path):
    return in_resource(role, "AssumeRolePolicyDocument", "Statement", index, *path)


GRANTS = {"Fn::Sub": "arn:${AWS::Partition}:s3:${AWS::Region}:${AWS::AccountId}:access-grants/default"}
ROOT = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
ANY_CONTEXT = ("Condition", "ForAllValues:ArnEquals", "sts:RequestContextProviders")
MISTAKES = [
    (server(0, "Resource"), "*", "resources_are_named the_server_cannot_read"),
    (person("Action"), ["s3:*"], "resources_are_named a_person_only_asks"),
    (person("NotAction"), "s3:PutObject", "resources_are_named"),
    (server(0, "Action"), "s3:GetObject", "the_server_cannot_read"),
    (server(0, "Action"), ["s3:ListBucket", "sso-oauth:CreateTokenWithIAM"], "the_server_cannot_read"),
    (server(1, "Resource"), {"Fn::GetAtt": ["LocationRole", "Arn"]}, "the_server_cannot_read"),
    (person("Action"), ["s3:GetDataAccess", "s3:GetObject", "s3:ListCallerAccessGrants"], "a_person_only_asks"),
    (person("Resource"), {"Fn::Sub": "arn:${AWS::Partition}:s3:::${DocumentsBucket}"}, "a_person_only_asks"),
    (assistant("Fn::If", 1, "Resource"), GRANTS, "a_person_only_asks"),
    (assistant("Fn::If", 1, "Action"), ["qbusiness:ChatSync", "qbusiness:ListDocuments"], "a_person_only_asks"),
    (assistant("Fn::If", 0), "HasKey", "the_assistant_is_off_by_default"),
    (("Parameters", "AssistantApplicationArn", "Default"), "arn:x", "the_assistant_is_off_by_default"),
    (in_resource("PersonRole", "MaxSessionDuration"), 43200, "a_person_only_asks"),
    (in_resource("PersonRole", "ManagedPolicyArns"), ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"], "roles_have_no_other_policy"),
    (server(2, "Condition"), None, "only_identity_center_sets_a_context"),
    (server(2), None, "only_identity_center_sets_a_context the_server_cannot_read"),
    (trust("PersonRole", SET_CONTEXT), None, "only_identity_center_sets_a_context"),
    (trust("PersonRole", SET_CONTEXT, "Condition", "Null"), None, "only_identity_center_sets_a_context"),
    (trust("PersonRole", SET_CONTEXT, *ANY_CONTEXT), ["*"], "only_identity_center_sets_a_context"),
    (trust("PersonRole", SET_CONTEXT, "Action"), ["sts:AssumeRole", "sts:SetContext"], "only_identity_center_sets_a_context"),
    (trust("LocationRole", SET_CONTEXT), None, "only_identity_center_sets_a_context documents_are_read_through_grants"),
    (trust("LocationRole", SET_CONTEXT, "Condition", "Null"), None, "only_identity_center_sets_a_context"),
    (trust("PersonRole", ASSUME, "Principal"), ROOT, "roles_trust_one_caller"),
    (trust("PersonRole", SET_CONTEXT, "Principal"), {"AWS": "*"}, "roles_trust_one_caller"),
    (trust("LocationRole", ASSUME, "Principal"), ROOT, "roles_trust_one_caller"),
    (trust("LocationRole", ASSUME, "Condition", "StringEquals"), None, "roles_trust_one_caller"),
    (trust("LocationRole", SET_CONTEXT, "Condition", "ArnEquals"), None, "roles_trust_one_caller"),
    (trust("LocationRole", ASSUME, "Action"), ["sts:AssumeRole"], "documents_are_read_through_grants"),
    (location(LIST, "Condition", "ArnEquals"), None, "documents_are_read_through_grants"),
    (location(LIST, "Condition", "StringLike"), None, "documents_are_read_through_grants"),
    (location(GET, "Condition"), None, "documents_are_read_through_grants"),
    (location(GET, "Action"), ["s3:GetObject", "s3:PutObject"], "documents_are_read_through_grants"),
    (location(GET, "Resource"), {"Fn::Sub": "arn:${AWS::Partition}:s3:::${DocumentsBucket}/*"}, "documents_are_read_through_grants"),
    (location(DECRYPT, "Fn::If", 1, "Action"), "kms:*", "resources_are_named documents_are_read_through_grants"),
    (in_resource("ExampleGrant", "Grantee", "GranteeType"), "IAM", "grants_are_for_the_directory"),
    (in_resource("ExampleGrant", "ApplicationArn"), None, "grants_are_for_the_directory"),
    (in_resource("ExampleGrant", "Permission"), "READWRITE", "grants_are_for_the_directory"),
    (in_resource("GrantsInstance", "IdentityCenterArn"), None, "grants_are_for_the_directory"),
    (("Resources", "GrantsInstance", "DeletionPolicy"), "Delete", "grants_are_for_the_directory"),
    (("Resources", "Assignment"), None, "only_assigned_people"),
    (("Transform",), "AWS::LanguageExtensions", "nothing_is_shared_or_transformed"),
    (("Parameters", "DocumentsPrefix", "AllowedPattern"), ".*", "parameters_accept_what_is_right"),
    (("Conditions", "HasKey", "Fn::Not", 0, "Fn::Equals", 0, "Ref"), "DocumentsPrefix", "conditions_depend_on_the_right_parameter"),
    (("Outputs", "PersonRoleArn", "Value", "Fn::GetAtt", 0), "LocationRole", "outputs_name_what_they_say"),
    (person("Effect"), "Deny", "policies_are_current"),
    (trust("PersonRole", ASSUME, "Effect"), "allow", "policies_are_current"),
    (in_resource("PersonRole", "Policies", 0, "PolicyDocument", "Version"), "2008-10-17", "policies_are_current"),
    (in_resource("Application", "PortalOptions", "Visibility"), "ENABLED", "everything_refers_to_the_right_thing"),
    (in_resource("ExampleGrant", "Tags"), [], "there_is_nothing_else"),
    (person("NotResource"), "*", "there_is_only_what_other_rules_read"),
    (("Hooks",), {}, "there_is_only_what_other_rules_read"),
    (("Resources", "Extra"), {"Type": "AWS::IAM::Role", "Properties": {}}, "there_is_nothing_else"),
    (("Outputs", "ApplicationArn", "Export"), {"Name": "application"}, "nothing_is_shared_or_transformed"),
]

# Any value is right here: the reason by place.
FREE = {
    "Resources.Application.Properties.Name": "people read it",
    "Resources.PersonRole.Properties.Policies.0.PolicyName": "people read it",
    "Resources.LocationRole.Properties.Policies.0.PolicyName": "people read it",
}
