"""Mistakes in the template, and the rules that notice them."""

from templates import in_resource

EDGE, ENDPOINT, STRICT, READY, TLS, FIREWALL = (
    "only_the_balancer_reaches_the_server",
    "the_endpoint_reaches_only_the_tables",
    "the_balancer_is_strict",
    "only_ready_servers_get_requests",
    "nothing_is_served_without_tls",
    "the_firewall_limits_each_address",
)
PULL, MAY, LOCKED, ENVIRONMENT, TWO, SCALE, TIMES = (
    "only_the_image_is_pulled_and_the_log_written",
    "the_server_may_do_what_it_calls",
    "the_container_is_locked_in",
    "the_environment_is_the_configuration",
    "two_servers_run_in_two_zones",
    "servers_follow_the_load",
    "times_fit_together",
)
KNOWN, LOG, COUNTED, RING, RESOURCES = (
    "attributes_are_known",
    "the_log_is_kept",
    "lines_of_the_log_are_counted",
    "alarms_ring_and_say_what_to_do",
    "resources_are_those_decided_on",
)
PARAMETERS, CONDITIONS, CHECKS, OUTPUTS = (
    "parameters_accept_what_is_right",
    "conditions_depend_on_the_right_parameter",
    "incomplete_parameters_are_refused",
    "outputs_name_what_they_say",
)
NAMED, TRUSTED = "resources_are_named", {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}


def pull(index, *path):
    return in_resource("ExecutionRole", "Policies", 0, "PolicyDocument", "Statement", index, *path)


def may(index, *path):
    return in_resource("TaskRole", "Policies", 0, "PolicyDocument", "Statement", index, *path)


def trust(role, *path):
    return in_resource(role, "AssumeRolePolicyDocument", "Statement", 0, *path)


def container(*path):
    return in_resource("TaskDefinition", "ContainerDefinitions", 0, *path)


def attribute(index, *path):
    return in_resource("Balancer", "LoadBalancerAttributes", index, *path)


def rate(*path):
    return in_resource("WebAcl", "Rules", 0, "Statement", "RateBasedStatement", *path)


