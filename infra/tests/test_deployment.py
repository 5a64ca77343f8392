"""What reads templates back from an emulator, without one; and whether the role of the server has the secrets of its environment."""

import itertools
import unittest

from deployment import parameters
from deployment.compare import compare
from deployment.kinds import KINDS
from deployment.resolver import NO_VALUE, Resolver, Unknown
from deployment.role import Right, rights_of, without
from deployment.stacks import PSEUDO
from deployment.unreadable import UNREADABLE
from templates import loaded

ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:{}-AbCdEf"


def wrong(expected, actual):
    return {".".join(path) for path, same, _ in compare(expected, actual) if not same}


class Comparison(unittest.TestCase):
    def test_what_is_written_otherwise_is_the_same(self):
        for expected, actual in [
            ({"A": True, "B": "5", "C": 0.5}, {"a": "true", "b": 5, "c": "0.5"}),
            ({"A": [{"Key": "x", "Value": "1"}, {"Key": "y"}]}, {"A": [{"Key": "y"}, {"Key": "x", "Value": 1, "More": 2}]}),
            ({"A": ["x", "y"]}, {"A": ["y", "x"], "Other": 1}),
            ({"Policy": {"Action": ["a"]}}, {"Policy": '{"Action": "a"}'}),
            ({"A": ""}, {"A": None}),
        ]:
            self.assertEqual(wrong(expected, actual), set(), expected)

    def test_every_difference_is_named(self):
        for expected, actual, paths in [
            ({"A": {"B": 1, "C": 2}}, {"A": {"B": 1}}, {"A.C"}),
            ({"A": {"B": 1}}, {}, {"A.B"}),
            ({"A": {"B": 1}}, {"A": 1}, {"A.B"}),
            ({"A": ["x"]}, {"A": ["x", "y"]}, {"A"}),
            ({"A": ["x", "y"]}, {"A": ["x"]}, {"A"}),
            ({"A": [{"Key": "x", "Value": 1}]}, {"A": [{"Key": "x", "Value": 2}]}, {"A.*.Value"}),
            ({"A": [{"Key": "x"}]}, {"A": [{"Key": "x"}, {"Key": "y"}]}, {"A.*"}),
            ({"A": [{"Key": "x"}]}, {"A": [{"Key": "y"}]}, {"A.*.Key", "A.*"}),
            ({"A": True}, {"A": False}, {"A"}),
            ({"A": "0123"}, {"A": 123}, {"A"}),
        ]:
            self.assertEqual(wrong(expected, actual), paths, (expected, actual))


def resolver(template, values):
    def reference(name):
        return f"ref of {name}"

    return Resolver(template, values, PSEUDO | {"AWS::StackName": "stack"}, reference, lambda name, attribute: f"{attribute} of {name}", str)


class Values(unittest.TestCase):
    TEMPLATE = {
        "Parameters": {"a": {"Type": "String", "Default": ""}, "b": {"Type": "CommaDelimitedList", "AllowedPattern": "[xy]"}},
        "Mappings": {"M": {"aws": {"K": "mapped"}}},
        "Conditions": {"HasA": {"Fn::Not": [{"Fn::Equals": [{"Ref": "a"}, ""]}]}},
        "Resources": {},
    }

    def test_functions(self):
        one = resolver(self.TEMPLATE, {"b": "x,y"})
        for node, value in [
            ({"Ref": "b"}, ["x", "y"]),
            ({"Fn::If": ["HasA", 1, {"Ref": "AWS::NoValue"}]}, NO_VALUE),
            ({"x": {"Fn::If": ["HasA", 1, {"Ref": "AWS::NoValue"}]}, "y": [{"Ref": "AWS::NoValue"}, 2]}, {"y": [2]}),
            ({"Fn::Sub": "${AWS::Region} ${!kept} ${R} ${R.Arn} ${b}"}, "eu-west-1 ${kept} ref of R Arn of R x,y"),
            ({"Fn::Sub": ["${v}-${a}", {"v": {"Fn::Select": [1, {"Ref": "b"}]}}]}, "y-"),
            ({"Fn::Join": ["|", [{"Fn::GetAtt": ["R", "Arn"]}, "z"]]}, "Arn of R|z"),
            ({"Fn::FindInMap": ["M", {"Ref": "AWS::Partition"}, "K"]}, "mapped"),
            ({"Fn::Select": [2, {"Fn::Cidr": ["10.1.0.0/16", 4, 8]}]}, "10.1.2.0/24"),
            ({"Fn::Split": ["/", "a/b"]}, ["a", "b"]),
        ]:
            self.assertEqual(one.value(node), value, node)
        self.assertTrue(resolver(self.TEMPLATE, {"a": "1", "b": "x"}).holds("HasA"))

    def test_what_is_not_known_fails(self):
        for values in [{}, {"b": "z"}, {"b": "x,z"}, {"b": "x", "c": "1"}]:
            with self.assertRaises(Unknown, msg=values):
                resolver(self.TEMPLATE, values)
        with self.assertRaises(Unknown):
            resolver(self.TEMPLATE, {"b": "x"}).value({"Fn::Length": ["x"]})


