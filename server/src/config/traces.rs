use super::{Endpoint, Source};

/// `[traces]`: where traces are sent by OTLP.
///
/// Environment: `MYDATA_TRACES__ENDPOINT`, `__SAMPLING_RATIO`, `__CONTINUE_FROM_PROXIES`.
#[derive(Clone, Debug, PartialEq)]
pub struct Traces {
    /// `endpoint`: the address of the collector, without `/v1/traces`.
    pub endpoint: Endpoint,
    /// `sampling_ratio`: how many of the traces that begin here are recorded, from 0 to 1.
    pub sampling_ratio: f64,
    /// `continue_from_proxies`: whether a trace that a trusted proxy names is continued; default: false. A proxy that passes on a
    /// browser's own header would let the browser choose the number of the trace, and whether it is recorded.
    pub continue_from_proxies: bool,
}

impl Traces {
    /// `None` without an endpoint: traces are off.
    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let expected = "an https address (http for loopback only), without /v1/traces";
        let endpoint = source.optional("traces.endpoint", expected, |text| {
            Endpoint::parse_base(text).filter(|endpoint| !endpoint.as_str().ends_with("/v1/traces"))
        });
        let ratio = |text: &str| text.parse().ok().filter(|ratio| (0.0..=1.0).contains(ratio));
        let sampling_ratio = source.with_default("traces.sampling_ratio", "a number from 0 to 1", "1", ratio);
        let continue_from_proxies =
            source.with_default("traces.continue_from_proxies", "true or false", "false", |text| text.parse().ok());
        Some(Self {
            endpoint: endpoint?,
            sampling_ratio: sampling_ratio?,
            continue_from_proxies: continue_from_proxies?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> (Option<(String, f64)>, Vec<String>) {
        let mut source = Source::from_toml(toml);
        let read = Traces::read(&mut source).map(|traces| (traces.endpoint.as_str().to_owned(), traces.sampling_ratio));
        (read, source.finish().into_iter().map(|fault| format!("{}: {}", fault.key, fault.problem)).collect())
    }

    #[test]
    fn traces_are_off_without_an_endpoint() {
        assert_eq!(read(""), (None, Vec::new()));
        let loopback = "[traces]\nendpoint = \"http://127.0.0.1:4318/\"";
        assert_eq!(read(loopback), (Some(("http://127.0.0.1:4318".to_owned(), 1.0)), Vec::new()));
        assert_eq!(read(&format!("{loopback}\nsampling_ratio = 0.25")).0.unwrap().1, 0.25);
    }

    #[test]
    fn what_a_citizen_did_is_not_sent_in_plain_text() {
        for endpoint in ["http://collector.example:4318", "127.0.0.1:4318", "https://collector.example/v1/traces"] {
            let faults = read(&format!("[traces]\nendpoint = \"{endpoint}\"")).1;
            let expected = "traces.endpoint: expected an https address (http for loopback only), without /v1/traces";
            assert_eq!(faults, [expected], "{endpoint}");
        }
        for ratio in ["-0.1", "1.1", "\"all\"", "\"NaN\""] {
            let faults = read(&format!("[traces]\nendpoint = \"https://c.example\"\nsampling_ratio = {ratio}")).1;
            assert_eq!(faults, ["traces.sampling_ratio: expected a number from 0 to 1"], "{ratio}");
        }
    }
}
