/// A role, or another principal, in an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RoleName {
    arn: String,
    /// Whether the ARN has the role's path. STS leaves it out.
    has_path: bool,
}

impl RoleName {
    /// The role with this ARN.
    pub(super) fn exact(arn: &str) -> Self {
        Self { arn: arn.to_owned(), has_path: true }
    }

    /// The role behind the ARN of a caller, as `GetCallerIdentity` returns it. Another principal stands for itself.
    pub(super) fn of_caller(arn: &str) -> Self {
        let parts: Vec<_> = arn.splitn(6, ':').collect();
        if let ["arn", partition, "sts", _, account, resource] = parts[..]
            && let Some(session) = resource.strip_prefix("assumed-role/")
            && let Some((name, _)) = session.split_once('/')
        {
            return Self { arn: format!("arn:{partition}:iam::{account}:role/{name}"), has_path: false };
        }
        Self::exact(arn)
    }

    /// Whether its ARN is complete.
    pub(super) const fn is_exact(&self) -> bool {
        self.has_path
    }

    /// Its ARN, which may lack the path.
    pub(super) fn arn(&self) -> &str {
        &self.arn
    }

    /// The name, without the path.
    pub(super) fn name(&self) -> &str {
        last(&self.arn)
    }

    /// The account.
    pub(super) fn account(&self) -> &str {
        account(&self.arn)
    }

    /// Whether `arn` is that of this role.
    pub(super) fn is(&self, arn: &str) -> bool {
        if self.has_path {
            return arn == self.arn;
        }
        arn.contains(":role/") && account(arn) == self.account() && last(arn) == self.name()
    }
}

/// The account in an ARN.
pub(super) fn account(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}

/// The part of an ARN after the last slash.
pub(super) fn last(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_belongs_to_a_role_whose_path_is_not_known() {
        let role = RoleName::of_caller("arn:aws:sts::123456789012:assumed-role/my-data/i-0abc");
        assert_eq!((role.name(), role.account()), ("my-data", "123456789012"));
        for (arn, expected) in [
            ("arn:aws:iam::123456789012:role/my-data", true),
            ("arn:aws:iam::123456789012:role/service/my-data", true),
            ("arn:aws:iam::123456789012:role/other", false),
            ("arn:aws:iam::999999999999:role/my-data", false),
            ("arn:aws:iam::123456789012:user/my-data", false),
        ] {
            assert_eq!(role.is(arn), expected, "{arn}");
        }
        assert!(!RoleName::exact("arn:aws:iam::123456789012:role/a/b").is("arn:aws:iam::123456789012:role/b"));
        let user = RoleName::of_caller("arn:aws:iam::123456789012:user/ops");
        assert!(user.is("arn:aws:iam::123456789012:user/ops"));
    }
}
