//! The activity: what was done with a citizen's data, and when.
//!
//! Each entry is one item. It is written in the same transaction as the act that it tells of, so neither exists without the other.
//! Entries are numbered by UUIDv7 (RFC 9562, 5.7), so their keys have the order of their times.

mod act;
mod moving;

pub(crate) use self::act::{actor_name, kind, reason};

use std::cmp::Reverse;

use app::{
    Device,
    pages::activity::{Act, Actor},
};
use aws_sdk_dynamodb::{operation::update_item::UpdateItemError, types::TransactWriteItem};
use time::OffsetDateTime;
use uuid::Uuid;

use super::table::{Query, Table, key, moment_in, now, number, number_in, stored, text, text_in};
use crate::{
    aws::{
        Unavailable,
        transaction::{self, Condition, Item},
    },
    citizen::{Pseudonym, RecordKeys},
    request_context::Reference,
};

/// What the sort keys of entries start with.
pub(super) const PREFIX: &str = "event#";
/// The attribute that counts reads.
const READ_COUNT: &str = "read_count";

/// Who does something, and from where.
#[derive(Clone, Debug)]
pub struct By {
    /// The id of the provider, if the citizen has signed in for it.
    pub provider: Option<String>,
    /// The device of the request.
    pub device: Device,
    /// The name of the session, if there is one.
    pub session: Option<String>,
    /// What connects the entry with the log.
    pub reference: Reference,
    /// The citizen, a program of the citizen, or the operator.
    pub actor: Actor,
}

/// An entry of the activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub id: Uuid,
    /// When it happened.
    pub at: OffsetDateTime,
    /// What happened.
    pub act: Act,
    /// The id of the provider that the citizen had signed in with.
    pub provider: Option<String>,
    /// The device of the request.
    pub device: Device,
    /// The name of the session.
    pub session: Option<String>,
    /// What connects the entry with the operator's log.
    pub reference: String,
    /// How often the message was read in the session that the entry opened, and when last.
    pub reads: Option<(u64, OffsetDateTime)>,
}

/// Some entries of a citizen, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The entries.
    pub entries: Vec<Entry>,
    /// The entry before which the next page starts, if there is one.
    pub next: Option<Uuid>,
}

/// The activity of all citizens.
#[derive(Clone, Debug)]
pub struct Activity(Table);

impl Activity {
    /// The activity in `table`.
    pub const fn new(table: Table) -> Self {
        Self(table)
    }

    /// Writes an entry on its own: of an act that the record does not store, such as an export. Returns its number.
    ///
    /// # Errors
    /// The table does not answer, or the record is being deleted. The act must not happen then.
    pub async fn record(&self, citizen: &RecordKeys, act: Act, by: &By) -> Result<Uuid, Unavailable> {
        let id = Uuid::now_v7();
        let actions = self.actions(citizen, id, act, by).into();
        self.0.transact(actions).await.map_err(|error| self.0.unexpected(error))?;
        Ok(id)
    }

    /// For a transaction with an act: the entry `id`, and that the record is not being deleted.
    pub fn actions(&self, citizen: &RecordKeys, id: Uuid, act: Act, by: &By) -> [TransactWriteItem; 2] {
        [self.put(citizen, id, act, by), self.0.not_erasing(citizen)]
    }

    /// For a transaction that fails anyway while the record is being deleted: the entry `id`.
    pub fn put(&self, citizen: &RecordKeys, id: Uuid, act: Act, by: &By) -> TransactWriteItem {
        transaction::put(&self.0.name, self.0.entry(citizen.for_new(), id, act, by), None)
    }

