//! The domain of the user pool, and the login pages on it.

use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::{Findings, Operator, settings::Pool};
use crate::commands::check::caller::Service;

/// The hosts of AWS's own domains: `PREFIX.auth.REGION.…`.
const AWS: &str = "amazoncognito.com";
const LITE: &str = "LITE";
/// Managed login. The classic hosted UI is 1.
const MANAGED: u64 = 2;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DomainOutput {
    #[serde(default)]
    domain_description: Domain,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Domain {
    user_pool_id: Option<String>,
    status: Option<String>,
    managed_login_version: Option<u64>,
}

impl Operator<'_> {
    /// Whether `cognito.domain` is a domain of this user pool and fits its feature plan, and whether it has managed login.
    pub(super) async fn domain(&self, pool: &Pool) -> (Result<String, String>, bool) {
        match self.own_domain(pool).await {
            Ok((name, domain)) => {
                let is_managed = domain.managed_login_version.unwrap_or(1) >= MANAGED;
                (self.compare_domain(pool, &name, &domain, is_managed), is_managed)
            }
            Err(problem) => (Err(problem), false),
        }
    }

    /// The domain of the configuration, and what AWS calls it.
    async fn own_domain(&self, pool: &Pool) -> Result<(String, Domain), String> {
        let cognito = &self.config.cognito;
        let host = Url::parse(cognito.domain.as_str()).ok().and_then(|url| url.host_str().map(str::to_owned));
        let host = host.unwrap_or_default();
        let name = if cognito.domain.is_loopback() {
            // A stand-in has another address, so only the domain that the user pool names can be compared.
            let own = pool.custom_domain.as_deref().or(pool.domain.as_deref()).filter(|name| !name.is_empty());
            own.ok_or("the user pool has no domain: add one (create-user-pool-domain)")?.to_owned()
        } else {
            name_of(&host, &cognito.region)?
        };
        let input = json!({ "Domain": name });
        let found = self.of_pool().json::<DomainOutput>(Service::Cognito, "DescribeUserPoolDomain", &input).await;
        let domain = match found {
            Err(error) if error.is_not_found() => Domain::default(),
            found => found.map_err(|error| error.explain("cognito-idp:DescribeUserPoolDomain"))?.domain_description,
        };
        Ok((name, domain))
    }

    fn compare_domain(&self, pool: &Pool, name: &str, domain: &Domain, is_managed: bool) -> Result<String, String> {
        let cognito = &self.config.cognito;
        let Some(owner) = &domain.user_pool_id else {
            return Err(format!("no user pool in {} has the domain {name}: compare cognito.domain", cognito.region));
        };
        let mut found = Findings::default();
        found.need(*owner == cognito.user_pool_id, || {
            format!("{name} is the domain of the user pool {owner}: compare cognito.domain and cognito.user_pool_id")
        });
        let status = domain.status.as_deref().unwrap_or("ACTIVE");
        found.need(status == "ACTIVE", || {
            format!("the domain {name} is {status}, not ACTIVE: wait, or create it again")
        });
        found.need(!is_managed || pool.plan() != LITE, || {
            "managed login needs the feature plan ESSENTIALS, and the user pool has LITE: set UserPoolTier, or ManagedLoginVersion \
             to 1"
                .to_owned()
        });
        found.advise(is_managed || !cognito.prompt_login, || {
            "it has the classic hosted UI, which ignores prompt=login, so a sign-in that the user pool remembers takes two more \
             redirects: set ManagedLoginVersion to 2, with a managed login branding for each app client"
                .to_owned()
        });
        found.result(&format!("{name} belongs to the user pool"))
    }
}

/// What AWS calls the domain at `host`: the prefix of its own domains, else the whole host.
fn name_of(host: &str, region: &str) -> Result<String, String> {
    let Some((rest, _)) = host.split_once(&format!(".{AWS}")) else { return Ok(host.to_owned()) };
    let parts: Vec<_> = rest.split('.').collect();
    match parts[..] {
        [prefix, "auth" | "auth-fips", found] if found == region => Ok(prefix.to_owned()),
        [_, _, found] => Err(format!("{host} is in {found}, but cognito.region is {region}: correct one of the two")),
        _ => Err(format!("{host} is no domain of a user pool: compare cognito.domain with the user pool's")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_of_aws_is_called_by_its_prefix_and_must_be_in_the_region() {
        let name = |host| name_of(host, "eu-west-1");
        assert_eq!(name("mydata.auth.eu-west-1.amazoncognito.com").as_deref(), Ok("mydata"));
        assert_eq!(name("mydata.auth-fips.eu-west-1.amazoncognito.com").as_deref(), Ok("mydata"));
        assert_eq!(name("sign-in.mydata.example").as_deref(), Ok("sign-in.mydata.example"));
        assert!(name("mydata.auth.eu-central-1.amazoncognito.com").unwrap_err().contains("is in eu-central-1"));
        assert!(name("mydata.amazoncognito.com").unwrap_err().contains("is no domain"));
    }
}
