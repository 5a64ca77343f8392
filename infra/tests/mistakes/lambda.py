"""Mistakes in the template, and the rules that notice them."""

from templates import in_resource

MAY, SAME, ENVIRONMENT, CALLS, PATHS, RING, RESOURCES, LOG = (
    "the_function_may_do_what_a_task_may",
    "the_function_is_the_same_server",
    "the_environment_is_that_of_the_container",
    "only_the_balancer_calls_the_function",
    "large_answers_and_the_bridge_stay_on_fargate",
    "alarms_ring_and_say_what_to_do",
    "resources_are_those_decided_on",
    "the_log_is_kept",
)


def may(*path):
    return in_resource("FunctionRole", "Policies", 0, "PolicyDocument", "Statement", *path)


def variable(name):
    return in_resource("Function", "Environment", "Variables", name)


MISTAKES = [
    # Rights
    (may(5), None, MAY),
    (may(5, "Action"), ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], MAY),
    (may(0, "Action", 8), None, MAY),
    (may(4, "Condition"), None, MAY),
    (may(3, "Resource"), "*", f"{MAY} resources_are_named"),
    (in_resource("FunctionRole", "ManagedPolicyArns"), ["arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"], f"{MAY} roles_have_no_other_policy"),
    (in_resource("FunctionRole", "AssumeRolePolicyDocument", "Statement", 0, "Principal", "Service"), "ecs-tasks.amazonaws.com", MAY),
    (in_resource("FunctionRole", "AssumeRolePolicyDocument", "Statement", 0, "Condition"), None, MAY),
    # The function
    (in_resource("Function", "Runtime"), "provided.al2", SAME),
    (in_resource("Function", "Architectures"), None, SAME),
    (in_resource("Function", "Handler"), "server", SAME),
    (in_resource("Function", "Layers"), None, SAME),
    (in_resource("Function", "Timeout"), 60, SAME),
    (in_resource("Function", "Timeout"), None, SAME),
    (in_resource("Function", "ReservedConcurrentExecutions"), None, SAME),
    (in_resource("Function", "KmsKeyArn"), None, SAME),
    (in_resource("Function", "LoggingConfig"), None, SAME),
    (in_resource("Function", "VpcConfig"), {"SubnetIds": [], "SecurityGroupIds": []}, SAME),
    (in_resource("Function", "TracingConfig"), {"Mode": "Active"}, SAME),
    (variable("MYDATA_TRUSTED_PROXIES"), "0.0.0.0/0", ENVIRONMENT),
    (variable("MYDATA_LISTEN"), "0.0.0.0:8080", ENVIRONMENT),
    (variable("MYDATA_SHUTDOWN__DRAIN_SECONDS"), "35", ENVIRONMENT),
    (variable("AWS_LWA_PORT"), "8080", ENVIRONMENT),
    (variable("AWS_LWA_READINESS_CHECK_PATH"), None, ENVIRONMENT),
    (variable("MYDATA_LOG__WAIT"), None, ENVIRONMENT),
    (variable("AWS_LWA_INVOKE_MODE"), "response_stream", ENVIRONMENT),
    (variable("MYDATA_PSEUDONYM__GENERATION"), None, ENVIRONMENT),
    (variable("MYDATA_COGNITO__CLIENT_SECRET"), "secret", f"{ENVIRONMENT} cfn-guard"),
    (variable("MYDATA_SERVICE__NAME"), "x" * 600, f"{ENVIRONMENT} all_providers_fit_into_the_environment"),
    (("Resources", "LogGroup", "UpdateReplacePolicy"), None, RESOURCES),
    (in_resource("LogGroup", "KmsKeyId"), None, LOG),
    # Who calls it
    (in_resource("Permission", "Principal"), "*", CALLS),
    (in_resource("Permission", "SourceArn"), None, CALLS),
    (in_resource("Permission", "SourceAccount"), None, CALLS),
    (in_resource("TargetGroup", "TargetGroupAttributes"), None, CALLS),
    (in_resource("TargetGroup", "TargetGroupAttributes", 0, "Value"), "false", CALLS),
    (in_resource("TargetGroup", "TargetGroupAttributes", 0, "Key"), "lambda.multi_value_header.enabled", CALLS),
    (in_resource("TargetGroup", "HealthCheckEnabled"), True, CALLS),
    (("Resources", "TargetGroup", "DependsOn"), None, RESOURCES),
    (("Resources", "Url"), {"Type": "AWS::Lambda::Url", "Properties": {"AuthType": "NONE"}}, RESOURCES),
    # What goes where
    (in_resource("FargateOnly", "Priority"), 30, PATHS),
    (in_resource("FargateOnly", "Conditions", 0, "PathPatternConfig", "Values", 2), None, PATHS),
    (in_resource("FargateOnly", "Actions", 0, "TargetGroupArn"), {"Ref": "TargetGroup"}, PATHS),
    (in_resource("Shares", "Actions", 0, "ForwardConfig", "TargetGroups", 1), None, PATHS),
    (in_resource("Shares", "Actions", 0, "ForwardConfig", "TargetGroups", 0, "Weight"), {"Ref": "fargateWeight"}, PATHS),
    (in_resource("Shares", "Conditions", 0, "PathPatternConfig", "Values"), ["/"], PATHS),
    (in_resource("FunctionErrors", "MetricName"), "Error", RING),
    (in_resource("FunctionThrottles", "Dimensions", 0, "Value"), {"Fn::GetAtt": ["Function", "Arn"]}, RING),
    (in_resource("SignInsLines", "MetricTransformations", 0, "MetricNamespace"), "MyData", "lines_of_the_log_are_counted"),
    (("Parameters", "adapterLayerArn", "AllowedPattern"), ".*", "parameters_accept_what_is_right"),
    (("Parameters", "balancerFullName"), None, "parameters_accept_what_is_right every_output_that_it_needs_exists"),
    (("Rules", "SomebodyCanSignIn", "Assertions", 0, "Assert", "Fn::Or", 3), None, "incomplete_parameters_are_refused"),
    (("Conditions", "HasContact", "Fn::Not", 0, "Fn::Equals", 0, "Ref"), "privacyUrl", "conditions_depend_on_the_right_parameter"),
    (("Outputs", "FunctionArn", "Value", "Fn::GetAtt", 0), "FunctionRole", "outputs_name_what_they_say"),
]

# Any value is right here: the reason by place.
FREE = {"Resources.FunctionRole.Properties.Policies.0.PolicyName": "people read it"}
