"""All stacks, in their order, each with the outputs of those before it."""

from templates import INFRA, loaded

from . import parameters
from .stacks import Stack


def deploy(aws, server):
    """Deploys every template that there is. Returns the stacks by template, everything that was made by the name of the parameter
    that it feeds, and the certificate of the key that signs for Login.gov."""
    stacks, made, certificate = {}, {}, None
    for name in parameters.TEMPLATES:
        template = parameters.loosened(loaded(name))
        stack = Stack(aws, f"my-data-{name}", template, parameters.of(template, made)).deploy()
        stacks[name] = stack
        made |= parameters.as_parameters(stack.outputs())
        if name == "data":
            more, certificate = parameters.prepared(aws, server, made["keyArn"])
            made |= more
    return stacks, made, certificate


def untested():
    """Templates that are not deployed here. Those for Identity Center need services that the emulator does not have."""
    here = {path.stem for path in INFRA.glob("*.yaml")}
    return sorted(here - set(parameters.TEMPLATES) - {"identity-center", "identity-center-sign-in"})


def environment(stack):
    """The environment of the server's container, as it is deployed."""
    [container] = stack.read("TaskDefinition")["containerDefinitions"]
    return {one["name"]: one["value"] for one in container["environment"]}
