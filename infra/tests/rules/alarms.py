"""Alarms: which metric, when, whom it tells, and where the reader finds out what to do."""

import re

from rules.exact import differences, ref

ANCHOR = re.compile(r"[A-Z][^$]+\. \$\{runbookUrl\}#([a-z0-9-]+)")


def dimensions(**values):
    return [{"Name": name, "Value": value} for name, value in values.items()]


def metric(namespace, name, statistic, period, **values):
    """The properties of an alarm on one metric."""
    return {"Namespace": namespace, "MetricName": name, "Dimensions": dimensions(**values), "Statistic": statistic, "Period": period}


def expression(identifier, label, formula):
    """The value of an alarm that is computed from several metrics."""
    return {"Id": identifier, "Label": label, "Expression": formula}


def part(identifier, namespace, name, statistic, period, **values):
    """A metric that an expression uses."""
    of = {"Namespace": namespace, "MetricName": name, "Dimensions": dimensions(**values)}
    return {"Id": identifier, "ReturnData": False, "MetricStat": {"Stat": statistic, "Period": period, "Metric": of}}


def above(threshold, datapoints, periods, what, **others):
    """An alarm that rings when enough values of the last periods are above the threshold, or at it with `at=True`."""
    comparison = "GreaterThanOrEqualToThreshold" if others.pop("at", False) else "GreaterThanThreshold"
    return {
        **what,
        "ComparisonOperator": comparison,
        "Threshold": threshold,
        "DatapointsToAlarm": datapoints,
        "EvaluationPeriods": periods,
        "TreatMissingData": "notBreaching",
    }


def alarms(expected, topic):
    """The rule that the template has exactly these alarms: an anchor of docs/alarms.md and properties, by name. Each tells the topic
    when it starts and when it is over."""

    def alarms_ring_and_say_what_to_do(template):
        found = {name: one["Properties"] for name, one in template["Resources"].items() if one["Type"] == "AWS::CloudWatch::Alarm"}
        told = {"AlarmActions": [ref(topic)], "OKActions": [ref(topic)]}
        for name in sorted(set(found) ^ set(expected)):
            yield f"{name}: an alarm too many or too few"
        for name in sorted(set(found) & set(expected)):
            anchor, properties = expected[name]
            described = found[name].get("AlarmDescription", {}).get("Fn::Sub", "")
            match = ANCHOR.fullmatch(described)
            if not match or match[1] != anchor:
                yield f"{name}: its description does not end with its entry in the runbook: {described}"
            rest = {key: value for key, value in found[name].items() if key != "AlarmDescription"}
            yield from differences(rest, {**properties, **told}, name)

    return alarms_ring_and_say_what_to_do
