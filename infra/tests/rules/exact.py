"""Comparing a template with what was decided. A value that no one decided on is a fault, too."""


def differences(found, expected, place):
    """Each difference as a sentence. A function among the expected values says whether a value is right."""
    if callable(expected):
        if not expected(found):
            yield f"{place} is {found}"
    elif isinstance(found, dict) and isinstance(expected, dict):
        for key in sorted(set(found) - set(expected)):
            yield f"{place}.{key} was not decided on: {found[key]}"
        for key in sorted(set(expected) - set(found)):
            yield f"{place}.{key} is missing"
        for key in sorted(set(found) & set(expected)):
            yield from differences(found[key], expected[key], f"{place}.{key}")
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for index, (one, other) in enumerate(zip(found, expected)):
            yield from differences(one, other, f"{place}.{index}")
    elif (found, type(found)) != (expected, type(expected)):
        yield f"{place} is {found}, and not {expected}"


def exactly(template, name, expected):
    """The differences of the properties of a resource."""
    yield from differences(template["Resources"][name]["Properties"], expected, name)


KEPT = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
# What people read; any text is right.
ANY_TEXT = lambda found: isinstance(found, str) and found != ""


def resources(expected):
    """The rule that the template has exactly these resources: their type and what else stands beside their properties, by name."""

    def resources_are_those_decided_on(template):
        found = {name: {key: value for key, value in one.items() if key != "Properties"} for name, one in template["Resources"].items()}
        yield from differences(found, expected, "Resources")

    return resources_are_those_decided_on


def section(name, expected):
    """The differences of a whole section, such as `Rules`."""
    return lambda template: differences(template.get(name, {}), expected, name)


def ref(name):
    return {"Ref": name}


def att(name, attribute):
    return {"Fn::GetAtt": [name, attribute]}


def sub(text):
    return {"Fn::Sub": text}
