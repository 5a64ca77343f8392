"""The attributes of load balancers, target groups and listeners that AWS knows. CloudFormation passes any key on."""

import re

from allowed import service, text

SHAPES = {"balancer": "LoadBalancerAttribute", "target group": "TargetGroupAttribute", "listener": "ListenerAttribute"}


def described(kind):
    """Each key with what botocore says about it."""
    documentation = service("elbv2")["shapes"][SHAPES[kind]]["members"]["Key"]["documentation"]
    found = re.split(r"<li>\s*<p>\s*<code>([a-z0-9_]+\.[a-z0-9_.]+)</code>", documentation)
    return {key: text(about) for key, about in zip(found[1::2], found[2::2])}


def accepts(kind, key, value):
    """Whether AWS knows the key, and the value is one that its description names: a number within the range, true or false, or a
    word."""
    about = described(kind).get(key)
    if about is None:
        return False
    numbers = re.search(r"range is (\d+)-(\d+)", about)
    if numbers:
        return value.isdigit() and int(numbers[1]) <= int(value) <= int(numbers[2])
    if kind == "listener" and key.endswith(".enabled"):
        return value in ("true", "false")
    return bool(re.search(rf"\b{re.escape(value)}\b", about))
