use super::Source;

/// `[limits]`: how much the server does at the same time. Every key is optional.
///
/// Environment: `MYDATA_LIMITS__CONNECTIONS`, `__CONNECTIONS_PER_ADDRESS`, `__REQUESTS_IN_FLIGHT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ceilings {
    /// `connections`: open connections in all. Without it, the limit on file descriptors decides.
    pub connections: Option<usize>,
    /// `connections_per_address`: open connections from one address.
    pub connections_per_address: usize,
    /// `requests_in_flight`: requests that are being handled.
    pub requests_in_flight: usize,
}

impl Ceilings {
    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let number = |text: &str| text.parse().ok().filter(|number| (1..=1_000_000).contains(number));
        let expected = "a whole number from 1 to 1000000";
        let is_set = source.has("limits.connections");
        let connections = source.optional("limits.connections", expected, number);
        let per_address = source.with_default("limits.connections_per_address", expected, "256", number);
        let in_flight = source.with_default("limits.requests_in_flight", expected, "1024", number);
        (connections.is_some() || !is_set).then_some(Self {
            connections,
            connections_per_address: per_address?,
            requests_in_flight: in_flight?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> (Option<Ceilings>, Vec<String>) {
        let mut source = Source::from_toml(toml);
        let ceilings = Ceilings::read(&mut source);
        (ceilings, source.finish().into_iter().map(|fault| format!("{}: {}", fault.key, fault.problem)).collect())
    }

    #[test]
    fn every_limit_has_a_default() {
        let defaults = Ceilings { connections: None, connections_per_address: 256, requests_in_flight: 1024 };
        assert_eq!(read(""), (Some(defaults), Vec::new()));
        let (read, faults) = read("[limits]\nconnections = 5000\nconnections_per_address = 20\nrequests_in_flight = 1");
        let expected = Ceilings { connections: Some(5000), connections_per_address: 20, requests_in_flight: 1 };
        assert_eq!((read, faults), (Some(expected), Vec::new()));
    }

    #[test]
    fn a_limit_is_a_whole_number_above_zero() {
        for bad in ["0", "-1", "\"many\"", "1.5", "1000001"] {
            for key in ["connections", "connections_per_address", "requests_in_flight"] {
                let (ceilings, faults) = read(&format!("[limits]\n{key} = {bad}"));
                assert_eq!(ceilings, None, "{key} = {bad}");
                assert_eq!(faults, [format!("limits.{key}: expected a whole number from 1 to 1000000")]);
            }
        }
    }
}
