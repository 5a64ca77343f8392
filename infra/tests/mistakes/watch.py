"""Mistakes in the template, and the rules that notice them."""

from rules.watch import dashboard
from templates import in_resource, loaded

RING, EXIST, COUNTED, SHOWN, ALL, RESOURCES, PARAMETERS = (
    "alarms_ring_and_say_what_to_do",
    "alarms_watch_metrics_that_exist",
    "lines_of_the_log_are_counted",
    "the_dashboard_shows_metrics_that_exist",
    "every_count_is_shown",
    "resources_are_those_decided_on",
    "parameters_accept_what_is_right",
)
BODY = in_resource("Dashboard", "DashboardBody", "Fn::Sub")
JSON = loaded("watch")["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]


def shown(before, after):
    """A dashboard in which the first of a text is another one."""
    assert before in JSON
    return BODY, JSON.replace(before, after, 1)


assert dashboard(loaded("watch"))["widgets"]
MISTAKES = [
    (in_resource("NoHealthyServer", "MetricName"), "HealthyHosts", f"{RING} {EXIST}"),
    (in_resource("NoHealthyServer", "TreatMissingData"), "notBreaching", RING),
    (in_resource("NoHealthyServer", "Statistic"), "Sum", RING),
    (in_resource("NoHealthyServer", "ComparisonOperator"), "GreaterThanThreshold", RING),
    (in_resource("NoHealthyServer", "Dimensions", 0), None, f"{RING} {EXIST}"),
    (in_resource("UnhealthyServers", "DatapointsToAlarm"), 11, RING),
    (in_resource("TooFewServers", "Threshold"), 1, RING),
    (in_resource("TooFewServers", "Namespace"), "AWS/ECS", f"{RING} {EXIST}"),
    (in_resource("AtCapacity", "Threshold"), {"Ref": "minTasks"}, RING),
    (in_resource("BalancerErrors", "Period"), 3600, RING),
    (in_resource("SlowResponses", "ExtendedStatistic"), "p9", RING),
    (in_resource("SlowResponses", "Threshold"), 3000, RING),
    (in_resource("HighCpu", "Dimensions", 1, "Value"), {"Ref": "clusterName"}, RING),
    (in_resource("HighMemory", "OKActions"), None, RING),
    (in_resource("BlockedRequests", "Dimensions", 2, "Value"), "All", RING),
    (in_resource("BlockedRequests", "Dimensions", 1), None, f"{RING} {EXIST}"),
    (in_resource("CertificateExpires", "TreatMissingData"), None, RING),
    (in_resource("CertificateExpires", "Period"), 60, RING),
    (in_resource("SecurityLogLoss", "AlarmActions", 0), "arn:aws:sns:eu-west-1:123456789012:mydata", RING),
    (in_resource("SigningKeys", "AlarmDescription", "Fn::Sub"), "The keys are old. ${runbookUrl}#keys", RING),
    (in_resource("UnfinishedDeletions", "ActionsEnabled"), False, RING),
    (in_resource("SignInFailures", "Metrics", 0, "Expression"), "100 * refused / made", RING),
    (in_resource("SignInFailures", "Metrics", 1, "ReturnData"), True, RING),
    (("Resources", "Overload"), None, f"{RING} {RESOURCES}"),
    (in_resource("SecurityLogLossLines", "FilterPattern"), '{ $.message = "security records lost" }', COUNTED),
    (in_resource("SignInsLines", "FilterPattern"), '{ $.event.action = "sign-in" }', COUNTED),
    (in_resource("ErrorLinesLines", "FilterPattern"), "ERROR", COUNTED),
    (in_resource("OverloadLines", "LogGroupName"), "server", COUNTED),
    (in_resource("OverloadLines", "MetricTransformations", 0, "MetricName"), "Overloads", COUNTED),
    (in_resource("OpenSessionsLines", "MetricTransformations", 0, "DefaultValue"), None, COUNTED),
    (("Resources", "ErrorLinesLines"), None, f"{COUNTED} {RESOURCES}"),
    (*shown('"widgets"', '"widget"'), f"{SHOWN} {ALL}"),
    (*shown("} },", "} }"), f"{SHOWN} {ALL}"),
    (*shown("RequestCount", "RequestCounts"), SHOWN),
    (*shown('"x": 8', '"x": 0'), SHOWN),
    (*shown('"x": 16', '"x": 20'), SHOWN),
    (*shown('"stat": "Sum"', '"stat": "Total"'), SHOWN),
    (*shown('"region": "${AWS::Region}"', '"region": "eu-west-1"'), SHOWN),
    (*shown('"period": 60', '"period": 61'), SHOWN),
    (*shown('"${clusterName}"', '"${ecsServiceName}"'), SHOWN),
    (*shown('"${recordsTableName}"', '"mydata"'), SHOWN),
    (*shown('"Overload"', '"Overloads"'), f"{SHOWN} {ALL}"),
    (*shown('"Crashes"', '"SignIns"'), ALL),
    (("Parameters", "metricsNamespace", "AllowedPattern"), ".*", PARAMETERS),
    (("Parameters", "runbookUrl", "AllowedPattern"), ".*", PARAMETERS),
    (("Outputs", "DashboardName", "Value", "Ref"), "AtCapacity", "outputs_name_what_they_say"),
]

# Any value is right here: the reason by place.
FREE = {}
