use std::net::IpAddr;

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::Event;
use crate::network::Shown;
use crate::request_context::Reference;

/// The version of the schema.
const ECS_VERSION: &str = "8.17.0";

/// One record, before it is written.
pub(super) struct Record<'a> {
    pub(super) at: OffsetDateTime,
    /// Counts up from 0 at each start, so that a gap shows that a record is missing.
    pub(super) sequence: u64,
    pub(super) event: &'a Event<'a>,
    pub(super) actor: Option<String>,
    pub(super) client: Option<IpAddr>,
    pub(super) reference: Option<Reference>,
    /// For events that are reported together: how many.
    pub(super) count: Option<u64>,
}

impl Record<'_> {
    /// The line of JSON, with its line end.
    pub(super) fn line(&self) -> Vec<u8> {
        let event = self.event;
        let mut record = json!({
            "@timestamp": self.at.format(&Rfc3339).unwrap_or_default(),
            "ecs": { "version": ECS_VERSION },
            "event": {
                "dataset": "mydata.security",
                "kind": "event",
                "category": [event.category],
                "type": [event.kind],
                "action": event.action,
                "outcome": event.outcome.as_str(),
                "reason": event.reason,
                "sequence": self.sequence,
            },
            "service": { "name": "mydata", "version": env!("CARGO_PKG_VERSION") },
            "user": self.actor.as_ref().map(|actor| json!({ "hash": actor })),
            "source": self.client.map(|client| json!({ "ip": Shown::of(client).first.to_string() })),
            "http": self.reference.map(|reference| json!({ "request": { "id": reference.to_string() } })),
            "labels": labels(event.provider, self.count),
        });
        remove_nulls(&mut record);
        let mut line = record.to_string().into_bytes();
        line.push(b'\n');
        line
    }
}

/// Fields that ECS does not define. It has `labels` for them, with text values only.
fn labels(provider: Option<&str>, count: Option<u64>) -> Option<Value> {
    let count = count.map(|count| count.to_string());
    (provider.is_some() || count.is_some()).then(|| json!({ "provider": provider, "repeats": count }))
}

fn remove_nulls(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.retain(|_, field| !field.is_null());
        fields.values_mut().for_each(remove_nulls);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::security_log::Outcome;

    #[test]
    fn a_record_is_one_line_with_the_names_of_the_schema() {
        let event = Event::sign_in_refused(Some("staff"), "a reason\nof two lines");
        let record = Record {
            at: OffsetDateTime::UNIX_EPOCH,
            sequence: 7,
            event: &event,
            actor: Some("abc".to_owned()),
            client: Some("203.0.113.9".parse().unwrap()),
            reference: Some(Reference([0x3F, 0x9A, 0x12, 0xC7])),
            count: Some(3),
        };
        let line = String::from_utf8(record.line()).unwrap();
        assert_eq!(line.find('\n'), Some(line.len() - 1), "{line}");
        let expected = json!({
            "@timestamp": "1970-01-01T00:00:00Z",
            "ecs": { "version": ECS_VERSION },
            "event": {
                "dataset": "mydata.security",
                "kind": "event",
                "category": ["authentication"],
                "type": ["start"],
                "action": "sign-in",
                "outcome": "failure",
                "reason": "a reason\nof two lines",
                "sequence": 7,
            },
            "service": { "name": "mydata", "version": env!("CARGO_PKG_VERSION") },
            "user": { "hash": "abc" },
            "source": { "ip": "203.0.113.0" },
            "http": { "request": { "id": "3F9A-12C7" } },
            "labels": { "provider": "staff", "repeats": "3" },
        });
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), expected);
    }

    #[test]
    fn a_record_has_no_empty_fields() {
        let event = Event::session_ended(None, None, Outcome::Success, "expired");
        let record = Record {
            at: OffsetDateTime::UNIX_EPOCH,
            sequence: 0,
            event: &event,
            actor: None,
            client: None,
            reference: None,
            count: None,
        };
        let line: Value = serde_json::from_slice(&record.line()).unwrap();
        for absent in ["user", "source", "http", "labels"] {
            assert_eq!(line.get(absent), None, "{absent}");
        }
    }
}
