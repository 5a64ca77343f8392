"""What must be true of every template."""

from policies import documents_of, inline_policies, list_of, statements


def resources_are_named(template):
    for name, document in documents_of(template):
        for statement in statements(document):
            # The one action here that has no resource.
            if statement["Action"] == "ecr:GetAuthorizationToken":
                continue
            if "*" in list_of(statement.get("Resource", "a trust has none")):
                yield f"{name}: the resource is *"
            if any(action.split(":")[-1].startswith("*") or action == "*" for action in list_of(statement["Action"])):
                yield f"{name}: an action is *"
            if {"NotAction", "NotResource", "NotPrincipal"} & set(statement):
                yield f"{name}: a statement of what is not meant"


def policies_are_current(template):
    """Without the version, IAM reads a policy by the rules of 2008, which know no variables."""
    for name, document in documents_of(template):
        if document.get("Version") != "2012-10-17":
            yield f"{name}: the version of the policy is {document.get('Version')}"
        for statement in statements(document):
            if statement["Effect"] != "Allow":
                yield f"{name}: the effect is {statement['Effect']}"


def roles_have_no_other_policy(template):
    for name, resource in template["Resources"].items():
        values = resource.get("Properties", {})
        if "ManagedPolicyArns" in values or len(inline_policies(resource)) > 1:
            yield f"{name}: a policy that no rule reads"


def nothing_is_shared_or_transformed(template):
    if "Transform" in template:
        yield "a transform"
    if any("Export" in output for output in template.get("Outputs", {}).values()):
        yield "an export"


SECTIONS = {"AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings", "Conditions", "Resources", "Outputs"}
PARAMETER = {"Type", "Default", "Description", "AllowedPattern", "AllowedValues", "MinValue", "MaxValue", "MinLength", "MaxLength"}
STATEMENT = {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}


def there_is_only_what_other_rules_read(template):
    """A section or a key that no rule knows would change something unseen."""
    yield from (f"the section {name}" for name in set(template) - SECTIONS)
    for name, one in template.get("Parameters", {}).items():
        yield from (f"the parameter {name} has {key}" for key in set(one) - PARAMETER)
        allowed = [str(value) for value in one.get("AllowedValues", [])]
        if len(allowed) != len(set(allowed)):
            yield f"the parameter {name} allows a value twice"
    for name, one in template.get("Outputs", {}).items():
        yield from (f"the output {name} has {key}" for key in set(one) - {"Description", "Value", "Condition"})
    for name, document in documents_of(template):
        yield from (f"{name}: a policy has {key}" for key in set(document) - {"Version", "Statement"})
        for statement in statements(document):
            yield from (f"{name}: a statement has {key}" for key in set(statement) - STATEMENT)


RULES = [
    resources_are_named,
    policies_are_current,
    roles_have_no_other_policy,
    nothing_is_shared_or_transformed,
    there_is_only_what_other_rules_read,
]
