"""Every small change of a template: each value in turn is removed, or replaced by another one of its type, and each object gets a
key that it does not have."""

# What a reader sees and CloudFormation does not use.
TEXTS = {"Description", "AlarmDescription", "ClientName", "Metadata", "AWSTemplateFormatVersion", "GroupDescription"}


def other(value):
    """Another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    if value in ("true", "false"):
        return "false" if value == "true" else "true"
    return f"{value}x"


def mutations(template):
    """Each change as a path and a new value, `None` for a removal."""

    def walk(path, value):
        if path and path[-1] in TEXTS:
            return
        if path:
            yield path, None
        if isinstance(value, dict):
            yield (*path, "Extra"), "x"
            for key, one in value.items():
                yield from walk((*path, key), one)
        elif isinstance(value, list):
            for index, one in enumerate(value):
                yield from walk((*path, index), one)
        else:
            yield path, other(value)

    return walk((), template)


def place(path):
    """A path as one word, such as `Resources.Key.Properties.EnableKeyRotation`."""
    return ".".join(str(step) for step in path)
