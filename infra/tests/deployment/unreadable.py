"""What the emulator does not say again, so that nobody can see whether it is as the template says: type, property, reason.

Checked both ways: each of these must fail to be read back somewhere, and nothing else may.
"""

# Reasons.
NOT_STORED = "the emulator does not keep it, however it is set"
NO_SUCH_TYPE = "the emulator does not know this type of resource"
NEVER_SHOWN = "AWS does not say where the code came from"
AT_DELETION = "AWS uses it only when the resource is deleted, and never shows it"

UNREADABLE = {
    "AWS::KMS::Key": {"PendingWindowInDays": AT_DELETION},
    "AWS::DynamoDB::Table": {
        "PointInTimeRecoverySpecification.RecoveryPeriodInDays": NOT_STORED,
        "ContributorInsightsSpecification.Mode": NOT_STORED,
        "GlobalSecondaryIndexes.*.ContributorInsightsSpecification.Mode": NOT_STORED,
    },
    "AWS::CloudWatch::Alarm": {"Metrics": NOT_STORED, "EvaluateLowSampleCountPercentile": NOT_STORED},
    "AWS::EC2::NatGateway": {"AllocationId": NOT_STORED},
    "AWS::EC2::VPCEndpoint": {"PolicyDocument": NOT_STORED},
    "AWS::ElasticLoadBalancingV2::TargetGroup": {"ProtocolVersion": NOT_STORED},
    "AWS::ElasticLoadBalancingV2::ListenerRule": {"Actions.*.ForwardConfig": NOT_STORED},
    "AWS::WAFv2::WebACL": {"CustomResponseBodies": NOT_STORED, "DataProtectionConfig": NOT_STORED},
    "AWS::ECS::Service": {"AvailabilityZoneRebalancing": NOT_STORED},
    "AWS::Lambda::Function": {"Code": NEVER_SHOWN},
    "AWS::Cognito::UserPool": {"IssuerConfiguration": NOT_STORED},
    "AWS::Cognito::ManagedLoginBranding": {"": NO_SUCH_TYPE},
    "AWS::ApplicationAutoScaling::ScalableTarget": {"": NO_SUCH_TYPE},
    "AWS::ApplicationAutoScaling::ScalingPolicy": {"": NO_SUCH_TYPE},
}


def listed(kind, path):
    """The entry of UNREADABLE that a property belongs to."""
    for entry in UNREADABLE.get(kind, {}):
        if entry in ("", path) or path.startswith(entry + "."):
            return entry
    return None
