"""The programs that a plan of scripts/deploy-plan.sh calls (`aws`, `docker`, `make`), without effect. The file FAKE_STATE has
what stacks, secrets and images exist, and every call."""

import fcntl
import json
import os
import sys
from pathlib import Path

STATE = Path(os.environ["FAKE_STATE"])


def option(arguments, name):
    return arguments[arguments.index(name) + 1] if name in arguments else None


def answer(state, service, operation, arguments):
    """What the command line prints with the option `--output text`; `None` if the service refuses."""
    stack = option(arguments, "--stack-name")
    if operation in state.get("refused", []):
        return None
    if (service, operation) == ("sts", "get-caller-identity"):
        return state["account"]
    if (service, operation) == ("cloudformation", "deploy"):
        # As the command line does.
        if arguments[-1] == "--parameter-overrides":
            return None
        state["deployed"].append(stack)
        return ""
    if (service, operation) == ("cloudformation", "delete-stack"):
        if not state["failed"].pop(stack, None):
            state["deployed"].remove(stack)
        return ""
    if (service, operation) == ("cloudformation", "describe-stack-resources"):
        query = option(arguments, "--query")
        return "\n".join(name for kind, name in state["failed"].get(stack, {}).get("left", {}).items() if f"'{kind}'" in query)
    if (service, operation) == ("cloudformation", "describe-stacks"):
        query = option(arguments, "--query") or ""
        if query == "Stacks[0].StackStatus" and stack in state["failed"]:
            return state["failed"][stack]["status"]
        if stack not in state["deployed"]:
            return None
        return state["outputs"].get(query.split("'")[1], "None") if "'" in query else "{}"
    if (service, operation) == ("secretsmanager", "describe-secret"):
        return state["secrets"].get(option(arguments, "--secret-id"))
    if (service, operation) == ("secretsmanager", "create-secret"):
        name = option(arguments, "--name")
        if state.get("refuses_secrets"):
            return None
        state["kept"][name] = Path(option(arguments, "--secret-string").removeprefix("file://")).read_text()
        state["secrets"][name] = f"arn:aws:secretsmanager:eu-west-1:{state['account']}:secret:{name}-AbCdEf"
        return state["secrets"][name]
    if (service, operation) == ("ecr", "describe-images"):
        return state["digest"] if state["pushed"] else None
    if (service, operation) == ("elbv2", "describe-load-balancers"):
        return "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/x/1"
    return ""


def main():
    # Two programs of a pipe run at the same time.
    lock = STATE.with_suffix(".lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    program, *arguments = Path(sys.argv[0]).name, *sys.argv[1:]
    state = json.loads(STATE.read_text())
    state["calls"].append([program, *arguments])
    found = ""
    if program == "aws":
        found = answer(state, arguments[0], arguments[1], arguments[2:])
    if program == "docker" and arguments[0] == "push":
        state["pushed"] = True
    STATE.write_text(json.dumps(state))
    if found is None:
        sys.exit(254)
    if found:
        print(found)


main()
