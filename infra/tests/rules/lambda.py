"""The server as a function behind the same load balancer: the same configuration and the same rights, but for named differences."""

from allowed_attributes import accepts
from rules.alarms import above, alarms, metric
from rules.app import OUTPUTS as APP_OUTPUTS
from rules.app_checks import CHECKS, GIVEN, SHARED, arn, checks
from rules.environment import in_lambda
from rules.exact import ANY_TEXT, KEPT, att, differences, exactly, ref, resources, sub
from rules.log_lines import FILTER, PATTERNS, counts, the_log_is_kept
from rules.parameters import Parameter, conditions, given, outputs, parameters
from rules.server_role import SERVER, WRITE_THE_LOG, policy, trust
from rules.watch import BALANCER_NAME, NAMESPACE_NAME

# Of all names and values together: "Configuring environment variables" in Lambda's guide.
MOST_BYTES = 4096


def the_function_may_do_what_a_task_may(template):
    """And write its log, which ECS does for a task."""
    yield from exactly(template, "FunctionRole", {
        "Description": ANY_TEXT,
        "AssumeRolePolicyDocument": trust("lambda", "lambda:${AWS::Region}:${AWS::AccountId}:function:*"),
        "Policies": [{"PolicyName": ANY_TEXT, "PolicyDocument": policy(*SERVER, WRITE_THE_LOG)}],
    })


def the_function_is_the_same_server(template):
    yield from exactly(template, "Function", {
        "Runtime": "provided.al2023",
        "Architectures": ["arm64"],
        "Handler": "bootstrap",
        "Code": {"S3Bucket": ref("codeBucket"), "S3Key": ref("codeKey")},
        "Layers": [ref("adapterLayerArn")],
        "Role": att("FunctionRole", "Arn"),
        "MemorySize": ref("memory"),
        # The balancer waits for 60.
        "Timeout": 30,
        "ReservedConcurrentExecutions": ref("concurrency"),
        "KmsKeyArn": ref("keyArn"),
        "LoggingConfig": {"LogGroup": ref("LogGroup"), "LogFormat": "Text"},
        "Environment": lambda found: True,
    })


def variables(template):
    return template["Resources"]["Function"]["Properties"]["Environment"]


def the_environment_is_that_of_the_container(template):
    yield from differences(variables(template), {"Variables": in_lambda()}, "Environment")


# A value as long as it gets, by the end of the parameter's name.
LONGEST = {"SecretArn": 110, "Arn": 95, "URL": 70, "Url": 60, "ClientId": 60, "Name": 40}


def length(value):
    """How many bytes the value has at most, with what people usually give."""
    if isinstance(value, str):
        return len(value)
    if value == ref("AWS::NoValue"):
        return 0
    ((kind, of),) = value.items()
    if kind == "Fn::If":
        return max(map(length, of[1:]))
    if kind == "Fn::Select":
        return len("us-gov-west-1")
    names = [of] if kind == "Ref" else [part.split("}")[0] for part in of.split("${")[1:]]
    rest = 0 if kind == "Ref" else len(of) - sum(len(name) + 3 for name in names)
    return rest + sum(next((size for end, size in LONGEST.items() if name.endswith(end)), 20) for name in names)


def bytes_of(template, off=()):
    """Of all variables, if every condition but these holds."""
    total = 0
    for name, value in variables(template)["Variables"].items():
        if isinstance(value, dict) and value.get("Fn::If", [None])[0] in off:
            continue
        total += len(name) + length(value)
    return total


CHANGES = {"HasPreviousPseudonymKey", "HasPreviousBridgeSecret", "HasOtherSigningKey"}


def all_providers_fit_into_the_environment(template):
    """With one key change at a time."""
    for change in sorted(CHANGES):
        found = bytes_of(template, CHANGES - {change})
        if found > MOST_BYTES:
            yield f"with all providers and {change}, the variables have {found} bytes"


def only_the_balancer_calls_the_function(template):
    yield from exactly(template, "Permission", {
        "FunctionName": ref("Function"),
        "Action": "lambda:InvokeFunction",
        "Principal": "elasticloadbalancing.amazonaws.com",
        "SourceAccount": ref("AWS::AccountId"),
        "SourceArn": sub(
            "arn:${AWS::Partition}:elasticloadbalancing:${AWS::Region}:${AWS::AccountId}:targetgroup/${targetGroupName}/*"
        ),
    })
    yield from exactly(template, "TargetGroup", {
        "Name": ref("targetGroupName"),
        "TargetType": "lambda",
        "Targets": [{"Id": att("Function", "Arn")}],
        "HealthCheckEnabled": False,
        # Otherwise a browser gets one cookie of several.
        "TargetGroupAttributes": [{"Key": "lambda.multi_value_headers.enabled", "Value": "true"}],
    })
    for one in template["Resources"]["TargetGroup"]["Properties"]["TargetGroupAttributes"]:
        if not accepts("target group", one["Key"], one["Value"]):
            yield f"AWS does not know {one}"


# A function answers with a megabyte at most, and the user pool waits for the bridge for five seconds.
TOO_LARGE_OR_TOO_SLOW = ["/documents", "/documents/*", "/my-data/export", "/federation/*"]