RECORDS, SESSIONS, INDEX, SECRETS, DECRYPT = range(5)
DELETION, ACCESS_LOGS, IDLE, HEADERS, DESYNC, FORWARDED = 0, 1, 3, 5, 6, 7
LISTEN, PROXIES, DRAIN = 1, 3, 4
MISTAKES = [
    # Who reaches whom
    (in_resource("ServerIngress", "SourceSecurityGroupId"), None, EDGE),
    (in_resource("ServerIngress", "CidrIp"), "0.0.0.0/0", EDGE),
    (in_resource("ServerIngress", "ToPort"), 65535, EDGE),
    (in_resource("ServerSecurityGroup", "SecurityGroupEgress"), None, EDGE),
    (in_resource("ServerSecurityGroup", "SecurityGroupEgress", 0, "IpProtocol"), "-1", EDGE),
    (in_resource("BalancerSecurityGroup", "SecurityGroupEgress"), None, EDGE),
    (in_resource("BalancerSecurityGroup", "SecurityGroupIngress", 1, "FromPort"), 0, EDGE),
    (in_resource("DynamoDbEndpoint", "PolicyDocument"), None, ENDPOINT),
    (in_resource("DynamoDbEndpoint", "PolicyDocument", "Statement", 0, "Resource"), "*", f"{ENDPOINT} {NAMED}"),
    (in_resource("DynamoDbEndpoint", "PolicyDocument", "Statement", 0, "Condition"), None, ENDPOINT),
    (in_resource("DynamoDbEndpoint", "VpcEndpointType"), "Interface", ENDPOINT),
    (in_resource("DynamoDbEndpoint", "RouteTableIds"), None, ENDPOINT),
    (("Resources", "DynamoDbEndpoint", "Condition"), None, RESOURCES),
    # The load balancer
    (attribute(DELETION, "Value"), "false", STRICT),
    (attribute(ACCESS_LOGS, "Value"), "true", f"{STRICT} cfn-guard"),
    (attribute(IDLE, "Value"), "75", f"{STRICT} {TIMES}"),
    (attribute(IDLE, "Value"), "5000", f"{STRICT} {KNOWN}"),
    (attribute(HEADERS, "Value"), "false", STRICT),
    (attribute(HEADERS, "Key"), "routing.http.drop_invalid_headers.enabled", f"{STRICT} {KNOWN}"),
    (attribute(DESYNC, "Value"), "defensive", STRICT),
    (attribute(DESYNC, "Value"), "strict", f"{STRICT} {KNOWN}"),
    (attribute(FORWARDED, "Value"), "preserve", STRICT),
    (in_resource("Balancer", "Scheme"), "internal", STRICT),
    (in_resource("Balancer", "Subnets"), {"Ref": "privateSubnetIds"}, STRICT),
    (in_resource("TargetGroup", "TargetType"), "instance", READY),
    (in_resource("TargetGroup", "HealthCheckPath"), "/healthz", READY),
    (in_resource("TargetGroup", "Matcher", "HttpCode"), "200-499", READY),
    (in_resource("TargetGroup", "HealthCheckTimeoutSeconds"), 10, f"{READY} {TIMES}"),
    (in_resource("TargetGroup", "UnhealthyThresholdCount"), 5, f"{READY} {TIMES}"),
    (in_resource("TargetGroup", "TargetGroupAttributes", 0, "Key"), "deregistration_delay.seconds", f"{READY} {KNOWN}"),
    (in_resource("TargetGroup", "TargetGroupAttributes", 1, "Value"), "least_requests", f"{READY} {KNOWN}"),
    (in_resource("HttpsListener", "SslPolicy"), "ELBSecurityPolicy-TLS-1-2-2017-01", TLS),
    (in_resource("HttpsListener", "SslPolicy"), "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09", TLS),
    (in_resource("HttpsListener", "SslPolicy"), None, TLS),
    (in_resource("HttpsListener", "ListenerAttributes", 0, "Key"), "routing.http.response.servers.enabled", f"{TLS} {KNOWN}"),
    (in_resource("HttpListener", "DefaultActions"), [{"Type": "forward", "TargetGroupArn": {"Ref": "TargetGroup"}}], TLS),
    (in_resource("HttpListener", "DefaultActions", 0, "RedirectConfig", "Protocol"), "HTTP", TLS),
    # The firewall
    (in_resource("WebAcl", "Scope"), "CLOUDFRONT", FIREWALL),
    (in_resource("WebAcl", "DefaultAction"), {"Block": {}}, FIREWALL),
    (rate("Limit"), 10, FIREWALL),
    (rate("AggregateKeyType"), "CONSTANT", FIREWALL),
    (rate("EvaluationWindowSec"), 60, FIREWALL),
    (rate("ScopeDownStatement"), None, FIREWALL),
    (rate("ScopeDownStatement", "NotStatement", "Statement", "AndStatement", "Statements", 0, "ByteMatchStatement", "SearchString"), "/", FIREWALL),
    (in_resource("WebAcl", "Rules", 0, "Action"), {"Count": {}}, FIREWALL),
    (in_resource("WebAcl", "Rules", 0, "Action", "Block", "CustomResponse", "ResponseCode"), 403, FIREWALL),
    (in_resource("WebAcl", "Rules", 0, "Action", "Block", "CustomResponse", "ResponseHeaders"), None, FIREWALL),
    (in_resource("WebAcl", "Rules", 0, "VisibilityConfig", "SampledRequestsEnabled"), True, f"{FIREWALL} cfn-guard"),
    (in_resource("WebAcl", "Rules", 1, "OverrideAction"), {"None": {}}, FIREWALL),
    (in_resource("WebAcl", "Rules", 1, "Statement", "ManagedRuleGroupStatement", "Name"), "AWSManagedRulesSQLiRuleSet", FIREWALL),
    (in_resource("WebAcl", "DataProtectionConfig"), None, FIREWALL),
    (in_resource("WebAcl", "DataProtectionConfig", "DataProtections", 1, "Field", "FieldKeys"), ["authorization"], FIREWALL),
    (in_resource("WebAclAssociation", "ResourceArn"), {"Ref": "TargetGroup"}, FIREWALL),
    (("Resources", "WebAclAssociation"), None, f"{FIREWALL} {RESOURCES}"),
    # Roles
    (pull(1, "Resource"), "*", f"{PULL} {NAMED}"),
    (pull(1, "Action"), ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], PULL),
    (pull(2, "Action"), ["logs:PutLogEvents"], PULL),
    (pull(2, "Resource"), {"Ref": "LogGroup"}, PULL),
    (pull(0), None, PULL),
    (trust("ExecutionRole", "Condition"), None, PULL),
    (trust("TaskRole", "Principal"), TRUSTED, MAY),
    (trust("TaskRole", "Principal", "Service"), "ec2.amazonaws.com", MAY),
    (trust("TaskRole", "Condition", "StringEquals"), None, MAY),
    (trust("TaskRole", "Condition", "ArnLike"), None, MAY),
    (may(RECORDS, "Action"), ["dynamodb:*"], f"{MAY} {NAMED}"),
    (may(RECORDS, "Action", 0), "dynamodb:Scan", MAY),
    (may(RECORDS, "Action", 1), None, MAY),
    (may(RECORDS, "Resource"), {"Ref": "sessionsTableArn"}, MAY),
    (may(SESSIONS, "Action", 1), "dynamodb:UpdateItem", MAY),
    (may(SESSIONS, "Resource"), "*", f"{MAY} {NAMED}"),
    (may(INDEX, "Resource"), {"Fn::Sub": "${sessionsTableArn}/index/*"}, MAY),
    (may(INDEX), None, MAY),
    (may(SECRETS, "Resource"), {"Fn::Sub": "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:*"}, MAY),
    (may(SECRETS, "Resource", 1), None, MAY),
    (may(SECRETS, "Resource", 5, "Fn::If", 0), "HasAuth0", MAY),
    (may(SECRETS, "Action"), "secretsmanager:GetSecretValues", f"{MAY} cfn-lint"),
    (may(DECRYPT, "Condition"), None, MAY),
    (may(DECRYPT, "Action"), "kms:*", f"{MAY} {NAMED}"),
    (may(DECRYPT, "Condition", "StringEquals", "kms:ViaService", 0), None, MAY),
    (in_resource("TaskRole", "ManagedPolicyArns"), ["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"], f"{MAY} roles_have_no_other_policy"),
    (in_resource("TaskRole", "Policies", 0, "PolicyDocument", "Version"), "2008-10-17", f"{MAY} policies_are_current"),
    # The log
    (in_resource("LogGroup", "RetentionInDays"), None, f"{LOG} cfn-guard"),
    (in_resource("LogGroup", "KmsKeyId"), None, LOG),
    (("Resources", "LogGroup", "DeletionPolicy"), "Delete", RESOURCES),
    (container("LogConfiguration", "Options", "mode"), "non-blocking", LOCKED),
    (container("LogConfiguration", "Options", "awslogs-group"), {"Ref": "Cluster"}, LOCKED),
    (container("LogConfiguration"), None, LOCKED),
    # The container
    (container("User"), "0", LOCKED),
    (container("User"), None, LOCKED),
    (container("ReadonlyRootFilesystem"), False, LOCKED),
    (container("Privileged"), True, LOCKED),
    (container("LinuxParameters"), None, LOCKED),
    (container("LinuxParameters", "Capabilities"), {"Add": ["SYS_PTRACE"], "Drop": ["ALL"]}, LOCKED),
    (container("LinuxParameters", "Tmpfs"), [{"ContainerPath": "/tmp", "Size": 16}], LOCKED),
    (container("HealthCheck", "Command"), ["/server", "healthz"], LOCKED),
    (container("HealthCheck", "Command"), ["CMD-SHELL", "curl -f http://localhost:3000/healthz"], LOCKED),
    (container("HealthCheck", "Timeout"), 10, f"{LOCKED} {TIMES}"),
    (container("StopTimeout"), 54, f"{LOCKED} {TIMES}"),
    (container("StopTimeout"), 600, f"{LOCKED} {TIMES}"),
    (container("StopTimeout"), None, f"{LOCKED} {TIMES}"),
    (container("PortMappings", 0, "ContainerPort"), 8080, LOCKED),
    (container("Image"), "public.ecr.aws/my/data:latest", LOCKED),
    (container("Secrets"), [{"Name": "MYDATA_COGNITO__CLIENT_SECRET", "ValueFrom": {"Ref": "clientSecretArn"}}], LOCKED),
    (in_resource("TaskDefinition", "RuntimePlatform", "CpuArchitecture"), "X86_64", LOCKED),
    (in_resource("TaskDefinition", "RuntimePlatform"), None, LOCKED),
    (in_resource("TaskDefinition", "TaskRoleArn"), {"Fn::GetAtt": ["ExecutionRole", "Arn"]}, LOCKED),
    (in_resource("TaskDefinition", "NetworkMode"), "bridge", LOCKED),
    # The configuration
    (container("Environment", LISTEN, "Value"), "127.0.0.1:3000", ENVIRONMENT),
    (container("Environment", PROXIES, "Value"), "0.0.0.0/0", ENVIRONMENT),
    (container("Environment", DRAIN, "Value"), "10", f"{ENVIRONMENT} {TIMES}"),
    (container("Environment", DRAIN, "Value"), "60", f"{ENVIRONMENT} {TIMES}"),
    (container("Environment", 13, "Name"), "MYDATA_COGNITO__CLIENT_SECRET_ARNX", f"{ENVIRONMENT} the_server_knows_each_variable"),
    (container("Environment", 13, "Name"), "MYDATA_COGNITO__CLIENT_SECRET", f"{ENVIRONMENT} cfn-guard"),
    (container("Environment", 13, "Value"), {"Fn::Sub": "{{resolve:secretsmanager:${clientSecretArn}}}"}, ENVIRONMENT),
    (container("Environment", 20), None, ENVIRONMENT),
    (container("Environment", 25, "Value", "Fn::If", 0), "HasAuth0", ENVIRONMENT),
    # The service
    (("Resources", "Service", "DependsOn"), None, RESOURCES),
    (("Resources", "Service", "DependsOn"), ["ServerIngress"], RESOURCES),
    (in_resource("Service", "DesiredCount"), 1, TWO),
    (in_resource("Service", "AvailabilityZoneRebalancing"), "DISABLED", TWO),
    (in_resource("Service", "NetworkConfiguration", "AwsvpcConfiguration", "AssignPublicIp"), "ENABLED", TWO),
    (in_resource("Service", "NetworkConfiguration", "AwsvpcConfiguration", "Subnets"), {"Ref": "publicSubnetIds"}, TWO),
    (in_resource("Service", "NetworkConfiguration", "AwsvpcConfiguration", "SecurityGroups"), None, TWO),
    (in_resource("Service", "LoadBalancers", 0, "ContainerName"), "app", TWO),
    (in_resource("Service", "LoadBalancers", 0, "ContainerPort"), 80, TWO),
    (in_resource("Service", "EnableExecuteCommand"), True, TWO),
    (in_resource("Service", "DeploymentConfiguration", "DeploymentCircuitBreaker", "Rollback"), False, TWO),
    (in_resource("Service", "DeploymentConfiguration", "Alarms"), None, TWO),
    (in_resource("Service", "DeploymentConfiguration", "Alarms", "AlarmNames", 0), "server-errors", TWO),
    (in_resource("Service", "DeploymentConfiguration", "MinimumHealthyPercent"), 0, TWO),
    (in_resource("Service", "HealthCheckGracePeriodSeconds"), 0, f"{TWO} {TIMES}"),
    (in_resource("Cluster", "ClusterSettings", 0, "Value"), "enchanced", TWO),
    (in_resource("ScalableTarget", "MinCapacity"), 1, SCALE),
    (in_resource("ScalableTarget", "MaxCapacity"), {"Ref": "minTasks"}, SCALE),
    (in_resource("ScalableTarget", "ScalableDimension"), "ecs:service:desiredCount", SCALE),
    (in_resource("ScalableTarget", "ResourceId"), {"Fn::Sub": "service/${Service.Name}"}, SCALE),
    (in_resource("ScaleByRequests", "TargetTrackingScalingPolicyConfiguration", "PredefinedMetricSpecification", "ResourceLabel"), None, SCALE),
    (in_resource("ScaleByCpu", "TargetTrackingScalingPolicyConfiguration", "TargetValue"), 95, SCALE),
    # Alarms
    (in_resource("CrashesLines", "FilterPattern"), '{ $.message = "panicked" }', COUNTED),
    (in_resource("Crashes", "Namespace"), "MyData", RING),
    (in_resource("Crashes", "AlarmActions"), None, RING),
    (in_resource("Crashes", "ActionsEnabled"), False, RING),
    (in_resource("Crashes", "AlarmDescription"), "A part of the server ended.", RING),
    (in_resource("ServerErrors", "MetricName"), "HTTPCode_Target_5XX", RING),
    (in_resource("ServerErrors", "TreatMissingData"), "breaching", RING),
    (in_resource("ServerErrors", "Dimensions", 0, "Value"), {"Ref": "TargetGroup"}, RING),
    # What is given, and what is handed on
    (("Parameters", "imageUri", "AllowedPattern"), ".+", PARAMETERS),
    (("Parameters", "minTasks", "MinValue"), 1, PARAMETERS),
    (("Parameters", "clientSecretArn", "AllowedPattern"), ".+", f"{PARAMETERS} cfn-guard"),
    (("Parameters", "clientSecret"), {"Type": "String", "NoEcho": True}, f"{PARAMETERS} cfn-guard"),
    (("Conditions", "HasCaseWorkers", "Fn::Not", 0, "Fn::Equals", 0, "Ref"), "caseWorkersClientId", CONDITIONS),
    (("Rules", "LoginGovIsComplete"), None, CHECKS),
    (("Rules", "MemoryFor256", "Assertions", 0, "Assert", "Fn::Contains", 0, 2), "4096", CHECKS),
    (("Outputs", "TaskRoleArn", "Value", "Fn::GetAtt", 0), "ExecutionRole", OUTPUTS),
    (("Outputs", "ListenerArn", "Value", "Ref"), "HttpListener", OUTPUTS),
    (("Resources", "Bucket"), {"Type": "AWS::S3::Bucket"}, RESOURCES),
]

# Any value is right here: the reason by place.
FREE = {
    "Resources.ExecutionRole.Properties.Policies.0.PolicyName": "people read it",
    "Resources.TaskRole.Properties.Policies.0.PolicyName": "people read it",
    "Resources.ScaleByCpu.Properties.PolicyName": "people read it",
    "Resources.ScaleByRequests.Properties.PolicyName": "people read it",
}
