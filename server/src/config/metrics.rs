use std::net::SocketAddr;

use super::Source;

/// `[metrics]`: where Prometheus reads the metrics.
///
/// Environment: `MYDATA_METRICS__LISTEN`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// `listen`: the address and port of a listener of its own. Without it, there is none.
    pub listen: Option<SocketAddr>,
}

impl Metrics {
    /// `citizens`: the address of the listener for citizens.
    pub(super) fn read(source: &mut Source, citizens: Option<SocketAddr>) -> Self {
        let expected = "an address and a port such as 127.0.0.1:9464";
        let listen: Option<SocketAddr> = source.optional("metrics.listen", expected, |text| text.parse().ok());
        if let (Some(own), Some(citizens)) = (listen, citizens)
            && own.port() != 0
            && own.port() == citizens.port()
            && (own.ip() == citizens.ip() || own.ip().is_unspecified() || citizens.ip().is_unspecified())
        {
            source.fault(
                "metrics.listen",
                "expected another port than that of listen: citizens must not read the metrics",
            );
        }
        Self { listen }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> (Option<SocketAddr>, Vec<String>) {
        let mut source = Source::from_toml(toml);
        let read = Metrics::read(&mut source, Some("0.0.0.0:3000".parse().unwrap()));
        (read.listen, source.finish().into_iter().map(|fault| format!("{}: {}", fault.key, fault.problem)).collect())
    }

    #[test]
    fn the_listener_is_off_by_default_and_has_a_port_of_its_own() {
        assert_eq!(read(""), (None, Vec::new()));
        let address = "127.0.0.1:9464".parse().ok();
        assert_eq!(read("[metrics]\nlisten = \"127.0.0.1:9464\""), (address, Vec::new()));
        let invalid = ["metrics.listen: expected an address and a port such as 127.0.0.1:9464".to_owned()];
        assert_eq!(read("[metrics]\nlisten = \"9464\"").1, invalid);
        let taken = read("[metrics]\nlisten = \"127.0.0.1:3000\"").1;
        assert!(taken.len() == 1 && taken[0].starts_with("metrics.listen: expected another port"), "{taken:?}");
    }
}