class Roles(unittest.TestCase):
    def test_a_policy_is_the_sum_of_its_rights(self):
        template = unchecked("app")
        one = resolver(template, values_of(template, frozenset(OPTIONAL)))
        document = one.value(template["Resources"]["TaskRole"]["Properties"]["Policies"][0]["PolicyDocument"])
        rights = rights_of(document)
        self.assertEqual(len({right for right in rights if right.service}), 2)
        for right in rights:
            self.assertIsInstance(right, Right)
            self.assertEqual(set(rights_of(without(document, right))), set(rights) - {right})

    def test_the_role_has_the_secrets_of_the_environment_and_no_others(self):
        """Whichever providers, case workers and changes of keys a deployment has."""
        for name, role in (("app", "TaskRole"), ("lambda", "FunctionRole")):
            template = unchecked(name)
            for number in range(len(OPTIONAL) + 1):
                for given in itertools.combinations(OPTIONAL, number):
                    one = resolver(template, values_of(template, frozenset(given)))
                    document = one.value(template["Resources"][role]["Properties"]["Policies"][0]["PolicyDocument"])
                    may_read = {right.resource for right in rights_of(document) if right.action == "secretsmanager:GetSecretValue"}
                    named = {part for value in environment(one, template, name).values() for part in value.split(",") if ":secretsmanager:" in part}
                    self.assertEqual(may_read, named, (name, given))


# What a deployment may or may not have. A secret of the bridge may be given without Login.gov.
OPTIONAL = {
    "Login.gov": {"loginGovClientId": "urn:gov:x"},
    "secrets of the bridge": {"loginGovBridgeSecretArn": ARN.format("bridge"), "loginGovSigningKeySecretArn": ARN.format("signing")},
    "other secrets of the bridge": {
        "previousLoginGovBridgeSecretArn": ARN.format("previous-bridge"),
        "otherLoginGovSigningKeySecretArn": ARN.format("other-signing"),
    },
    "other keys": {
        "previousPseudonymKeySecretArn": ARN.format("previous-pseudonym"),
        "otherSessionKeySecretArn": ARN.format("other-session"),
    },
    "an app client of case workers": {"caseWorkersClientId": "abc", "caseWorkersClientSecretArn": ARN.format("case-workers")},
    "documents": {"documentsRoleArn": "arn:aws:iam::123456789012:role/person"},
}


def values_of(template, given):
    """Values for every parameter of the template, with those of OPTIONAL that are given."""
    values = {name: f"a-{name}" for name, one in template["Parameters"].items() if "Default" not in one}
    values |= {"itsmeClientId": "itsme", "imageUri": parameters.VALUES["imageUri"], "userPoolId": "eu-west-1_x"}
    values |= {name: ARN.format(name) for name in values if name.endswith("SecretArn")}
    for one in given:
        values |= OPTIONAL[one]
    return {name: value for name, value in values.items() if name in template["Parameters"]}


def unchecked(name):
    """A template whose parameters take any value."""
    template = loaded(name)
    for one in template["Parameters"].values():
        one.pop("AllowedPattern", None)
    return template


def environment(one, template, name):
    if name == "lambda":
        return one.value(template["Resources"]["Function"]["Properties"]["Environment"]["Variables"])
    [container] = template["Resources"]["TaskDefinition"]["Properties"]["ContainerDefinitions"]
    return {variable["Name"]: variable["Value"] for variable in one.value(container["Environment"])}


class Lists(unittest.TestCase):
    def test_every_type_of_the_templates_is_read_back(self):
        types = {one["Type"] for name in parameters.TEMPLATES for one in loaded(name)["Resources"].values()}
        self.assertEqual(types - set(KINDS), set())
        self.assertEqual(set(UNREADABLE) - types, set())


if __name__ == "__main__":
    unittest.main()
