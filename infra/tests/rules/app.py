"""The server on Fargate behind a load balancer: what runs, who may reach it, and what it may do."""

import re

from allowed_attributes import accepts
from rules.alarms import above, alarms, metric
from rules.app_checks import CHECKS, GIVEN, SHARED, SIZES, arn, checks
from rules.app_edge import EDGE, EDGE_RESOURCES
from rules.environment import the_environment_is_the_configuration, the_server_knows_each_variable
from rules.exact import ANY_TEXT, KEPT, att, exactly, ref, resources, sub
from rules.log_lines import FILTER, counts, the_log_is_kept
from rules.parameters import Parameter, conditions, outputs, parameters
from rules.server_role import SERVER, WRITE_THE_LOG, allow, policy, trust
from templates import INFRA

TASKS = trust("ecs-tasks", "ecs:${AWS::Region}:${AWS::AccountId}:*")


def repository():
    """The repository in `imageUri`: between the host, which ends as the partition says, and the digest or tag."""

    def after(suffix):
        return {"Fn::Select": [1, {"Fn::Split": [f"{suffix}/", ref("imageUri")]}]}

    elsewhere = {"Fn::If": ["IsInEuropeanCloud", after("amazonaws.eu"), after("amazonaws.com")]}
    name = {"Fn::If": ["IsInChina", after("amazonaws.com.cn"), elsewhere]}
    for separator in ("@", ":"):
        name = {"Fn::Select": [0, {"Fn::Split": [separator, name]}]}
    host = {"Fn::Split": [".", ref("imageUri")]}
    parts = {"account": {"Fn::Select": [0, host]}, "region": {"Fn::Select": [3, host]}, "repository": name}
    return {"Fn::Sub": ["arn:${AWS::Partition}:ecr:${region}:${account}:repository/${repository}", parts]}


def only_the_image_is_pulled_and_the_log_written(template):
    pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    document = policy(allow("ecr:GetAuthorizationToken", "*"), allow(pull, repository()), WRITE_THE_LOG)
    yield from exactly(template, "ExecutionRole", {
        "Description": ANY_TEXT,
        "AssumeRolePolicyDocument": TASKS,
        "Policies": [{"PolicyName": ANY_TEXT, "PolicyDocument": document}],
    })


def the_server_may_do_what_it_calls(template):
    yield from exactly(template, "TaskRole", {
        "Description": ANY_TEXT,
        "AssumeRolePolicyDocument": TASKS,
        "Policies": [{"PolicyName": ANY_TEXT, "PolicyDocument": policy(*SERVER)}],
    })


def the_container_is_locked_in(template):
    """Its environment has rules of its own."""
    container = {
        "Name": "server",
        "Image": ref("imageUri"),
        "Essential": True,
        "Memory": ref("taskMemory"),
        "PortMappings": [{"ContainerPort": 3000, "Protocol": "tcp"}],
        "User": "65532:65532",
        "ReadonlyRootFilesystem": True,
        "Privileged": False,
        "LinuxParameters": {"Capabilities": {"Drop": ["ALL"]}},
        "Ulimits": [{"Name": "nofile", "SoftLimit": 65535, "HardLimit": 65535}],
        "HealthCheck": {"Command": ["CMD", "/server", "healthz"], "Interval": 10, "Timeout": 5, "Retries": 3, "StartPeriod": 30},
        "StopTimeout": 60,
        "LogConfiguration": {"LogDriver": "awslogs", "Options": {
            "awslogs-group": ref("LogGroup"),
            "awslogs-region": ref("AWS::Region"),
            "awslogs-stream-prefix": "server",
            # With `non-blocking`, security records would be lost without a trace.
            "mode": "blocking",
        }},
        "Environment": lambda found: True,
    }
    yield from exactly(template, "TaskDefinition", {
        "RequiresCompatibilities": ["FARGATE"],
        "RuntimePlatform": {"CpuArchitecture": "ARM64", "OperatingSystemFamily": "LINUX"},
        "NetworkMode": "awsvpc",
        "Cpu": ref("taskCpu"),
        "Memory": ref("taskMemory"),
        "ExecutionRoleArn": att("ExecutionRole", "Arn"),
        "TaskRoleArn": att("TaskRole", "Arn"),
        "ContainerDefinitions": [container],
    })


def two_servers_run_in_two_zones(template):
    yield from exactly(template, "Cluster", {"ClusterSettings": [{"Name": "containerInsights", "Value": "enabled"}]})
    yield from exactly(template, "Service", {
        "Cluster": ref("Cluster"),
        "TaskDefinition": ref("TaskDefinition"),
        "LaunchType": "FARGATE",
        "PlatformVersion": "LATEST",
        "AvailabilityZoneRebalancing": "ENABLED",
        "EnableExecuteCommand": False,
        "PropagateTags": "SERVICE",
        "HealthCheckGracePeriodSeconds": 60,
        "LoadBalancers": [{"ContainerName": "server", "ContainerPort": 3000, "TargetGroupArn": ref("TargetGroup")}],
        "NetworkConfiguration": {"AwsvpcConfiguration": {
            "AssignPublicIp": "DISABLED",
            "Subnets": ref("privateSubnetIds"),
            "SecurityGroups": [att("ServerSecurityGroup", "GroupId")],
        }},
        "DeploymentConfiguration": {
            "MinimumHealthyPercent": 100,
            "MaximumPercent": 200,
            "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
            "Alarms": {"Enable": True, "Rollback": True, "AlarmNames": [ref("ServerErrors"), ref("Crashes")]},
        },
    })


