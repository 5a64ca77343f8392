"""What is known about a type of resource."""

from collections.abc import Callable
from dataclasses import dataclass, field

from botocore.exceptions import ClientError


def nothing(aws, identifier, properties):
    """Sets nothing besides."""


@dataclass(frozen=True)
class Kind:
    """How a type of resource is read back, and what the emulator's CloudFormation leaves to its API.

    - `read(aws, identifier)`: the properties that the service has, named as in the template.
    - `located`: `read` also gets the properties as they should be, which say where to look.
    - `attributes`: for `Fn::GetAtt`, each from what `read` found. It may hold more than properties.
    - `complete(aws, identifier, properties)`: sets what CloudFormation left out.
    - `create(aws, properties)`: for a type that CloudFormation refuses. Returns the identifier.
    - `refused(properties)`: whether CloudFormation refuses this one, though it takes others of the type.
    - `reference(properties)`: what `Ref` gives of such a type, before it exists.
    """

    read: Callable
    attributes: dict[str, Callable] = field(default_factory=dict)
    complete: Callable = nothing
    create: Callable | None = None
    refused: Callable = lambda properties: False
    located: bool = False
    reference: Callable | None = None


def absent(service, operation, **parameters):
    """A type of which the emulator does not have the service or the operation. `parameters` are any that the operation takes."""

    def create(aws, properties):
        try:
            getattr(aws[service], operation)(**parameters)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("400", "InvalidAction", "UnknownOperationException"):
                return "none"
            raise
        raise NotImplementedError(f"the emulator knows {operation} of {service}: write how to read the type back")

    return Kind(lambda aws, identifier: {}, create=create)


def only(found):
    """The only element."""
    [one] = found
    return one


def picked(answer, *names, **renamed):
    """Some members of an answer: those with these names, and others renamed."""
    found = {name: answer[name] for name in names if name in answer}
    found |= {name: answer[other] for name, other in renamed.items() if other in answer}
    return found


def tags_of(pairs):
    """Tags without those that services add."""
    pairs = pairs.items() if isinstance(pairs, dict) else [(one.get("Key", one.get("key")), one.get("Value", one.get("value"))) for one in pairs]
    return [{"Key": key, "Value": value} for key, value in pairs if not key.startswith("aws:")]