    /// Up to `limit` entries, the newest first: those before the entry `before`, or the newest of all.
    ///
    /// # Errors
    /// The table does not answer.
    pub async fn page(&self, citizen: &RecordKeys, before: Option<Uuid>, limit: usize) -> Result<Page, Unavailable> {
        let after = before.map(sort_key);
        // One more, to know whether there are more.
        let query = Query {
            after: after.as_deref(),
            limit: limit.saturating_add(1),
            newest_first: true,
            unexpired: true,
            ..Query::all(PREFIX)
        };
        let mut items = Vec::new();
        // An entry that is moved in between is found twice, and not missed.
        for place in citizen.places_by_age() {
            items.extend(self.0.query(place, query).await?.into_iter().filter_map(|item| Some((id_of(&item)?, item))));
        }
        items.sort_unstable_by_key(|(id, _)| Reverse(*id));
        items.dedup_by_key(|(id, _)| *id);
        let has_more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| has_more).map(|(id, _)| *id);
        Ok(Page { entries: items.iter().filter_map(|(_, item)| read(item)).collect(), next })
    }

    /// The entry `id` of this citizen.
    ///
    /// # Errors
    /// The table does not answer.
    pub async fn find(&self, citizen: &RecordKeys, id: Uuid) -> Result<Option<Entry>, Unavailable> {
        for place in citizen.places_by_age() {
            let item = self.0.item(place, &sort_key(id)).await?.filter(is_kept);
            if let Some(entry) = item.as_ref().and_then(read) {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// Counts that the message is read in the session that the entry `sign_in` opened. An entry that is not there any more counts
    /// nothing.
    ///
    /// # Errors
    /// The table does not answer. The message must not be shown then.
    pub async fn count_read(&self, citizen: &RecordKeys, sign_in: Uuid) -> Result<(), Unavailable> {
        // At last where it may have been moved in between.
        for place in citizen.places().chain(citizen.previous.is_some().then_some(&citizen.current)) {
            if self.add_read(place, sign_in).await? {
                break;
            }
        }
        Ok(())
    }

    /// Counts that a program has read the message with the token that `token` stands for, on the one entry of that token. The first
    /// read makes it.
    ///
    /// # Errors
    /// The table does not answer, or the record is being deleted. The message must not be sent then.
    pub async fn count_api_read(&self, citizen: &RecordKeys, token: Uuid, by: &By) -> Result<(), Unavailable> {
        for place in citizen.places() {
            if self.add_read(place, token).await? {
                return Ok(());
            }
        }
        let mut item = self.0.entry(citizen.for_new(), token, Act::ApiUsed, by);
        item.extend([(READ_COUNT.to_owned(), number(1)), ("read_at".to_owned(), stored(now()))]);
        if !self.put_first(citizen, item).await? {
            self.add_read(citizen.for_new(), token).await?;
        }
        Ok(())
    }

    /// Records that a program uses the API with the token that `token` stands for, on the one entry of that token. It counts no read of
    /// the message.
    ///
    /// # Errors
    /// As [`count_api_read`](Self::count_api_read).
    pub async fn record_api_use(&self, citizen: &RecordKeys, token: Uuid, by: &By) -> Result<(), Unavailable> {
        // Mostly it is recorded already, and a read is in nobody's way.
        if self.find(citizen, token).await?.is_some() {
            return Ok(());
        }
        let item = self.0.entry(citizen.for_new(), token, Act::ApiUsed, by);
        self.put_first(citizen, item).await.map(drop)
    }

    /// Stores an entry, unless there is one with its number: then false.
    async fn put_first(&self, citizen: &RecordKeys, item: Item) -> Result<bool, Unavailable> {
        let actions = vec![transaction::put(&self.0.name, item, Some(Condition::ABSENT)), self.0.not_erasing(citizen)];
        match self.0.transact(actions).await {
            Ok(()) => Ok(true),
            Err(error) if error.is_refused_at(0) => Ok(false),
            Err(error) => Err(self.0.unexpected(error)),
        }
    }

    /// Adds a read to an entry. False if there is no such entry.
    async fn add_read(&self, place: &Pseudonym, id: Uuid) -> Result<bool, Unavailable> {
        let request = self
            .0
            .client
            .update_item()
            .table_name(&self.0.name)
            .set_key(Some(key(place, &sort_key(id))))
            .update_expression("SET read_at = :now ADD read_count :one")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":now", stored(now()))
            .expression_attribute_values(":one", number(1));
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error)
                if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(false)
            }
            Err(error) => Err(Unavailable::new("UpdateItem", &self.0.name, &error)),
        }
    }
}

impl Table {
    /// The entry `id`, as an item in `place`.
    fn entry(&self, place: &Pseudonym, id: Uuid, act: Act, by: &By) -> Item {
        let By { provider, device, session, reference, actor } = by;
        let mut item = key(place, &sort_key(id));
        let mut set = |name: &str, value| item.insert(name.to_owned(), value);
        set("kind", text(kind(act)));
        set("device", text(device.code()));
        set("reference", text(reference.to_string()));
        set("expires_at", number((OffsetDateTime::now_utc() + self.retention).unix_timestamp()));
        if *actor != Actor::Citizen {
            set("actor", text(act::name(*actor)));
        }
        for (name, value) in [("provider", provider), ("session", session)] {
            if let Some(value) = value {
                set(name, text(value));
            }
        }
        if let Some(because) = reason(act) {
            set("reason", text(because));
        }
        if let Some(saved) = act.version() {
            set("version", number(saved));
        }
        item
    }
}

fn sort_key(id: Uuid) -> String {
    format!("{PREFIX}{id}")
}

/// The number of the entry in `item`.
fn id_of(item: &Item) -> Option<Uuid> {
    Uuid::parse_str(text_in(item, "sk")?.strip_prefix(PREFIX)?).ok()
}

/// Whether an entry is still to be shown. DynamoDB may delete one that has expired days later.
fn is_kept(item: &Item) -> bool {
    number_in(item, "expires_at").is_some_and(|end: i64| end > OffsetDateTime::now_utc().unix_timestamp())
}

/// The entry in `item`; `None` if it is none that this version knows, as while servers of a later version run beside this one.
fn read(item: &Item) -> Option<Entry> {
    let id = id_of(item)?;
    let (seconds, nanoseconds) = id.get_timestamp()?.to_unix();
    let at = OffsetDateTime::from_unix_timestamp(seconds.try_into().ok()?).ok()?
        + std::time::Duration::from_nanos(nanoseconds.into());
    let actor = text_in(item, "actor").map_or(Some(Actor::Citizen), act::actor_of)?;
    let act = act::parse(text_in(item, "kind")?, text_in(item, "reason"), actor, number_in(item, "version"))?;
    Some(Entry {
        id,
        at,
        act,
        provider: text_in(item, "provider").map(str::to_owned),
        device: text_in(item, "device").map(Device::parse).unwrap_or_default(),
        session: text_in(item, "session").map(str::to_owned),
        reference: text_in(item, "reference").unwrap_or_default().to_owned(),
        reads: number_in(item, READ_COUNT).zip(moment_in(item, "read_at")),
    })
}
