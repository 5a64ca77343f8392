"""Alarms on the servers, and the dashboard."""

import json
import re

from metrics import is_known
from rules.alarms import above, alarms, dimensions, expression, metric
from rules.app import PARAMETERS as APP
from rules.exact import ref, resources
from rules.log_lines import COUNTED, FILTER, PATTERNS, counts
from rules.parameters import Parameter, outputs, parameters

GROUP = {"TargetGroup": ref("targetGroupFullName"), "LoadBalancer": ref("balancerFullName")}
BALANCER = {"LoadBalancer": ref("balancerFullName")}
SERVICE = {"ClusterName": ref("clusterName"), "ServiceName": ref("ecsServiceName")}
FIREWALL = {"WebACL": ref("webAclMetricName"), "Region": ref("AWS::Region"), "Rule": "ALL"}


def below(threshold, datapoints, periods, what, missing="breaching"):
    """An alarm that rings when enough values are below the threshold. No value at all is as bad."""
    return {**above(threshold, datapoints, periods, what), "ComparisonOperator": "LessThanThreshold", "TreatMissingData": missing}


def balancer(name, statistic="Sum", of=BALANCER, period=60):
    return metric("AWS/ApplicationELB", name, statistic, period, **of)


def tasks(statistic="Minimum"):
    return metric("ECS/ContainerInsights", "RunningTaskCount", statistic, 60, **SERVICE)


def used(name, statistic):
    return metric("AWS/ECS", name, statistic, 300, **SERVICE)


def own(name, period):
    return {"Namespace": ref("metricsNamespace"), "MetricName": name, "Statistic": "Sum", "Period": period}


def part(identifier, name):
    of = {"Namespace": ref("metricsNamespace"), "MetricName": name}
    return {"Id": identifier, "ReturnData": False, "MetricStat": {"Stat": "Sum", "Period": 300, "Metric": of}}


SLOW = {**balancer("TargetResponseTime", of=GROUP, period=300), "ExtendedStatistic": "p99", "EvaluateLowSampleCountPercentile": "ignore"}
del SLOW["Statistic"]
SHARE = [
    expression("share", "percent of sign-ins", "IF(refused + made >= 20, 100 * refused / (refused + made), 0)"),
    part("refused", "RefusedSignIns"),
    part("made", "SignIns"),
]
EXPIRY = metric("AWS/CertificateManager", "DaysToExpiry", "Minimum", 86400, CertificateArn=ref("certificateArn"))
# By name: the anchor in docs/alarms.md, and when it rings.
ALARMS = {
    "NoHealthyServer": ("no-healthy-server", below(1, 2, 3, balancer("HealthyHostCount", "Maximum", GROUP))),
    "UnhealthyServers": ("unhealthy-servers", above(0, 10, 10, balancer("UnHealthyHostCount", "Maximum", GROUP))),
    "TooFewServers": ("too-few-servers", below(ref("minTasks"), 10, 10, tasks())),
    "AtCapacity": ("at-capacity", above(ref("maxTasks"), 15, 15, tasks(), at=True)),
    "BalancerErrors": ("balancer-errors", above(10, 3, 5, balancer("HTTPCode_ELB_5XX_Count"), at=True)),
    "SlowResponses": ("slow-responses", above(3, 3, 3, SLOW)),
    "RejectedConnections": ("rejected-connections", above(0, 2, 5, balancer("RejectedConnectionCount"))),
    "HighCpu": ("high-cpu", above(85, 3, 3, used("CPUUtilization", "Average"))),
    "HighMemory": ("high-memory", above(85, 3, 3, used("MemoryUtilization", "Maximum"))),
    "BlockedRequests": ("blocked-requests", above(1000, 2, 3, metric("AWS/WAFV2", "BlockedRequests", "Sum", 300, **FIREWALL))),
    "CertificateExpires": ("certificate-expires", below(30, 1, 1, EXPIRY)),
    "SecurityLogLoss": ("security-log-loss", above(0, 1, 1, own("SecurityLogLoss", 60))),
    "SigningKeys": ("signing-keys", above(10, 3, 3, own("SigningKeys", 300), at=True)),
    # The servers try again every minute, so this is most of an hour.
    "UnfinishedDeletions": ("unfinished-deletions", above(30, 1, 1, own("UnfinishedDeletions", 3600))),
    "OpenSessions": ("open-sessions", above(0, 3, 3, own("OpenSessions", 300))),
    "Overload": ("overload", above(0, 3, 5, own("Overload", 60))),
    "ErrorLines": ("error-lines", above(20, 2, 3, own("ErrorLines", 300), at=True)),
    "SignInFailures": ("sign-in-failures", above(50, 2, 3, {"Metrics": SHARE})),
}
COUNTS = [name for name in PATTERNS if name != "Crashes"]


