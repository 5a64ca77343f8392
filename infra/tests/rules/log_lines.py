"""Lines of the log that are counted, so that an alarm can ring (docs/LOGGING.md)."""

import re
from functools import cache

from rules.exact import differences, ref
from templates import INFRA

# By the name of the metric: each value, with the field in which it stands. A star at the end stands for any rest.
COUNTED = {
    "Crashes": [("message", "panic"), ("message", "background task ended*")],
    "SecurityLogLoss": [("message", "security records *"), ("message", "security log cannot be written*"), ("message", "log lines dropped")],
    "SigningKeys": [("message", "signing keys *")],
    "UnfinishedDeletions": [
        ("message", "a deletion is not finished*"),
        ("message", "unfinished deletions cannot be read*"),
        ("message", "a deletion cannot be read*"),
    ],
    "OpenSessions": [("message", "ended sessions could not be deleted*"), ("message", "too many sign-outs at the same time*")],
    "Overload": [
        ("reason", "limits.requests_in_flight is reached"),
        ("message", "connection limit reached"),
        ("message", "connections cannot be accepted"),
    ],
    "ErrorLines": [("level", "ERROR")],
}
SIGN_IN = '{{ ($.event.action = "sign-in") && ($.event.outcome = "{}") }}'
PATTERNS = {"RefusedSignIns": SIGN_IN.format("failure"), "SignIns": SIGN_IN.format("success")}
for _name, _values in COUNTED.items():
    _terms = [f'$.{field} = "{value}"' for field, value in _values]
    PATTERNS[_name] = "{ " + (_terms[0] if len(_terms) == 1 else " || ".join(f"({term})" for term in _terms)) + " }"


@cache
def texts_of_the_server():
    """Every text in the source of the server."""
    source = "".join(path.read_text() for path in sorted((INFRA.parent / "server/src").rglob("*.rs")))
    return set(re.findall(r'"([^"\n]*)"', source))


def unknown_lines():
    """Values that the server never writes. `level` comes from a library."""
    texts = texts_of_the_server()
    for name, values in COUNTED.items():
        for field, value in values:
            known = value in texts or value.endswith("*") and any(text.startswith(value[:-1]) for text in texts)
            if field != "level" and not known:
                yield f"{name}: the server writes no line with {value}"


def counts(names, namespace):
    """The rule that exactly these lines are counted, by the names of their metrics."""

    def lines_of_the_log_are_counted(template):
        found = {name: one["Properties"] for name, one in template["Resources"].items() if one["Type"] == "AWS::Logs::MetricFilter"}
        group = {"Ref": "LogGroup"} if "LogGroup" in template["Resources"] else ref("logGroupName")
        expected = {}
        for name in names:
            metric = {"MetricNamespace": namespace, "MetricName": name, "MetricValue": "1", "DefaultValue": 0}
            expected[f"{name}Lines"] = {"LogGroupName": group, "FilterPattern": PATTERNS[name], "MetricTransformations": [metric]}
        yield from differences(found, expected, "Resources")
        yield from unknown_lines()

    return lines_of_the_log_are_counted


FILTER = {"Type": "AWS::Logs::MetricFilter"}


def the_log_is_kept(template):
    """It holds the security log: encrypted, kept for as long as was decided, and not deleted with the stack."""
    yield from differences(
        template["Resources"]["LogGroup"]["Properties"], {"RetentionInDays": ref("logRetentionDays"), "KmsKeyId": ref("keyArn")}, "LogGroup"
    )