def servers_follow_the_load(template):
    yield from exactly(template, "ScalableTarget", {
        "ServiceNamespace": "ecs",
        "ScalableDimension": "ecs:service:DesiredCount",
        "ResourceId": sub("service/${Cluster}/${Service.Name}"),
        "MinCapacity": ref("minTasks"),
        "MaxCapacity": ref("maxTasks"),
    })
    label = {"ResourceLabel": sub("${Balancer.LoadBalancerFullName}/${TargetGroup.TargetGroupFullName}")}
    for name, kind, target, others in [
        ("ScaleByCpu", "ECSServiceAverageCPUUtilization", 50, {}), ("ScaleByRequests", "ALBRequestCountPerTarget", 6000, label)
    ]:
        yield from exactly(template, name, {
            "PolicyName": ANY_TEXT,
            "PolicyType": "TargetTrackingScaling",
            "ScalingTargetId": ref("ScalableTarget"),
            "TargetTrackingScalingPolicyConfiguration": {
                "PredefinedMetricSpecification": {"PredefinedMetricType": kind, **others},
                "TargetValue": target,
                "ScaleInCooldown": 300,
                "ScaleOutCooldown": 60,
            },
        })


def seconds_of_the_server(name):
    """A time-out in the server's own source."""
    source = (INFRA.parent / "server/src/serving/mod.rs").read_text()
    return int(re.search(rf"\b{name}: Duration::from_secs\((\d+)\)", source)[1])


# After the drain, in seconds: for open requests, for what outlives them, and for traces and logs (README.md, Stopping).
STOPS_WITHIN = 20


def times_fit_together(template):
    """Who waits for whom, and who waits longer."""
    values = template["Resources"]
    container = values["TaskDefinition"]["Properties"]["ContainerDefinitions"][0]
    group = values["TargetGroup"]["Properties"]
    balancer = {one["Key"]: one["Value"] for one in values["Balancer"]["Properties"]["LoadBalancerAttributes"]}
    drain = int({one["Name"]: one["Value"] for one in container["Environment"]}["MYDATA_SHUTDOWN__DRAIN_SECONDS"])
    health = container["HealthCheck"]
    if int(balancer["idle_timeout.timeout_seconds"]) >= seconds_of_the_server("head"):
        yield "the server closes idle connections before the balancer does"
    if not drain + STOPS_WITHIN <= container["StopTimeout"] <= 120:
        yield "ECS ends the server before it has stopped, or the time is over Fargate's limit"
    if drain <= group["HealthCheckIntervalSeconds"] * group["UnhealthyThresholdCount"]:
        yield "the server stops listening before the balancer has noticed that it is not ready"
    if group["HealthCheckTimeoutSeconds"] >= group["HealthCheckIntervalSeconds"] or health["Timeout"] >= health["Interval"]:
        yield "a check takes longer than the time to the next"
    if values["Service"]["Properties"]["HealthCheckGracePeriodSeconds"] < health["StartPeriod"]:
        yield "the balancer gives a server less time to start than ECS does"


def attributes_are_known(template):
    for name, kind, key in [
        ("Balancer", "balancer", "LoadBalancerAttributes"), ("TargetGroup", "target group", "TargetGroupAttributes"),
        ("HttpsListener", "listener", "ListenerAttributes"), ("HttpListener", "listener", "ListenerAttributes"),
    ]:
        for one in template["Resources"][name]["Properties"][key]:
            if not accepts(kind, one["Key"], one["Value"]):
                yield f"{name}: AWS does not know {one}"


