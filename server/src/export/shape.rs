//! The parts of the document, as they are written. The API sends some of them too.

use app::{Browser, Device, Localized, Service, System, texts::Language};
use serde::Serialize;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    citizen::Profile,
    records::{Entry, Message, OpenSession, activity},
};

/// A moment as the document has it: RFC 3339, UTC.
pub(super) fn moment(at: OffsetDateTime) -> String {
    at.replace_nanosecond(at.millisecond() as u32 * 1_000_000).unwrap_or(at).format(&Rfc3339).unwrap_or_default()
}

/// The document without its activity.
#[derive(Serialize)]
pub(super) struct Document {
    #[serde(rename = "$schema")]
    pub(super) schema: String,
    pub(super) exported_at: String,
    pub(super) service: ServiceFacts,
    pub(super) held: Vec<HeldItem>,
    pub(super) message: Option<MessageContent>,
    pub(super) details: Option<Details>,
    pub(super) sessions: Vec<SessionEntry>,
}

impl Document {
    /// The text of the document up to the first entry of its activity.
    pub(super) fn without_end(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.truncate(text.trim_end_matches(['\n', '}']).len());
        text + ",\n  \"activity\": ["
    }
}

/// Who runs the service.
#[derive(Serialize)]
pub(super) struct ServiceFacts {
    name: String,
    address: String,
    organisation: Option<String>,
    organisation_url: Option<String>,
    contact_url: Option<String>,
    contact_email: Option<String>,
    contact_phone: Option<String>,
    privacy_url: Option<String>,
}

impl ServiceFacts {
    pub(super) fn of(service: &Service, address: &str, language: Language) -> Self {
        let text = |text: &Option<Localized>| text.as_ref().map(|text| text.get(language).to_owned());
        Self {
            name: service.name(language).into_owned(),
            address: address.to_owned(),
            organisation: text(&service.organisation),
            organisation_url: text(&service.organisation_url),
            contact_url: text(&service.contact_url),
            contact_email: text(&service.contact_email),
            contact_phone: text(&service.contact_phone),
            privacy_url: text(&service.privacy_url),
        }
    }
}

/// For how long what is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub(super) activity_days: u32,
    pub(super) backup_days: Option<u32>,
}

/// One kind of data that is held.
#[derive(Serialize)]
pub(super) struct HeldItem {
    what: &'static str,
    until: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<u32>,
}

impl Held {
    pub(super) fn list(self) -> Vec<HeldItem> {
        let item = |what, until, days| HeldItem { what, until, days };
        let mut list = vec![
            item("message", "deletion", None),
            item("activity", "days", Some(self.activity_days)),
            item("details", "session_end", None),
            item("sessions", "session_end", None),
        ];
        list.extend(self.backup_days.map(|days| item("backups", "days", Some(days))));
        list
    }
}

/// A saved message.
#[derive(Serialize)]
#[cfg_attr(test, derive(utoipa::ToSchema), schema(as = Message))]
pub struct MessageContent {
    /// The text, with LF as its line ends.
    #[cfg_attr(test, schema(max_length = 2000, example = "Ring at the back door."))]
    text: String,
    /// 1 for the first save, and one more for each change. The entity tag of the message is this number in quotation marks.
    #[cfg_attr(test, schema(minimum = 1, example = 3))]
    version: u64,
    /// When it was saved, in UTC.
    #[cfg_attr(test, schema(format = DateTime, example = "2027-03-01T09:30:00.123Z"))]
    updated_at: String,
}

impl From<Message> for MessageContent {
    fn from(Message { text, version, updated_at, .. }: Message) -> Self {
        Self { text: text.into_string(), version, updated_at: moment(updated_at) }
    }
}

/// The details that a provider shared.
#[derive(Serialize)]
pub struct Details {
    provider: String,
    shared_at: String,
    claims: Claims,
}

/// The claims, by their names in OpenID Connect. One that was not shared is left out.
#[derive(Serialize)]
struct Claims {
    #[serde(rename = "custom:eid", skip_serializing_if = "Option::is_none")]
    eid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    birthdate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gender: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
}

impl Details {
    pub(super) fn of(provider: &str, at: OffsetDateTime, profile: &Profile) -> Self {
        let Profile { name, given_name, family_name, birthdate, gender, email, phone_number, address, locale, eid } =
            profile.clone();
        let eid = eid.map(crate::secret::Secret::into_string);
        let claims =
            Claims { eid, name, given_name, family_name, birthdate, gender, email, phone_number, address, locale };
        Self { provider: provider.to_owned(), shared_at: moment(at), claims }
    }
}

/// A device, in a few families.
#[derive(Serialize)]
pub struct DeviceParts {
    kind: &'static str,
    browser: Option<&'static str>,
    system: Option<&'static str>,
}

impl From<Device> for DeviceParts {
    fn from(Device { kind, browser, system }: Device) -> Self {
        Self { kind: kind.code(), browser: browser.map(Browser::code), system: system.map(System::code) }
    }
}

/// An open session.
#[derive(Serialize)]
pub(super) struct SessionEntry {
    name: String,
    provider: Option<String>,
    device: DeviceParts,
    signed_in_at: Option<String>,
    last_used_at: String,
    is_this: bool,
}

impl SessionEntry {
    /// `idle` is how long a session lasts without a request, `own` the key of the session that asks.
    pub(super) fn of(session: &OpenSession, idle: Duration, own: Option<&str>) -> Self {
        Self {
            name: session.name(),
            provider: (!session.provider.is_empty()).then(|| session.provider.clone()),
            device: session.device.into(),
            signed_in_at: session.signed_in_at.map(moment),
            last_used_at: moment(session.last_used_at(idle)),
            is_this: own == Some(&session.key),
        }
    }
}

/// An entry of the activity.
#[derive(Serialize)]
pub struct ActivityEntry {
    id: String,
    at: String,
    act: &'static str,
    by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    provider: Option<String>,
    device: DeviceParts,
    session: Option<String>,
    reference: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reads: Option<Reads>,
}

/// How often the message was read, and when last.
#[derive(Serialize)]
pub struct Reads {
    count: u64,
    last_at: String,
}

impl From<&Entry> for ActivityEntry {
    fn from(entry: &Entry) -> Self {
        Self {
            id: entry.id.to_string(),
            at: moment(entry.at),
            act: activity::kind(entry.act),
            by: activity::actor_name(entry.act),
            reason: activity::reason(entry.act),
            version: entry.act.version(),
            provider: entry.provider.clone(),
            device: entry.device.into(),
            session: entry.session.clone(),
            reference: entry.reference.clone(),
            reads: entry.reads.map(|(count, last_at)| Reads { count, last_at: moment(last_at) }),
        }
    }
}
