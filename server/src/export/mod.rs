//! Everything that is held about a citizen, as one JSON document. `export-1.schema.json` describes it, and is served.
//!
//! The document is streamed: a citizen may have a long activity, of which only one page is in memory at a time.

mod shape;

use std::{fmt, sync::Arc};

use app::{Service, pages::activity::Act, texts::Language};
use axum::body::{Body, Bytes};
use futures_util::{Stream, StreamExt as _, stream};
use time::OffsetDateTime;
use uuid::Uuid;

pub use self::shape::{ActivityEntry, MessageContent};
use self::shape::{Details, Document, Held, ServiceFacts, SessionEntry};
use crate::{
    aws::Unavailable,
    citizen::{Citizen, Profile, RecordKeys},
    config::{Config, PublicUrl},
    records::{Activity, By, Messages, OpenSessions, Table},
};

/// The JSON Schema of the document.
pub const SCHEMA: &str = include_str!("export-1.schema.json");
/// Its path on this site.
pub const SCHEMA_PATH: &str = "/schemas/export-1.json";

/// How many entries of the activity are in memory at a time.
const PAGE: usize = 200;

/// Makes the documents.
#[derive(Clone)]
pub struct Exports {
    messages: Messages,
    activity: Activity,
    sessions: OpenSessions,
    public_url: PublicUrl,
    service: Arc<Service>,
    held: Held,
    idle: time::Duration,
}

impl fmt::Debug for Exports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exports(…)")
    }
}

/// Whose document it is, besides the record.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// What the provider shared at the current sign-in, if there is one.
    pub details: Option<SharedDetails<'a>>,
    /// The partition key of the session that asks, if there is one.
    pub session: Option<&'a str>,
    /// The language of the operator's own texts.
    pub language: Language,
}

/// What a provider shared.
#[derive(Clone, Copy)]
pub struct SharedDetails<'a> {
    /// The id of the provider.
    pub provider: &'a str,
    /// When.
    pub at: OffsetDateTime,
    /// The claims.
    pub profile: &'a Profile,
}

impl fmt::Debug for SharedDetails<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedDetails(…)")
    }
}

impl<'a> SharedDetails<'a> {
    /// What the provider shared when `citizen` signed in.
    pub fn of(citizen: &'a Citizen) -> Self {
        Self { provider: &citizen.provider, at: citizen.signed_in(), profile: &citizen.profile }
    }
}

impl Exports {
    /// Documents of the records in `table`, which say what `config` says about the service.
    pub fn new(table: &Table, config: &Config) -> Self {
        Self {
            messages: Messages::new(table.clone()),
            activity: Activity::new(table.clone()),
            sessions: OpenSessions::new(table.clone()),
            public_url: config.public_url.clone(),
            service: Arc::new(config.service.clone()),
            held: Held { activity_days: config.activity.retention_days, backup_days: config.dynamodb.backup_days },
            idle: config.session.idle,
        }
    }

    /// The name of the file with a document of today.
    pub fn file_name() -> String {
        format!("my-data-{}.json", OffsetDateTime::now_utc().date())
    }

    /// Records the export in the activity, and begins the document. The entry of this export is in it.
    ///
    /// # Errors
    /// A table does not answer. Nothing is exported then. One that stops answering later breaks the stream off.
    pub async fn begin(
        &self,
        keys: &RecordKeys,
        subject: Subject<'_>,
        by: &By,
    ) -> Result<impl Stream<Item = Result<Bytes, Unavailable>> + Send + use<>, Unavailable> {
        self.activity.record(keys, Act::DataExported { by: by.actor }, by).await?;
        let (message, sessions) = tokio::try_join!(self.messages.find(keys), self.sessions.list(keys))?;
        let document = Document {
            schema: self.public_url.at(SCHEMA_PATH),
            exported_at: shape::moment(OffsetDateTime::now_utc()),
            service: ServiceFacts::of(&self.service, &self.public_url.at("/"), subject.language),
            held: self.held.list(),
            message: message.filter(|message| !message.is_deleted).map(Into::into),
            details: subject.details.map(|SharedDetails { provider, at, profile }| Details::of(provider, at, profile)),
            sessions: sessions.iter().map(|session| SessionEntry::of(session, self.idle, subject.session)).collect(),
        };
        let head = document.without_end();
        let (activity, keys) = (self.activity.clone(), keys.clone());
        let pages = stream::try_unfold(Some((None::<Uuid>, true)), move |state| {
            let (activity, keys) = (activity.clone(), keys.clone());
            async move {
                let Some((before, is_first)) = state else { return Ok(None) };
                let page = activity.page(&keys, before, PAGE).await?;
                let mut text = String::new();
                for (index, entry) in page.entries.iter().enumerate() {
                    if !(is_first && index == 0) {
                        text.push(',');
                    }
                    text.push_str("\n    ");
                    text.push_str(&serde_json::to_string(&ActivityEntry::from(entry)).unwrap_or_default());
                }
                let is_first = is_first && page.entries.is_empty();
                Ok(Some((Bytes::from(text), page.next.map(|next| (Some(next), is_first)))))
            }
        });
        let head = stream::iter([Ok(Bytes::from(head))]);
        Ok(head.chain(pages).chain(stream::iter([Ok(Bytes::from_static(b"\n  ]\n}\n"))])))
    }

    /// As [`begin`](Self::begin), as the body of a response.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub async fn body(&self, keys: &RecordKeys, subject: Subject<'_>, by: &By) -> Result<Body, Unavailable> {
        Ok(Body::from_stream(self.begin(keys, subject, by).await?))
    }
}
