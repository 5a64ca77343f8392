"""The templates keep the rules, and each rule notices when it is broken."""

import copy
import unittest
from pathlib import Path

from cfnlint.decode import cfn_yaml

import template_rules as rules

INFRA = Path(__file__).parent.parent
# Where things are in the policies of the templates.
ASSUME, SET_CONTEXT = 0, 1
LIST, GET, DECRYPT = 0, 1, 2


def loaded(name):
    """A template as plain dictionaries and lists."""

    def plain(value):
        if isinstance(value, dict):
            return {str(key): plain(one) for key, one in value.items()}
        return [plain(one) for one in value] if isinstance(value, list) else str(value) if isinstance(value, str) else value

    return plain(cfn_yaml.load(str(INFRA / name)))


DOCUMENTS, SIGN_IN = loaded("identity-center.yaml"), loaded("identity-center-sign-in.yaml")


def faults(checks, template):
    return {check.__name__: list(check(template)) for check in checks}


def changed(template, path, value):
    """A copy in which the value at `path` is another one, or gone if that is `None`."""
    copied = copy.deepcopy(template)
    *parents, last = path
    place = copied
    for key in parents:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return copied


def in_resource(name, *path):
    return ("Resources", name, "Properties", *path)


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
# A mistake in the first template, and the rules that notice it.
BROKEN_DOCUMENTS = [
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
    (("Outputs", "ApplicationArn", "Export"), {"Name": "application"}, "nothing_is_shared_or_transformed"),
]
CLIENT = "only_case_workers_have_the_client"
BROKEN_SIGN_IN = [
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


class Templates(unittest.TestCase):
    def test_they_keep_every_rule(self):
        for checks, template in [(rules.DOCUMENTS, DOCUMENTS), (rules.SIGN_IN, SIGN_IN)]:
            self.assertEqual({name: found for name, found in faults(checks, template).items() if found}, {})

    def test_each_rule_notices_that_it_is_broken(self):
        noticed = set()
        for checks, template, rows in [(rules.DOCUMENTS, DOCUMENTS, BROKEN_DOCUMENTS), (rules.SIGN_IN, SIGN_IN, BROKEN_SIGN_IN)]:
            for path, value, expected in rows:
                with self.subTest(path=path, value=value):
                    found = {name for name, found in faults(checks, changed(template, path, value)).items() if found}
                    self.assertEqual(found, set(expected.split()))
                    noticed |= found
        self.assertEqual(noticed, {check.__name__ for check in rules.DOCUMENTS + rules.SIGN_IN})


if __name__ == "__main__":
    unittest.main()
