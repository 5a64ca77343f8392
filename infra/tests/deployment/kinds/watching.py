"""Logs, alarms, dashboards."""

import uuid

from .kind import Kind, only, tags_of


def read_log_group(aws, identifier):
    found = aws.logs.describe_log_groups(logGroupNamePrefix=identifier)["logGroups"]
    group = only([one for one in found if one["logGroupName"] == identifier])
    read = {name[0].upper() + name[1:]: value for name, value in group.items()}
    read["LogGroupArn"] = group["arn"] if group["arn"].endswith(":*") else group["arn"] + ":*"
    read["Tags"] = tags_of(aws.logs.list_tags_for_resource(resourceArn=read["LogGroupArn"].removesuffix(":*"))["tags"])
    return read


def read_metric_filter(aws, identifier, properties):
    found = aws.all("logs", "describe_metric_filters", logGroupName=properties["LogGroupName"])["metricFilters"]
    return only([one for one in found if one["filterName"] == identifier.split("|")[-1]])


def read_alarm(aws, identifier):
    answer = aws.cloudwatch.describe_alarms(AlarmNames=[identifier], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    alarm = only(answer["MetricAlarms"] + answer["CompositeAlarms"])
    tags = aws.cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
    return alarm | {"Tags": tags_of(tags), "Arn": alarm["AlarmArn"]}


def create_alarm(aws, properties):
    wanted = numbers(properties, ("Threshold", "EvaluationPeriods", "DatapointsToAlarm", "Period"))
    name = wanted.setdefault("AlarmName", f"alarm-{uuid.uuid4()}")
    aws.cloudwatch.put_metric_alarm(**wanted)
    return name


def complete_alarm(aws, identifier, properties):
    create_alarm(aws, properties | {"AlarmName": identifier})


def numbers(value, names):
    """With numbers in the place of texts under these names."""
    if isinstance(value, list):
        return [numbers(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: float(one) if key == "Threshold" else int(one) if key in names else numbers(one, names) for key, one in value.items()}


def read_dashboard(aws, identifier):
    return aws.cloudwatch.get_dashboard(DashboardName=identifier)


def create_dashboard(aws, properties):
    name = properties.get("DashboardName", "my-data")
    aws.cloudwatch.put_dashboard(DashboardName=name, DashboardBody=properties["DashboardBody"])
    return name


KINDS = {
    "AWS::Logs::LogGroup": Kind(read_log_group, {"Arn": lambda group: group["LogGroupArn"]}),
    "AWS::Logs::MetricFilter": Kind(read_metric_filter, located=True),
    "AWS::CloudWatch::Alarm": Kind(
        read_alarm, {"Arn": lambda alarm: alarm["Arn"]}, complete_alarm, create_alarm, refused=lambda properties: "Metrics" in properties
    ),
    "AWS::CloudWatch::CompositeAlarm": Kind(read_alarm, {"Arn": lambda alarm: alarm["Arn"]}),
    "AWS::CloudWatch::Dashboard": Kind(read_dashboard, create=create_dashboard),
}
