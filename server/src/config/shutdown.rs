use std::time::Duration;

use super::Source;

/// `[shutdown]`: how the server stops.
///
/// Environment: `MYDATA_SHUTDOWN__DRAIN_SECONDS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shutdown {
    /// `drain_seconds`: for how long the server still accepts requests after the signal to stop, while `/readyz` already fails.
    pub drain: Duration,
}

impl Shutdown {
    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let seconds = |text: &str| text.parse().ok().filter(|seconds| *seconds <= 300).map(Duration::from_secs);
        let expected = "a whole number of seconds from 0 to 300";
        let drain = source.with_default("shutdown.drain_seconds", expected, "0", seconds);
        Some(Self { drain: drain? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drain_lasts_up_to_five_minutes() {
        for (toml, expected) in [
            ("", Some(0)),
            ("[shutdown]\ndrain_seconds = 300", Some(300)),
            ("[shutdown]\ndrain_seconds = 301", None),
            ("[shutdown]\ndrain_seconds = -1", None),
            ("[shutdown]\ndrain_seconds = 0.5", None),
        ] {
            let mut source = Source::from_toml(toml);
            let read = Shutdown::read(&mut source).map(|shutdown| shutdown.drain.as_secs());
            assert_eq!(read, expected, "{toml}");
            let faults: Vec<_> = source.finish().into_iter().map(|fault| fault.key).collect();
            assert_eq!(faults.is_empty(), expected.is_some(), "{toml}: {faults:?}");
        }
    }
}