def alarms_watch_metrics_that_exist(template):
    for name, resource in template["Resources"].items():
        values = resource["Properties"]
        if resource["Type"] != "AWS::CloudWatch::Alarm" or "Metrics" in values or values["Namespace"] == ref("metricsNamespace"):
            continue
        found = {one["Name"] for one in values["Dimensions"]}
        if not is_known(values["Namespace"], values["MetricName"], found):
            yield f"{name}: AWS has no metric {values['Namespace']} {values['MetricName']} by {sorted(found)}"


# What each dimension of the dashboard must be.
DIMENSIONS = {one["Name"]: one["Value"] for of in (GROUP, SERVICE, FIREWALL) for one in dimensions(**of)}
DIMENSIONS = {name: f"${{{value['Ref']}}}" if isinstance(value, dict) else value for name, value in DIMENSIONS.items()}


def is_right(name, value):
    return value in ("${recordsTableName}", "${sessionsTableName}") if name == "TableName" else value == DIMENSIONS[name]


def dashboard(template):
    """The dashboard as JSON."""
    return json.loads(template["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])


def the_dashboard_shows_metrics_that_exist(template):
    if set(template["Resources"]["Dashboard"]["Properties"]) != {"DashboardBody"}:
        yield "the dashboard has more than a body"
    taken = set()
    for widget in dashboard(template)["widgets"]:
        values = widget["properties"]
        title = values["title"]
        if set(widget) != {"type", "x", "y", "width", "height", "properties"} or widget["type"] != "metric":
            yield f"{title}: it is no metric with a place"
        if set(values) != {"title", "region", "stat", "period", "view", "metrics"} or values["region"] != "${AWS::Region}":
            yield f"{title}: its properties are {sorted(values)}"
        place = (widget["x"], widget["y"], widget["width"], widget["height"])
        if place in taken or widget["x"] + widget["width"] > 24:
            yield f"{title}: its place is taken, or outside"
        taken.add(place)
        if not re.fullmatch(r"Sum|Average|Minimum|Maximum|p[0-9]{2}", values["stat"]) or values["period"] not in (60, 300):
            yield f"{title}: {values['stat']} of {values['period']} seconds"
        for namespace, name, *rest in values["metrics"]:
            if rest and isinstance(rest[-1], dict) and set(rest.pop()) != {"stat"}:
                yield f"{title}: {name} has other settings"
            pairs = dict(zip(rest[::2], rest[1::2]))
            if namespace == "${metricsNamespace}":
                known = name in PATTERNS and not pairs
            else:
                known = is_known(namespace, name, set(pairs)) and all(is_right(*pair) for pair in pairs.items())
            if not known:
                yield f"{title}: nothing reports {namespace} {name} {pairs}"


def every_count_is_shown(template):
    shown = {one[1] for widget in dashboard(template)["widgets"] for one in widget["properties"]["metrics"]}
    for name in [*COUNTED, "SignIns", "RefusedSignIns"]:
        if name not in shown:
            yield f"the dashboard does not show {name}"


RESOURCES = {
    **{name: {"Type": "AWS::CloudWatch::Alarm"} for name in ALARMS},
    **{f"{name}Lines": FILTER for name in COUNTS},
    "Dashboard": {"Type": "AWS::CloudWatch::Dashboard"},
}
FROM_APP = ["alarmTopicArn", "runbookUrl", "minTasks", "maxTasks", "certificateArn", "recordsTableName", "sessionsTableName"]
BALANCER_NAME = Parameter(["app/mydata-Balan-1A2B3C/0123456789abcdef"], ["", "mydata", "app/mydata", "net/x/0123456789abcdef"])
NAMESPACE_NAME = Parameter(["MyData/mydata-app"], ["", "MyData", "AWS/ECS"])
NAME = Parameter(["mydata-app-Cluster_1"], ["", "a/b"])
PARAMETERS = {
    **{name: APP[name] for name in FROM_APP},
    "balancerFullName": BALANCER_NAME,
    "targetGroupFullName": Parameter(["targetgroup/mydata-Targe-1A2B/0123456789abcdef"], ["", "targetgroup/x", "app/x/0123456789abcdef"]),
    "webAclMetricName": Parameter(["mydata-app-citizens"], ["", "a b"]),
    "clusterName": NAME,
    "ecsServiceName": NAME,
    "logGroupName": Parameter(["mydata-app-LogGroup-1A2B", "/ecs/my.data_1#2"], ["", "a b"]),
    "metricsNamespace": NAMESPACE_NAME,
}
RULES = [
    parameters(PARAMETERS),
    resources(RESOURCES),
    alarms(ALARMS, "alarmTopicArn"),
    alarms_watch_metrics_that_exist,
    counts(COUNTS, ref("metricsNamespace")),
    the_dashboard_shows_metrics_that_exist,
    every_count_is_shown,
    outputs({"DashboardName": ref("Dashboard")}),
]
