"""Whether stacks are as their templates say."""

from dataclasses import dataclass, field

from .unreadable import UNREADABLE, listed


@dataclass
class Report:
    """What was compared."""

    same: int = 0
    # `(stack, resource, property, problem)`
    faults: list = field(default_factory=list)
    # Entries of UNREADABLE, as `(type, entry)`: used, and those with a property that could be read back.
    unread: set = field(default_factory=set)
    readable: set = field(default_factory=set)

    def list_faults(self):
        """What is wrong with UNREADABLE itself."""
        known = {(kind, entry) for kind, entries in UNREADABLE.items() for entry in entries}
        for kind, entry in sorted(known - self.unread):
            yield f"{kind} {entry}: no template has it, or it can be read back: it must not be in UNREADABLE"
        for kind, entry in sorted(self.readable):
            yield f"{kind} {entry}: can be read back: it must not be in UNREADABLE"


def verify(stacks):
    """Compares every property of every resource."""
    report = Report()
    for stack in stacks:
        for name in stack.resources:
            for path, same, problem in stack.compare(name):
                kind = stack.type(name)
                entry = listed(kind, path)
                if entry is not None:
                    (report.readable if same else report.unread).add((kind, entry))
                elif same:
                    report.same += 1
                else:
                    report.faults.append((stack.name, name, path, problem))
    return report
