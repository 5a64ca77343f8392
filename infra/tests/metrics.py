"""The metrics of AWS that alarms and the dashboard use, with the dimensions that AWS reports them by. No schema has them.

From AWS's documentation: Elastic Load Balancing, "CloudWatch metrics for your Application Load Balancer"; ECS, "CloudWatch metrics" and
"Container Insights metrics"; AWS WAF, "Monitoring with Amazon CloudWatch"; Certificate Manager, "Supported CloudWatch metrics"; DynamoDB,
"Metrics and dimensions"; Lambda, "Types of metrics"."""

BALANCER = [{"LoadBalancer"}]
GROUP = [{"TargetGroup", "LoadBalancer"}]
SERVICE = [{"ClusterName", "ServiceName"}]
TABLE = [{"TableName"}, {"TableName", "GlobalSecondaryIndexName"}]
KNOWN = {
    "AWS/ApplicationELB": {
        "HTTPCode_ELB_5XX_Count": BALANCER,
        "HTTPCode_Target_4XX_Count": BALANCER + GROUP,
        "HTTPCode_Target_5XX_Count": BALANCER + GROUP,
        "HealthyHostCount": GROUP,
        "RejectedConnectionCount": BALANCER,
        "RequestCount": BALANCER + GROUP,
        "TargetConnectionErrorCount": BALANCER + GROUP,
        "TargetResponseTime": BALANCER + GROUP,
        "UnHealthyHostCount": GROUP,
    },
    "AWS/CertificateManager": {"DaysToExpiry": [{"CertificateArn"}]},
    "AWS/DynamoDB": {
        "ConsumedReadCapacityUnits": TABLE,
        "ConsumedWriteCapacityUnits": TABLE,
        "ReadThrottleEvents": TABLE,
        "WriteThrottleEvents": TABLE,
    },
    "AWS/ECS": {"CPUUtilization": SERVICE, "MemoryUtilization": SERVICE},
    "AWS/Lambda": {"Errors": [{"FunctionName"}], "Throttles": [{"FunctionName"}]},
    "AWS/WAFV2": {"BlockedRequests": [{"WebACL", "Region", "Rule"}]},
    "ECS/ContainerInsights": {"RunningTaskCount": SERVICE},
}


def is_known(namespace, name, dimensions):
    """Whether AWS reports this metric by exactly these dimensions."""
    return dimensions in KNOWN.get(namespace, {}).get(name, [])