def large_answers_and_the_bridge_stay_on_fargate(template):
    def rule(priority, paths, action):
        return {
            "ListenerArn": ref("listenerArn"),
            "Priority": priority,
            "Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": paths}}],
            "Actions": [{"Type": "forward", **action}],
        }

    shares = [
        {"TargetGroupArn": ref("TargetGroup"), "Weight": ref("lambdaWeight")},
        {"TargetGroupArn": ref("targetGroupArn"), "Weight": ref("fargateWeight")},
    ]
    forward = {"ForwardConfig": {"TargetGroups": shares, "TargetGroupStickinessConfig": {"Enabled": False}}}
    yield from exactly(template, "FargateOnly", rule(10, TOO_LARGE_OR_TOO_SLOW, {"TargetGroupArn": ref("targetGroupArn")}))
    yield from exactly(template, "Shares", rule(20, ["/*"], forward))


GROUP = {"TargetGroup": att("TargetGroup", "TargetGroupFullName"), "LoadBalancer": ref("balancerFullName")}
SLOW = {
    **metric("AWS/ApplicationELB", "TargetResponseTime", "p99", 300, **GROUP),
    "ExtendedStatistic": "p99",
    "EvaluateLowSampleCountPercentile": "ignore",
}
del SLOW["Statistic"]


def function(name):
    return metric("AWS/Lambda", name, "Sum", 60, FunctionName=ref("Function"))


ERRORS = metric("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Sum", 60, **GROUP)
ALARMS = {
    "FunctionErrors": ("function-errors", above(0, 3, 5, function("Errors"))),
    "FunctionThrottles": ("function-throttles", above(0, 2, 5, function("Throttles"))),
    "FunctionServerErrors": ("function-server-errors", above(10, 3, 5, ERRORS, at=True)),
    "FunctionSlowResponses": ("function-slow-responses", above(3, 3, 3, SLOW)),
}
RESOURCES = {
    "LogGroup": {"Type": "AWS::Logs::LogGroup", **KEPT},
    "FunctionRole": {"Type": "AWS::IAM::Role"},
    "Function": {"Type": "AWS::Lambda::Function"},
    "Permission": {"Type": "AWS::Lambda::Permission"},
    # The balancer may not register a function that it may not call.
    "TargetGroup": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "DependsOn": "Permission"},
    "FargateOnly": {"Type": "AWS::ElasticLoadBalancingV2::ListenerRule"},
    "Shares": {"Type": "AWS::ElasticLoadBalancingV2::ListenerRule"},
    **{f"{name}Lines": FILTER for name in PATTERNS},
    **{name: {"Type": "AWS::CloudWatch::Alarm"} for name in ALARMS},
}
WEIGHT = {"type": "Number", "right": [0, 999], "wrong": [-1, 1000]}
PARAMETERS = {
    **SHARED,
    "codeBucket": Parameter(["my-releases"], ["", "s3://my-releases", "My-releases"]),
    "codeKey": Parameter(["my-data/0a1b2c3d.zip"], ["", "my-data", "my data.zip"]),
    "adapterLayerArn": Parameter(
        ["arn:aws:lambda:eu-west-1:753240598075:layer:LambdaAdapterLayerArm64:26"],
        ["", "arn:aws:lambda:eu-west-1:753240598075:layer:LambdaAdapterLayerArm64"],
    ),
    "memory": Parameter([512, 3008], [128, 511, 3009], default=1024, type="Number"),
    "concurrency": Parameter([10, 1000], [0, 9, 1001], default=50, type="Number"),
    "targetGroupName": Parameter(["a", "my-data-2", "a" * 32], ["", "-a", "a-", "a" * 33, "a_b"], default="mydata-lambda"),
    "listenerArn": arn("elasticloadbalancing", "listener/app/mydata/0123456789abcdef/0123456789abcdef"),
    "targetGroupArn": arn("elasticloadbalancing", "targetgroup/mydata/0123456789abcdef"),
    "balancerFullName": BALANCER_NAME,
    "metricsNamespace": NAMESPACE_NAME,
    "lambdaWeight": Parameter(**WEIGHT, default=100),
    "fargateWeight": Parameter(**WEIGHT, default=0),
}
OTHER_CONDITIONS = {"HasOrganisation": "organisation", "HasContact": "contactUrl", "HasPrivacyNotice": "privacyUrl"}


def every_output_that_it_needs_exists(template):
    """Outputs of app.yaml become parameters of the same name."""
    for name in ("listenerArn", "targetGroupArn", "balancerFullName", "metricsNamespace"):
        if name not in template["Parameters"] or name[0].upper() + name[1:] not in APP_OUTPUTS:
            yield f"app.yaml has no output for {name}"


RULES = [
    parameters(PARAMETERS),
    checks(CHECKS),
    conditions({**GIVEN, **{name: given(parameter) for name, parameter in OTHER_CONDITIONS.items()}}),
    resources(RESOURCES),
    every_output_that_it_needs_exists,
    the_log_is_kept,
    the_function_may_do_what_a_task_may,
    the_function_is_the_same_server,
    the_environment_is_that_of_the_container,
    all_providers_fit_into_the_environment,
    only_the_balancer_calls_the_function,
    large_answers_and_the_bridge_stay_on_fargate,
    counts(list(PATTERNS), ref("metricsNamespace")),
    alarms(ALARMS, "alarmTopicArn"),
    outputs({"FunctionArn": att("Function", "Arn"), "FunctionRoleName": ref("FunctionRole"), "LambdaLogGroupName": ref("LogGroup")}),
]
