"""What a template accepts as its parameters. Each template has a table of them: the default, values that are right, and values that
are wrong."""

import re
from dataclasses import dataclass, field

# The types of parameters here, and what CloudFormation itself accepts for them.
TYPES = {
    "String": ".*",
    "Number": "-?[0-9]+",
    "CommaDelimitedList": ".*",
    "AWS::EC2::VPC::Id": "vpc-[0-9a-f]+",
    "List<AWS::EC2::Subnet::Id>": "(subnet-[0-9a-f]+)(,subnet-[0-9a-f]+)*",
    "AWS::EC2::SecurityGroup::Id": "sg-[0-9a-f]+",
}


@dataclass
class Parameter:
    """A parameter as it should be. Without a default, it must be given."""

    right: list
    wrong: list = field(default_factory=list)
    default: object = None
    type: str = "String"


def accepts(declared, value):
    """Whether CloudFormation accepts the value. It matches a pattern as a whole. Of a list, it looks at each item."""
    text = str(value)
    if not re.fullmatch(TYPES[declared["Type"]], text, re.S):
        return False
    if len(text) > declared.get("MaxLength", len(text)):
        return False
    items = text.split(",") if declared["Type"] == "CommaDelimitedList" else [text]
    if "AllowedValues" in declared:
        allowed = [str(one) for one in declared["AllowedValues"]]
        if not all(item in allowed for item in items):
            return False
    if "AllowedPattern" in declared and not all(re.fullmatch(declared["AllowedPattern"], item) for item in items):
        return False
    if declared["Type"] == "Number":
        return float(declared.get("MinValue", text)) <= float(text) <= float(declared.get("MaxValue", text))
    return True


def parameters(expected):
    """The rule that the template has exactly these parameters."""

    def parameters_accept_what_is_right(template):
        declared = template.get("Parameters", {})
        if set(declared) != set(expected):
            yield f"the parameters are others: {sorted(set(declared) ^ set(expected))}"
        for name in set(declared) & set(expected):
            one, should = declared[name], expected[name]
            if not one.get("Description"):
                yield f"{name}: no description"
            if one["Type"] != should.type:
                yield f"{name}: its type is {one['Type']}"
            if one.get("Default") != should.default:
                yield f"{name}: its default is {one.get('Default')}"
            if not {"AllowedValues", "AllowedPattern", "MinValue"} & set(one) and one["Type"] in ("String", "Number"):
                yield f"{name}: every value is accepted"
            for value in should.right + ([] if should.default is None else [should.default]):
                if not accepts(one, value):
                    yield f"{name}: {value!r} is refused"
            for value in should.wrong:
                if accepts(one, value):
                    yield f"{name}: {value!r} is accepted"

    return parameters_accept_what_is_right


def outputs(expected):
    """The rule that the template has exactly these outputs: values by name."""

    def outputs_name_what_they_say(template):
        found = {name: one.get("Value") for name, one in template.get("Outputs", {}).items()}
        for name in sorted(set(found) | set(expected)):
            if found.get(name) != expected.get(name):
                yield f"the output {name} is {found.get(name)}"
        for name, one in template.get("Outputs", {}).items():
            if not one.get("Description"):
                yield f"the output {name} has no description"

    return outputs_name_what_they_say


def conditions(expected):
    """The rule that the template has exactly these conditions."""

    def conditions_depend_on_the_right_parameter(template):
        found = template.get("Conditions", {})
        for name in sorted(set(found) | set(expected)):
            if found.get(name) != expected.get(name):
                yield f"the condition {name} is {found.get(name)}"

    return conditions_depend_on_the_right_parameter


def given(parameter):
    """The condition that an optional parameter is given."""
    return {"Fn::Not": [{"Fn::Equals": [{"Ref": parameter}, ""]}]}


def given_with(condition, parameter):
    """The condition that an optional parameter is given, and another condition holds."""
    return {"Fn::And": [{"Condition": condition}, given(parameter)]}
