"""Between the internet and the server: security groups, the endpoint of DynamoDB, the load balancer and its firewall."""

from rules.exact import ANY_TEXT, att, exactly, ref, sub
from rules.server_role import INDEX, RECORDS, SESSIONS, dynamodb

ANYONE = "0.0.0.0/0"


def port(number, **peer):
    return {"IpProtocol": "tcp", "FromPort": number, "ToPort": number, **peer, "Description": ANY_TEXT}


def only_the_balancer_reaches_the_server(template):
    yield from exactly(template, "BalancerSecurityGroup", {
        "GroupDescription": ANY_TEXT,
        "VpcId": ref("vpcId"),
        "SecurityGroupIngress": [port(443, CidrIp=ANYONE), port(80, CidrIp=ANYONE)],
        # Without any of its own, a group gets a rule for everything.
        "SecurityGroupEgress": [port(3000, DestinationSecurityGroupId=att("ServerSecurityGroup", "GroupId"))],
    })
    yield from exactly(template, "ServerSecurityGroup", {
        "GroupDescription": ANY_TEXT, "VpcId": ref("vpcId"), "SecurityGroupEgress": [port(443, CidrIp=ANYONE)]
    })
    yield from exactly(template, "ServerIngress", {
        "GroupId": att("ServerSecurityGroup", "GroupId"),
        **port(3000, SourceSecurityGroupId=att("BalancerSecurityGroup", "GroupId")),
    })


def the_endpoint_reaches_only_the_tables(template):
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": dynamodb(sorted(set(RECORDS + SESSIONS))),
        "Resource": [ref("recordsTableArn"), ref("sessionsTableArn"), INDEX],
        "Condition": {"StringEquals": {"aws:PrincipalAccount": ref("AWS::AccountId")}},
    }
    yield from exactly(template, "DynamoDbEndpoint", {
        "VpcEndpointType": "Gateway",
        "ServiceName": sub("com.amazonaws.${AWS::Region}.dynamodb"),
        "VpcId": ref("vpcId"),
        "RouteTableIds": ref("privateRouteTableIds"),
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
    })


def keyed(attributes):
    return [{"Key": key, "Value": value} for key, value in attributes.items()]


def the_balancer_is_strict(template):
    yield from exactly(template, "Balancer", {
        "Type": "application",
        "Scheme": "internet-facing",
        "IpAddressType": "ipv4",
        "Subnets": ref("publicSubnetIds"),
        "SecurityGroups": [att("BalancerSecurityGroup", "GroupId")],
        "LoadBalancerAttributes": keyed({
            "deletion_protection.enabled": "true",
            # They would hold the code and the state of each sign-in.
            "access_logs.s3.enabled": "false",
            "connection_logs.s3.enabled": "false",
            "idle_timeout.timeout_seconds": "60",
            "client_keep_alive.seconds": "3600",
            "routing.http.drop_invalid_header_fields.enabled": "true",
            "routing.http.desync_mitigation_mode": "strictest",
            "routing.http.xff_header_processing.mode": "append",
            "routing.http.xff_client_port.enabled": "false",
            "routing.http.preserve_host_header.enabled": "true",
            "routing.http2.enabled": "true",
            "waf.fail_open.enabled": "false",
            "zonal_shift.config.enabled": "true",
        }),
    })


def only_ready_servers_get_requests(template):
    yield from exactly(template, "TargetGroup", {
        "TargetType": "ip",
        "Protocol": "HTTP",
        "ProtocolVersion": "HTTP1",
        "Port": 3000,
        "VpcId": ref("vpcId"),
        "HealthCheckEnabled": True,
        "HealthCheckProtocol": "HTTP",
        "HealthCheckPort": "traffic-port",
        "HealthCheckPath": "/readyz",
        "HealthCheckIntervalSeconds": 10,
        "HealthCheckTimeoutSeconds": 5,
        "HealthyThresholdCount": 2,
        "UnhealthyThresholdCount": 3,
        "Matcher": {"HttpCode": "200"},
        "TargetGroupAttributes": keyed({
            "deregistration_delay.timeout_seconds": "30",
            "load_balancing.algorithm.type": "least_outstanding_requests",
            "stickiness.enabled": "false",
        }),
    })


