/// A part of AWS with accounts, hosts and ARNs of its own.
///
/// <https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partition {
    /// `aws`
    Commercial,
    /// `aws-us-gov`: AWS GovCloud (US).
    UsGov,
    /// `aws-cn`: the regions in China.
    China,
    /// `aws-eusc`: the AWS European Sovereign Cloud.
    EuSovereign,
}

impl Partition {
    /// The partition that `region` is in. An unknown one is counted as [`Commercial`](Self::Commercial).
    pub fn of_region(region: &str) -> Self {
        const STARTS: [(&str, Partition); 3] =
            [("us-gov-", Partition::UsGov), ("cn-", Partition::China), ("eusc-", Partition::EuSovereign)];
        STARTS.into_iter().find(|(start, _)| region.starts_with(start)).map_or(Self::Commercial, |(_, found)| found)
    }

    /// Its name, as the second part of an ARN has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Commercial => "aws",
            Self::UsGov => "aws-us-gov",
            Self::China => "aws-cn",
            Self::EuSovereign => "aws-eusc",
        }
    }

    /// The end of the names of its hosts.
    pub const fn dns_suffix(self) -> &'static str {
        match self {
            Self::Commercial | Self::UsGov => "amazonaws.com",
            Self::China => "amazonaws.com.cn",
            Self::EuSovereign => "amazonaws.eu",
        }
    }

    /// The host of IAM, which each partition has once, and the region that its requests are signed for.
    pub const fn iam(self) -> (&'static str, &'static str) {
        match self {
            Self::Commercial => ("iam.amazonaws.com", "us-east-1"),
            Self::UsGov => ("iam.us-gov.amazonaws.com", "us-gov-west-1"),
            Self::China => ("iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
            Self::EuSovereign => ("iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::config::endpoint::{DefaultResolver, Params, ResolveEndpoint as _};

    use super::*;

    const REGIONS: [(&str, Partition, &str); 12] = [
        ("eu-west-1", Partition::Commercial, "aws"),
        ("us-east-1", Partition::Commercial, "aws"),
        ("us-west-2", Partition::Commercial, "aws"),
        ("ap-southeast-2", Partition::Commercial, "aws"),
        ("ca-central-1", Partition::Commercial, "aws"),
        ("mx-central-1", Partition::Commercial, "aws"),
        ("il-central-1", Partition::Commercial, "aws"),
        ("us-gov-west-1", Partition::UsGov, "aws-us-gov"),
        ("us-gov-east-1", Partition::UsGov, "aws-us-gov"),
        ("cn-north-1", Partition::China, "aws-cn"),
        ("cn-northwest-1", Partition::China, "aws-cn"),
        ("eusc-de-east-1", Partition::EuSovereign, "aws-eusc"),
    ];

    /// The host that AWS's own SDK has for a regional service.
    async fn host_of_sdk(region: &str) -> String {
        let params = Params::builder().region(region.to_owned()).build().unwrap();
        DefaultResolver::new().resolve_endpoint(&params).await.unwrap().url().to_owned()
    }

    #[tokio::test]
    async fn every_region_has_the_hosts_that_the_sdk_of_aws_uses() {
        for (region, partition, name) in REGIONS {
            assert_eq!(Partition::of_region(region), partition, "{region}");
            assert_eq!(partition.name(), name, "{region}");
            let own = format!("https://dynamodb.{region}.{}", partition.dns_suffix());
            assert_eq!(own, host_of_sdk(region).await, "{region}");
        }
    }

    #[test]
    fn iam_is_in_a_region_of_its_partition() {
        for (_, partition, _) in REGIONS {
            let (host, region) = partition.iam();
            assert_eq!(Partition::of_region(region), partition, "{host}");
            assert!(host.ends_with(partition.dns_suffix()), "{host}");
        }
    }
}
