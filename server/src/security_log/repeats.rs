use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use super::Repeated;
use crate::network::Shown;

/// How many networks are counted separately between two reports. Others are counted together.
const MAX_NETWORKS: usize = 10_000;

/// How often each event happened since the last report.
#[derive(Debug, Default)]
pub(super) struct Repeats(Mutex<HashMap<(Option<IpAddr>, Repeated), u64>>);

impl Repeats {
    /// Counts the event. True for the first ones of its network since the last report: they have a record each.
    pub(super) fn has_record(&self, client: Option<IpAddr>, event: Repeated) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = (client.map(|client| Shown::of(client).first), event);
        if counts.len() >= MAX_NETWORKS && !counts.contains_key(&key) {
            key.0 = None;
        }
        let count = counts.entry(key).or_default();
        *count += 1;
        *count <= event.records_each()
    }

    /// Each event that has no record each time, with the number of those without. Resets the counts.
    pub(super) fn take(&self) -> impl Iterator<Item = (Option<IpAddr>, Repeated, u64)> + use<> {
        let counts = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        counts.into_iter().filter_map(|((client, event), count)| {
            let repeats = count.saturating_sub(event.records_each());
            (repeats > 0).then_some((client, event, repeats))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_one_record_and_a_number() {
        let repeats = Repeats::default();
        let flooder = Some("203.0.113.9".parse().unwrap());
        assert!(repeats.has_record(flooder, Repeated::RateLimit));
        assert!((0..300).all(|_| !repeats.has_record(flooder, Repeated::RateLimit)));
        assert!(repeats.has_record(flooder, Repeated::CrossOrigin), "another event");
        assert!(repeats.has_record(Some("198.51.100.1".parse().unwrap()), Repeated::RateLimit), "another network");
        let network = Some("203.0.113.0".parse().unwrap());
        assert_eq!(repeats.take().collect::<Vec<_>>(), [(network, Repeated::RateLimit, 300)]);
        assert!(repeats.has_record(flooder, Repeated::RateLimit), "the next minute");
    }

    #[test]
    fn failed_sign_ins_of_many_citizens_behind_one_address_have_a_record_each() {
        let repeats = Repeats::default();
        let event = Repeated::UnknownSignIn("a reason");
        let recorded = (0..100).filter(|_| repeats.has_record(None, event)).count();
        assert_eq!(recorded, 60);
        assert_eq!(repeats.take().collect::<Vec<_>>(), [(None, event, 40)]);
    }

    #[test]
    fn the_number_of_networks_is_bounded() {
        let repeats = Repeats::default();
        for number in 0..30_000_u32 {
            repeats.has_record(Some(IpAddr::V4((number << 8).into())), Repeated::RateLimit);
        }
        assert_eq!(repeats.0.lock().unwrap().len(), MAX_NETWORKS + 1);
        let told: u64 = repeats.take().map(|(_, _, count)| count).sum();
        assert_eq!(told, 19_999, "one record for all others, and their number");
    }
}