def nothing_is_served_without_tls(template):
    quiet = {"LoadBalancerArn": ref("Balancer"), "ListenerAttributes": keyed({"routing.http.response.server.enabled": "false"})}
    yield from exactly(template, "HttpsListener", {
        **quiet,
        "Port": 443,
        "Protocol": "HTTPS",
        "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        "Certificates": [{"CertificateArn": ref("certificateArn")}],
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": ref("TargetGroup")}],
    })
    redirect = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
    yield from exactly(template, "HttpListener", {**quiet, "Port": 80, "Protocol": "HTTP", "DefaultActions": [redirect]})


def measured(name):
    """Metrics, and no samples: they would hold whole requests."""
    return {"CloudWatchMetricsEnabled": True, "SampledRequestsEnabled": False, "MetricName": name}


def path(constraint, text):
    return {"ByteMatchStatement": {
        "FieldToMatch": {"UriPath": {}},
        "PositionalConstraint": constraint,
        "SearchString": text,
        "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
    }}


def the_firewall_limits_each_address(template):
    """It blocks for nothing else, and nothing that it keeps holds a code, a cookie or a text."""
    the_bridge = {"AndStatement": {"Statements": [path("STARTS_WITH", "/federation/"), path("ENDS_WITH", "/token")]}}
    refusal = {"ResponseCode": 429, "CustomResponseBodyKey": "too-many-requests", "ResponseHeaders": [{"Name": "Retry-After", "Value": "300"}]}
    limit = {
        "Name": "requests-per-address",
        "Priority": 0,
        "Statement": {"RateBasedStatement": {
            "Limit": ref("requestsPerAddress"),
            "EvaluationWindowSec": 300,
            "AggregateKeyType": "IP",
            # Cognito redeems everyone's codes from a few addresses.
            "ScopeDownStatement": {"NotStatement": {"Statement": the_bridge}},
        }},
        "Action": {"Block": {"CustomResponse": refusal}},
        "VisibilityConfig": measured("requests-per-address"),
    }
    counted = {
        "Name": "addresses-of-ill-repute",
        "Priority": 1,
        "Statement": {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesAmazonIpReputationList"}},
        "OverrideAction": {"Count": {}},
        "VisibilityConfig": measured("addresses-of-ill-repute"),
    }
    hidden = [{"FieldType": "QUERY_STRING"}, {"FieldType": "SINGLE_HEADER", "FieldKeys": ["authorization", "cookie", "referer"]}, {"FieldType": "BODY"}]
    yield from exactly(template, "WebAcl", {
        "Scope": "REGIONAL",
        "DefaultAction": {"Allow": {}},
        "CustomResponseBodies": {"too-many-requests": {"ContentType": "TEXT_HTML", "Content": in_four_languages}},
        "Rules": [limit, counted],
        "VisibilityConfig": measured(sub("${AWS::StackName}-citizens")),
        "DataProtectionConfig": {"DataProtections": [{"Field": field, "Action": "SUBSTITUTION"} for field in hidden]},
    })
    yield from exactly(template, "WebAclAssociation", {"WebACLArn": att("WebAcl", "Arn"), "ResourceArn": ref("Balancer")})


def in_four_languages(found):
    """A page within the limit of AWS WAF, 4 kilobytes."""
    languages = all(f'lang="{language}"' in found for language in ("en", "nl", "fr", "de"))
    return languages and found.startswith("<!doctype html>") and found.endswith("</html>") and len(found.encode()) <= 4096


EDGE = [
    only_the_balancer_reaches_the_server,
    the_endpoint_reaches_only_the_tables,
    the_balancer_is_strict,
    only_ready_servers_get_requests,
    nothing_is_served_without_tls,
    the_firewall_limits_each_address,
]
EDGE_RESOURCES = {
    "BalancerSecurityGroup": {"Type": "AWS::EC2::SecurityGroup"},
    "ServerSecurityGroup": {"Type": "AWS::EC2::SecurityGroup"},
    "ServerIngress": {"Type": "AWS::EC2::SecurityGroupIngress"},
    "DynamoDbEndpoint": {"Type": "AWS::EC2::VPCEndpoint", "Condition": "MakesEndpoint"},
    "Balancer": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer"},
    "TargetGroup": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup"},
    "HttpsListener": {"Type": "AWS::ElasticLoadBalancingV2::Listener"},
    "HttpListener": {"Type": "AWS::ElasticLoadBalancingV2::Listener"},
    "WebAcl": {"Type": "AWS::WAFv2::WebACL"},
    "WebAclAssociation": {"Type": "AWS::WAFv2::WebACLAssociation"},
}
