"""What AWS accepts where no schema says so, read from the descriptions of its services in botocore."""

import gzip
import json
import re
from functools import cache
from pathlib import Path

import botocore


@cache
def service(name):
    """The newest description of a service."""
    newest = sorted((Path(botocore.__file__).parent / "data" / name).glob("*/service-2.json.gz"))[-1]
    return json.loads(gzip.decompress(newest.read_bytes()))


def text(documentation):
    """A description without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", documentation).replace("&quot;", '"'))


def provider_details(kind):
    """The keys of `ProviderDetails` that Cognito accepts for a provider of the kind `OIDC` or `SAML`: those of the examples of
    requests, not those of responses."""
    described = text(service("cognito-idp")["shapes"]["CreateIdentityProviderRequest"]["members"]["ProviderDetails"]["documentation"])
    start, end = {"OIDC": ("OpenID Connect (OIDC)", "SAML"), "SAML": ("SAML", "LoginWithAmazon")}[kind]
    part = described[described.index(start) :]
    part = part[: part.index(end, len(start))]
    requests = " ".join(one.split("Describe response")[0] for one in part.split("Create or update request")[1:])
    return set(re.findall(r'"(\w+)" ?:', requests)) - {"ProviderDetails"}


def operations_without_credentials():
    """The operations of a user pool that anyone on the internet can call."""
    return {name for name, one in service("cognito-idp")["operations"].items() if one.get("authtype") == "none"}


def operations_with_credentials():
    """All other operations of user pools."""
    return set(service("cognito-idp")["operations"]) - operations_without_credentials()


def enumerated(service_name, shape):
    """The values of an enumeration."""
    return set(service(service_name)["shapes"][shape]["enum"])