NAMESPACE = sub("MyData/${AWS::StackName}")
GROUP = {"TargetGroup": att("TargetGroup", "TargetGroupFullName"), "LoadBalancer": att("Balancer", "LoadBalancerFullName")}
CRASHES = {"Namespace": NAMESPACE, "MetricName": "Crashes", "Statistic": "Sum", "Period": 60}
ALARMS = {
    "ServerErrors": ("server-errors", above(10, 3, 5, metric("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Sum", 60, **GROUP), at=True)),
    "Crashes": ("crashes", above(0, 1, 1, CRASHES)),
}
RESOURCES = {
    **EDGE_RESOURCES,
    "ExecutionRole": {"Type": "AWS::IAM::Role"},
    "TaskRole": {"Type": "AWS::IAM::Role"},
    "LogGroup": {"Type": "AWS::Logs::LogGroup", **KEPT},
    "TaskDefinition": {"Type": "AWS::ECS::TaskDefinition"},
    "Cluster": {"Type": "AWS::ECS::Cluster"},
    # Before its listener exists, the target group has no balancer.
    "Service": {"Type": "AWS::ECS::Service", "DependsOn": ["HttpsListener", "ServerIngress"]},
    "ScalableTarget": {"Type": "AWS::ApplicationAutoScaling::ScalableTarget"},
    "ScaleByCpu": {"Type": "AWS::ApplicationAutoScaling::ScalingPolicy"},
    "ScaleByRequests": {"Type": "AWS::ApplicationAutoScaling::ScalingPolicy"},
    "ServerErrors": {"Type": "AWS::CloudWatch::Alarm"},
    "Crashes": {"Type": "AWS::CloudWatch::Alarm"},
    "CrashesLines": FILTER,
}
REPOSITORY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/my-data"
SUBNETS = "subnet-0a1b2c3d,subnet-0a1b2c3e"
TASKS_NUMBER = {"type": "Number", "right": [2, 100], "wrong": [0, 1, 101]}
PARAMETERS = {
    **SHARED,
    "imageUri": Parameter(
        [f"{REPOSITORY}@sha256:{'0' * 64}", f"{REPOSITORY}:0a1b2c3d", "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/my-data:1.latest"],
        ["", REPOSITORY, f"{REPOSITORY}:latest", f"{REPOSITORY}:", f"{REPOSITORY}@sha256:0", "my-data:1", "ghcr.io/my/data:1"],
    ),
    "taskCpu": Parameter(["256", "512", "1024", "2048", "4096"], ["", "128", "8192"], default="512"),
    "taskMemory": Parameter([512, 1024, 2048, 4096, 8192], [0, 256, 3000], default=1024, type="Number"),
    "minTasks": Parameter(**TASKS_NUMBER, default=2),
    "maxTasks": Parameter(**TASKS_NUMBER, default=8),
    "requestsPerAddress": Parameter([100, 2000000], [0, 99, 2000001], default=2000, type="Number"),
    "certificateArn": arn("acm", "certificate/11111111-2222-4333-8444-555555555555"),
    "vpcId": Parameter(["vpc-0a1b2c3d"], ["", "vpc", "subnet-0a1b2c3d"], type="AWS::EC2::VPC::Id"),
    "publicSubnetIds": Parameter([SUBNETS], ["", "subnet", "vpc-0a1b2c3d"], type="List<AWS::EC2::Subnet::Id>"),
    "privateSubnetIds": Parameter([SUBNETS], ["", "subnet", "vpc-0a1b2c3d"], type="List<AWS::EC2::Subnet::Id>"),
    "privateRouteTableIds": Parameter(["rtb-0a1b2c3d"], ["rtb", "subnet-0a1b2c3d"], default="", type="CommaDelimitedList"),
    "balancerCidrs": Parameter(["10.0.0.0/24,10.0.1.0/24", "10.0.0.0/8"], ["", "10.0.0.0", "*", "10.0.0.0/24 10.0.1.0/24"]),
}
CONDITIONS = {
    **GIVEN,
    "MakesEndpoint": {"Fn::Not": [{"Fn::Equals": [{"Fn::Join": ["", ref("privateRouteTableIds")]}, ""]}]},
    "IsInChina": {"Fn::Equals": [ref("AWS::URLSuffix"), "amazonaws.com.cn"]},
    "IsInEuropeanCloud": {"Fn::Equals": [ref("AWS::URLSuffix"), "amazonaws.eu"]},
}
OUTPUTS = {
    "BalancerDnsName": att("Balancer", "DNSName"),
    "BalancerHostedZoneId": att("Balancer", "CanonicalHostedZoneID"),
    "ListenerArn": ref("HttpsListener"),
    "TargetGroupArn": ref("TargetGroup"),
    "MetricsNamespace": NAMESPACE,
    "TaskRoleArn": att("TaskRole", "Arn"),
    "TaskRoleName": ref("TaskRole"),
    "LogGroupName": ref("LogGroup"),
    "ClusterName": ref("Cluster"),
    "EcsServiceName": att("Service", "Name"),
    "BalancerFullName": att("Balancer", "LoadBalancerFullName"),
    "TargetGroupFullName": att("TargetGroup", "TargetGroupFullName"),
    "WebAclMetricName": sub("${AWS::StackName}-citizens"),
    "ServerSecurityGroupId": att("ServerSecurityGroup", "GroupId"),
}
RULES = [
    parameters(PARAMETERS),
    checks({**CHECKS, **SIZES}),
    conditions(CONDITIONS),
    resources(RESOURCES),
    *EDGE,
    only_the_image_is_pulled_and_the_log_written,
    the_server_may_do_what_it_calls,
    the_log_is_kept,
    the_container_is_locked_in,
    the_environment_is_the_configuration,
    the_server_knows_each_variable,
    two_servers_run_in_two_zones,
    servers_follow_the_load,
    times_fit_together,
    attributes_are_known,
    counts(["Crashes"], NAMESPACE),
    alarms(ALARMS, "alarmTopicArn"),
    outputs(OUTPUTS),
]
