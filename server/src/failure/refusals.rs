//! Refused requests in the log. Anyone can cause them, so each address gets a few lines a minute. The rest are counted, and
//! reported in one line a minute for each address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use app::pages::failure::FailureKind;
use axum::http::StatusCode;
use tracing::warn;

use crate::network::Shown;

/// How many addresses are counted separately. The others are counted together.
const MAX_ADDRESSES: usize = 1_024;

/// Counts refusals by address.
#[derive(Clone, Debug)]
pub struct Refusals {
    lines_each: u32,
    table: Arc<Mutex<HashMap<Key, Counts>>>,
}

/// Whose refusals are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Address(IpAddr),
    /// Every address for which the table had no room, and requests without an address.
    Others,
}

/// By [`Refusal`]: all refusals.
type Counts = [u32; Refusal::COUNT];

/// A kind of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    BadRequest,
    Unauthorized,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    TooSlow,
    TooLarge,
    TooMany,
    Overloaded,
    /// A callback without a sign-in that this browser has started.
    UnknownSignIn,
    Other,
}

impl Refusal {
    const COUNT: usize = Self::ALL.len();
    const ALL: [Self; 11] = [
        Self::BadRequest,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::TooSlow,
        Self::TooLarge,
        Self::TooMany,
        Self::Overloaded,
        Self::UnknownSignIn,
        Self::Other,
    ];

    /// The kind of a request's refusal. `None` for what always has a line of its own: errors of the server, and failed
    /// sign-ins, whose number is limited by a budget. Of these, [`Refusal::UnknownSignIn`] is only chosen by the callback.
    pub fn of(status: StatusCode, kind: Option<FailureKind>) -> Option<Self> {
        match (status, kind) {
            (_, Some(FailureKind::Overloaded)) => Some(Self::Overloaded),
            (_, Some(kind)) if kind.is_sign_in() => None,
            (StatusCode::BAD_REQUEST, _) => Some(Self::BadRequest),
            (StatusCode::UNAUTHORIZED, _) => Some(Self::Unauthorized),
            (StatusCode::FORBIDDEN, _) => Some(Self::Forbidden),
            (StatusCode::NOT_FOUND, _) => Some(Self::NotFound),
            (StatusCode::METHOD_NOT_ALLOWED, _) => Some(Self::MethodNotAllowed),
            (StatusCode::REQUEST_TIMEOUT, _) => Some(Self::TooSlow),
            (StatusCode::PAYLOAD_TOO_LARGE, _) => Some(Self::TooLarge),
            (StatusCode::TOO_MANY_REQUESTS, _) => Some(Self::TooMany),
            (status, _) => status.is_client_error().then_some(Self::Other),
        }
    }
}

impl Refusals {
    /// `lines_each`: how many refusals of one kind have a line of their own, for each address and minute; some kinds have
    /// twenty times as many.
    pub fn new(lines_each: u32) -> Self {
        Self { lines_each, table: Arc::default() }
    }

    /// Counts a refusal. Returns whether it has a line of its own.
    pub fn has_line(&self, client: Option<IpAddr>, refusal: Refusal) -> bool {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = client.map_or(Key::Others, Key::Address);
        if !table.contains_key(&key) && table.len() >= MAX_ADDRESSES {
            key = Key::Others;
        }
        let count = &mut table.entry(key).or_default()[refusal as usize];
        *count = count.saturating_add(1);
        *count <= self.lines_of(refusal)
    }

    /// How many refusals of this kind have a line of their own. Scanners and floods cause the first kinds. The others are failures
    /// that a citizen may ask about, perhaps one of many behind one address, so that more of them keep their reference.
    const fn lines_of(&self, refusal: Refusal) -> u32 {
        match refusal {
            Refusal::NotFound | Refusal::MethodNotAllowed | Refusal::TooMany | Refusal::Overloaded => self.lines_each,
            _ => self.lines_each.saturating_mul(20),
        }
    }

    /// Reports how many refusals had no line of their own, one line for each address, and resets the counts. To be called once
    /// a minute.
    pub fn tell(&self) {
        let counts = std::mem::take(&mut *self.table.lock().unwrap_or_else(PoisonError::into_inner));
        for (key, counts) in counts {
            let of = |refusal| counts[refusal as usize].checked_sub(self.lines_of(refusal)).filter(|rest| *rest > 0);
            if Refusal::ALL.into_iter().all(|refusal| of(refusal).is_none()) {
                continue;
            }
            let client = match key {
                Key::Address(address) => Shown::of(address).to_string(),
                Key::Others => "other".to_owned(),
            };
            warn!(
                client,
                bad_request = of(Refusal::BadRequest),
                unauthorized = of(Refusal::Unauthorized),
                forbidden = of(Refusal::Forbidden),
                not_found = of(Refusal::NotFound),
                method_not_allowed = of(Refusal::MethodNotAllowed),
                too_slow = of(Refusal::TooSlow),
                too_large = of(Refusal::TooLarge),
                too_many = of(Refusal::TooMany),
                overloaded = of(Refusal::Overloaded),
                unknown_sign_in = of(Refusal::UnknownSignIn),
                other = of(Refusal::Other),
                "more requests refused"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn address(last: u32) -> Option<IpAddr> {
        Some(Ipv4Addr::from_bits(0xC000_0200 + last).into())
    }

    #[test]
    fn the_first_refusals_of_an_address_have_a_line() {
        let refusals = Refusals::new(3);
        let has_line = |address, refusal| refusals.has_line(address, refusal);
        let lines: Vec<_> = (0..5).map(|_| has_line(address(1), Refusal::NotFound)).collect();
        assert_eq!(lines, [true, true, true, false, false]);
        assert!(has_line(address(2), Refusal::NotFound), "another address");
        assert!(has_line(address(1), Refusal::TooMany), "another kind");
        refusals.tell();
        assert!(has_line(address(1), Refusal::NotFound), "the next minute");
    }

    #[test]
    fn the_table_of_addresses_is_bounded() {
        let refusals = Refusals::new(1);
        for last in 0..100_000 {
            refusals.has_line(address(last), Refusal::NotFound);
        }
        let len = refusals.table.lock().unwrap().len();
        assert_eq!(len, MAX_ADDRESSES + 1);
        assert!(!refusals.has_line(address(200_000), Refusal::NotFound), "new addresses share one row");
    }

    #[test]
    fn failed_sign_ins_and_faults_of_the_server_always_have_a_line() {
        for (status, kind, expected) in [
            (400, Some(FailureKind::SignInInvalid), None),
            (502, Some(FailureKind::SignInProvider), None),
            (503, Some(FailureKind::Unavailable), None),
            (500, None, None),
            (303, None, None),
            (503, Some(FailureKind::Overloaded), Some(Refusal::Overloaded)),
            (400, Some(FailureKind::BadRequest), Some(Refusal::BadRequest)),
            (404, Some(FailureKind::NotFound), Some(Refusal::NotFound)),
            (405, None, Some(Refusal::MethodNotAllowed)),
            (429, None, Some(Refusal::TooMany)),
            (409, None, Some(Refusal::Other)),
        ] {
            assert_eq!(Refusal::of(StatusCode::from_u16(status).unwrap(), kind), expected, "{status} {kind:?}");
        }
    }
}
