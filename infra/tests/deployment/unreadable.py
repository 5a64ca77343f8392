"""What the emulator does not say again, so that nobody can see whether it is as the template says: type, property, reason.

Checked both ways: each of these must fail to be read back somewhere, and nothing else may.
"""

# Reasons.
NOT_STORED = "the emulator does not keep it, however it is set"
AT_DELETION = "AWS uses it only when the resource is deleted, and never shows it"

UNREADABLE = {
    "AWS::KMS::Key": {"PendingWindowInDays": AT_DELETION},
    "AWS::DynamoDB::Table": {
        "PointInTimeRecoverySpecification.RecoveryPeriodInDays": NOT_STORED,
        "ContributorInsightsSpecification.Mode": NOT_STORED,
        "GlobalSecondaryIndexes.*.ContributorInsightsSpecification.Mode": NOT_STORED,
    },
    "AWS::CloudWatch::Alarm": {"Metrics": NOT_STORED},
}
