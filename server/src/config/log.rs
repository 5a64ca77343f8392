use std::path::PathBuf;

use super::Source;

/// `[log]`: where the security log goes.
///
/// Environment: `MYDATA_LOG__SECURITY`, `MYDATA_LOG__WAIT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// `security`: `stdout` (the default), `off`, or the path of a file.
    pub security: SecurityLogTarget,
    /// `wait`: whether each response waits until the records of its request are written, at most a second; default: false. Where the
    /// server stands still between requests, as on AWS Lambda, they would otherwise wait for the next one.
    pub wait: bool,
}

/// Where the records of the security log are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecurityLogTarget {
    /// `off`
    Off,
    /// `stdout`: standard output.
    Stdout,
    /// A path: the file is created if it is missing, and appended to.
    File(PathBuf),
}

impl Log {
    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let security = source.with_default("log.security", "stdout, off, or the path of a file", "stdout", |text| {
            Some(match text {
                "" => return None,
                "off" => SecurityLogTarget::Off,
                "stdout" => SecurityLogTarget::Stdout,
                path => SecurityLogTarget::File(PathBuf::from(path)),
            })
        });
        let wait = source.with_default("log.wait", "true or false", "false", |text| text.parse().ok());
        Some(Self { security: security?, wait: wait? })
    }
}
