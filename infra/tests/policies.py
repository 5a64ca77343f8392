"""Reading the policies of a template."""


def list_of(value):
    """A policy or a template may have one value in place of a list."""
    return value if isinstance(value, list) else [value]


def statements(document):
    """The statements of a policy, also one that only exists under a condition."""
    for statement in document["Statement"]:
        yield statement["Fn::If"][1] if "Fn::If" in statement else statement


def permissions(document):
    """Each action with its statement."""
    return [(action, statement) for statement in statements(document) for action in list_of(statement["Action"])]


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


def inline_policies(resource):
    """The policies inside a role. A user pool has a property of the same name, which is something else."""
    return resource["Properties"].get("Policies", []) if resource["Type"] == "AWS::IAM::Role" else []


def documents_of(template):
    """Every policy, with its name: what roles may do, and who may assume them."""
    for name, resource in template["Resources"].items():
        values = resource.get("Properties", {})
        if "AssumeRolePolicyDocument" in values:
            yield f"trust of {name}", values["AssumeRolePolicyDocument"]
        for one in inline_policies(resource):
            yield name, one["PolicyDocument"]
        if "PolicyDocument" in values:
            yield name, values["PolicyDocument"]
