use app::{Localized, Service};
use url::Url;

use super::{Source, service::contact};

/// `[security]`, and where to report a vulnerability.
///
/// Environment: `MYDATA_SECURITY__POLICY_REPORT_URL`, `MYDATA_SERVICE__SECURITY_CONTACT_URL`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Security {
    /// `security.policy_report_url`: where browsers report violations of a page's content security policy.
    pub policy_report_url: Option<String>,
    /// `service.security_contact_url`, or else `service.contact_url` or `service.contact_email`: for
    /// `/.well-known/security.txt`.
    pub contact_url: Option<String>,
}

impl Security {
    pub(super) fn read(source: &mut Source, service: &Service) -> Option<Self> {
        let [report, contact_key] = ["security.policy_report_url", "service.security_contact_url"];
        let are_set = [report, contact_key].map(|key| source.has(key));
        let policy_report_url = source.optional(
            report,
            "an https address, without a fragment, commas, semicolons or quotation marks",
            report_url,
        );
        let own = source.optional(
            contact_key,
            "an https address or a mailto address such as mailto:security@mydata.example",
            contact,
        );
        let are_read = [policy_report_url.is_some(), own.is_some()];
        let contact_url = own.or_else(|| {
            let of = |text: &Localized| text.get(service.languages.default_one()).to_owned();
            let email = || service.contact_email.as_ref().map(|email| format!("mailto:{}", of(email)));
            service.contact_url.as_ref().map(of).or_else(email)
        });
        (are_set == are_read).then_some(Self { policy_report_url, contact_url })
    }
}

/// An https address that fits into a policy and into a quoted string.
fn report_url(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(|_| text.starts_with("https://"))?;
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !b",;\"'\\".contains(&byte));
    let is_bare = url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    (is_plain && is_bare).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_address_cannot_change_the_policy() {
        for good in ["https://reports.example/csp", "https://reports.example/csp?key=a&b=c"] {
            assert_eq!(report_url(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "/csp",
            "http://reports.example/",
            "https://reports.example/; script-src *",
            "https://reports.example/;script-src",
            "https://reports.example/,x",
            "https://reports.example/\"",
            "https://reports.example/#x",
            "https://user@reports.example/",
            "https://reports.example/é",
            "https:\\\\reports.example/",
        ] {
            assert_eq!(report_url(bad), None, "{bad:?}");
        }
    }
}
