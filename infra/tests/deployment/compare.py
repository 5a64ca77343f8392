"""Compares what a template says with what a service says."""

import json

# What names an element of a list, so that the order does not count.
NAMES = ("Name", "name", "Key", "key", "Sid", "IndexName", "AttributeName", "PolicyName", "RuleName", "Id", "ScalableDimension")


def plain(value):
    """A value without what only differs in how it is written: `true` and `"true"`, `5` and `"5"`, a document and its text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(int(value)) if float(value).is_integer() else str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, str):
        if value[:1] in ("{", "["):
            try:
                return plain(json.loads(value))
            except ValueError:
                return value
        if value in ("True", "False"):
            return value.lower()
        try:
            return plain(float(value)) if value.replace(".", "", 1).isdigit() and not value.startswith("0") else value
        except ValueError:
            return value
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(one) for one in value]
    return value


def leaves(value, path=()):
    """Each path of a value that has nothing below it."""
    if isinstance(value, dict) and value:
        for key, one in value.items():
            yield from leaves(one, (*path, key))
    elif isinstance(value, list) and value and any(isinstance(one, (dict, list)) for one in value):
        for one in value:
            yield from leaves(one, (*path, "*"))
    else:
        yield path


def found_in(actual, key):
    """The value of a property, whose name a service may begin in lower case."""
    for name in (key, key[:1].lower() + key[1:]):
        if name in actual:
            return actual[name], True
    return None, False


def compare(expected, actual, path=()):
    """Yields `(path, is it the same, what is wrong)` for each leaf of `expected`. What `actual` has besides does not count."""
    yield from _compare(plain(expected), plain(actual), path)


def _compare(expected, actual, path):
    if isinstance(expected, dict) and expected:
        if not isinstance(actual, dict):
            yield from all_wrong(expected, path, f"is {shown(actual)}")
            return
        for key, one in expected.items():
            other, is_there = found_in(actual, key)
            if is_there:
                yield from _compare(one, other, (*path, key))
            else:
                yield from all_wrong(one, (*path, key), "is not there")
    elif isinstance(expected, list) and any(isinstance(one, (dict, list)) for one in expected):
        if not isinstance(actual, list):
            yield from all_wrong(expected, path, f"is {shown(actual)}")
            return
        others = list(actual)
        for one in expected:
            other = partner(one, others)
            if other is None:
                yield from all_wrong(one, (*path, "*"), "is not there")
            else:
                others.remove(other)
                yield from _compare(one, other, (*path, "*"))
        if others:
            yield (*path, "*"), False, f"has besides {shown(others)}"
    elif isinstance(expected, list):
        same = isinstance(actual, list) and sorted(map(str, expected)) == sorted(map(str, actual))
        same = same or (not expected and actual in (None, "", {}))
        # A policy may say one action as a text.
        same = same or (len(expected) == 1 and expected[0] == actual)
        yield path, same, "" if same else f"is {shown(actual)} and not {shown(expected)}"
    else:
        if isinstance(actual, list) and len(actual) == 1 and not isinstance(expected, list):
            actual = actual[0]
        same = expected == actual or (expected in ({}, "") and actual in (None, "", {}, []))
        # A resource without properties.
        same = same or (not path and not expected)
        yield path, same, "" if same else f"is {shown(actual)} and not {shown(expected)}"


def partner(one, others):
    """The element of `others` that `one` is to be compared with."""
    if one in others:
        return one
    if isinstance(one, dict):
        for name in NAMES:
            value, is_there = found_in(one, name)
            if is_there:
                return next((other for other in others if isinstance(other, dict) and found_in(other, name)[0] == value), None)
    return others[0] if others else None


def all_wrong(expected, path, problem):
    for leaf in leaves(expected, path):
        yield leaf, False, problem


def shown(value):
    text = json.dumps(value, default=str)
    return text if len(text) < 200 else text[:200] + "…"
