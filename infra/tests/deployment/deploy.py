"""All stacks, in their order, each with the outputs of those before it."""

from templates import INFRA, loaded

from . import parameters
from .stacks import Stack

# The stack of the server while its keys are being changed.
CHANGING = "app-changing"


def deploy(aws, server):
    """Deploys every template that there is, and the server's a second time, with other parameters. Returns the stacks by name, everything
    that was made by the name of the parameter that it feeds, and the certificate of the key that signs for Login.gov."""
    stacks, made, certificate = {}, {}, None
    for name in parameters.TEMPLATES:
        template = parameters.loosened(loaded(name))
        stack = Stack(aws, f"my-data-{name}", template, parameters.of(template, made)).deploy()
        stacks[name] = stack
        made |= parameters.as_parameters(stack.outputs())
        if name == "data":
            more, certificate = parameters.prepared(aws, server, made["keyArn"])
            made |= more
    more = parameters.changing(aws, server, made["keyArn"])
    template = parameters.loosened(loaded("app"))
    stacks[CHANGING] = Stack(aws, f"my-data-{CHANGING}", template, parameters.of(template, made | more)).deploy()
    return stacks, made, certificate


def untested():
    """Templates that are not deployed here. Those for Identity Center need services that the emulator does not have."""
    here = {path.stem for path in INFRA.glob("*.yaml")}
    return sorted(here - set(parameters.TEMPLATES) - {"identity-center", "identity-center-sign-in"})


def environments(stacks):
    """The environment of the server by where it runs, as it is deployed."""
    found = {name: task_environment(stacks[name]) for name in ("app", CHANGING)}
    return found | {"lambda": stacks["lambda"].read("Function")["Environment"]["Variables"]}


def task_environment(stack):
    [container] = stack.read("TaskDefinition")["containerDefinitions"]
    return {one["name"]: one["value"] for one in container["environment"]}


def roles(stacks):
    """The role of the server by where it runs."""
    return {name: stacks[name].physical["TaskRole"] for name in ("app", CHANGING)} | {"lambda": stacks["lambda"].physical["FunctionRole"]}
