"""The values of a template, by the functions of CloudFormation's user guide. No code is shared with the emulator's own."""

import re

from rules.parameters import accepts, is_list

NO_VALUE = object()


class Unknown(Exception):
    """A value that the template does not say."""


class Resolver:
    """Resolves the values of `template`.

    - `parameters`: the values given, by name. Defaults fill the rest.
    - `pseudo`: the values of `AWS::Region` and the like.
    - `reference(name)` and `attribute(name, attribute)`: the values of a resource of the template.
    - `secret(reference)`: the value of a dynamic reference to Secrets Manager.
    """

    def __init__(self, template, parameters, pseudo, reference, attribute, secret):
        self.template, self.pseudo = template, pseudo
        self.reference, self.attribute, self.secret = reference, attribute, secret
        known = template.get("Parameters", {})
        if unknown := set(parameters) - set(known):
            raise Unknown(f"no such parameters: {sorted(unknown)}")
        self.parameters = {}
        for name, declared in known.items():
            if name not in parameters and "Default" not in declared:
                raise Unknown(f"the parameter {name} has no value")
            value = str(parameters.get(name, declared.get("Default")))
            self.parameters[name] = [one.strip() for one in value.split(",")] if is_list(declared) else value
            if not accepts(declared, value):
                raise Unknown(f"the parameter {name} does not allow {value!r}")

    def holds(self, condition):
        """Whether the condition with this name, or this expression, is true."""
        if isinstance(condition, str):
            return self.holds(self.template["Conditions"][condition])
        [(function, argument)] = condition.items()
        match function:
            case "Condition":
                return self.holds(argument)
            case "Fn::Not":
                return not self.holds(argument[0])
            case "Fn::And":
                return all([self.holds(one) for one in argument])
            case "Fn::Or":
                return any([self.holds(one) for one in argument])
            case "Fn::Equals":
                one, other = self.value(argument)
                return str(one) == str(other)
        raise Unknown(f"not a condition: {condition}")

    def exists(self, name):
        """Whether the resource or output is made with these parameters."""
        declared = self.template["Resources"].get(name) or self.template["Outputs"][name]
        return "Condition" not in declared or self.holds(declared["Condition"])

    def value(self, node):
        """`node` without functions. What is `AWS::NoValue` is left out."""
        if isinstance(node, list):
            return [one for one in map(self.value, node) if one is not NO_VALUE]
        if isinstance(node, str):
            return self.secret(node) if "{{resolve:" in node else node
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            [(function, argument)] = node.items()
            if function == "Ref":
                return self.ref(argument)
            if function.startswith("Fn::"):
                return self.function(function[4:], argument)
        values = {key: self.value(one) for key, one in node.items()}
        return {key: one for key, one in values.items() if one is not NO_VALUE}

    def ref(self, name):
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self.pseudo:
            return self.pseudo[name]
        if name in self.parameters:
            return self.parameters[name]
        return self.reference(name)

    def function(self, name, argument):
        match name:
            case "GetAtt":
                resource, attribute = argument if isinstance(argument, list) else argument.split(".", 1)
                return self.attribute(resource, attribute)
            case "If":
                condition, yes, no = argument
                return self.value(yes if self.holds(condition) else no)
            case "Sub":
                return self.sub(argument)
            case "Join":
                separator, parts = argument
                return separator.join(str(one) for one in self.value(parts))
            case "Select":
                index, parts = argument
                return self.value(parts)[int(self.value(index))]
            case "Split":
                separator, text = argument
                return self.value(text).split(separator)
            case "FindInMap":
                first, second, third = self.value(argument)
                return self.value(self.template["Mappings"][first][second][third])
            case "GetAZs":
                return [self.pseudo["AWS::Region"] + letter for letter in "abc"]
            case "Cidr":
                return cidrs(*self.value(argument))
        raise Unknown(f"the function Fn::{name}")

    def sub(self, argument):
        text, own = argument if isinstance(argument, list) else (argument, {})

        def one(match):
            name = match[1]
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in own:
                return str(self.value(own[name]))
            if "." in name:
                return str(self.attribute(*name.split(".", 1)))
            value = self.ref(name)
            return ",".join(value) if isinstance(value, list) else str(value)

        return self.value(re.sub(r"\$\{([^}]+)\}", one, text))


def cidrs(block, count, bits):
    import ipaddress

    networks = ipaddress.ip_network(block).subnets(new_prefix=32 - int(bits))
    return [str(next(networks)) for _ in range(int(count))]
