"""The AWS command line, as far as infra/identity-center.sh uses it. It keeps its state in the file FAKE_AWS_STATE.

`log` has every call; `calls` those that change something. The tests check both against AWS's own description of the service.
Exit statuses are those of the real command line: 252 for a usage error, 254 for an error of the service.
"""

import json
import os
import sys

import jmespath

STATE = os.environ["FAKE_AWS_STATE"]


def refuse(status, message):
    print(f"\n{message}", file=sys.stderr)
    sys.exit(status)


def parse(arguments):
    """The options, named as members of the operation's input. A value that starts with a brace is JSON."""
    given = {}
    while arguments:
        option = arguments.pop(0)
        if not option.startswith("--"):
            refuse(252, f"Unknown options: {option}")
        name = "".join(word.capitalize() for word in option[2:].split("-"))
        if not arguments or arguments[0].startswith("--"):
            given[name] = True
            continue
        value = arguments.pop(0)
        try:
            given[name] = json.loads(value) if value.startswith("{") else value
        except ValueError as error:
            refuse(252, f"Error parsing parameter '{option}': Invalid JSON: {error}")
    return given


def answer(state, region, operation, given):
    """What the service answers, or `None` if that is nothing."""
    if operation == "GetCallerIdentity":
        return {"Account": state["account"]}
    if operation == "ListInstances":
        return {"Instances": [{"InstanceArn": arn} for arn in state["instances"]] if region == state["region"] else []}
    if operation == "ListTrustedTokenIssuers":
        return {"TrustedTokenIssuers": [{"TrustedTokenIssuerArn": arn} for arn in state["issuers"]]}
    if operation == "DescribeTrustedTokenIssuer":
        return state["issuers"][given["TrustedTokenIssuerArn"]]
    state["calls"].append([operation, given])
    if operation == "CreateTrustedTokenIssuer":
        if any(issuer["Name"] == given["Name"] for issuer in state["issuers"].values()):
            refuse(254, "An error occurred (ConflictException)")
        number = 10_000 + len(state["issuers"])
        arn = f"arn:aws:sso::{state['account']}:trustedTokenIssuer/ssoins-1111111111111111/tti-00000000-0000-0000-0000-0000000{number}"
        state["issuers"][arn] = given
        return {"TrustedTokenIssuerArn": arn}
    state["settings"][operation] = given
    return None


def main(service, name, *arguments):
    with open(STATE, encoding="utf-8") as file:
        state = json.load(file)
    if service == "configure":
        print(state["region"])
        return
    given = parse(list(arguments))
    if given.pop("Output", None) != "text":
        refuse(252, "the script reads text")
    region, query = given.pop("Region", os.environ.get("AWS_REGION")), given.pop("Query", None)
    operation = "".join(word.capitalize() for word in name.split("-"))
    found = answer(state, region, operation, given)
    state["log"].append([service, operation, given])
    with open(STATE, "w", encoding="utf-8") as file:
        json.dump(state, file)
    if found is not None:
        value = jmespath.search(query, found)
        print("\t".join(map(str, value)) if isinstance(value, list) else value)


main(*sys.argv[1:])
