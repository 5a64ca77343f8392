"""Templates as plain values: reading one, changing one, and which rules a template breaks."""

import copy
from importlib import import_module
from pathlib import Path

from cfnlint.decode import cfn_yaml

INFRA = Path(__file__).parent.parent
NAMES = sorted(path.stem for path in INFRA.glob("*.yaml"))


def loaded(name):
    """The template `infra/{name}.yaml`. Short forms such as `!Ref` are written out."""

    def plain(value):
        if isinstance(value, dict):
            return {str(key): plain(one) for key, one in value.items()}
        return [plain(one) for one in value] if isinstance(value, list) else str(value) if isinstance(value, str) else value

    return plain(cfn_yaml.load(str(INFRA / f"{name}.yaml")))


def changed(template, path, value):
    """A copy in which the value at `path` is another one, or gone if that is `None`. What is not on the path is shared."""
    first, *rest = path
    copied = copy.copy(template)
    if rest:
        copied[first] = changed(template[first], rest, value)
    elif value is None:
        del copied[first]
    else:
        copied[first] = value
    return copied


def module(kind, name):
    """The rules of a template (`rules`), or the mistakes that they must notice (`mistakes`)."""
    return import_module(f"{kind}.{name.replace('-', '_')}")


def rules_of(name):
    """The rules of the template, and those of every template."""
    return module("rules", name).RULES + import_module("rules.every").RULES


def sentences(rule, template):
    """What the rule says against the template. A rule that fails over a broken template has noticed it."""
    try:
        return list(rule(template))
    except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
        return [f"cannot be checked ({error!r})"]


def faults(rules, template):
    """The sentences of each rule that the template breaks, by the name of the rule."""
    found = {rule.__name__: sentences(rule, template) for rule in rules}
    return {name: said for name, said in found.items() if said}


def is_noticed(rules, template):
    """Whether the template breaks any of the rules."""
    return any(sentences(rule, template) for rule in rules)


def in_resource(name, *path):
    """The path of a property."""
    return ("Resources", name, "Properties", *path)


def expanded(template):
    """The template as it is when every condition holds, with the defaults of its parameters."""
    parameters = template.get("Parameters", {})
    gone = object()

    def default(name):
        one = parameters[name]
        return one["Default"].split(",") if one["Type"] == "CommaDelimitedList" else one["Default"]

    def value(one):
        if isinstance(one, list):
            return [item for item in map(value, one) if item is not gone]
        if not isinstance(one, dict):
            return one
        if set(one) == {"Fn::If"}:
            return value(one["Fn::If"][1])
        if one == {"Ref": "AWS::NoValue"}:
            return gone
        if set(one) == {"Ref"} and parameters.get(one["Ref"], {}).get("Default"):
            return default(one["Ref"])
        return {key: found for key, found in ((key, value(item)) for key, item in one.items()) if found is not gone}

    return {**template, "Resources": value(template["Resources"])}
