//! The deletion of everything that is stored about a citizen.
//!
//! It starts with one transaction: the message is replaced by a mark, and a job is written. From then on nothing new can be stored for
//! the citizen: a save fails on the version, and everything else requires that there is no mark ([`Table::not_erasing`]). Then the
//! sessions and all items are deleted, and at last, in one transaction, the mark and the job. Each step can be repeated. If the
//! server dies in between, the job remains: the citizen's next sign-in, or any server's [`Erasures::resume_all`], carries it out.
//!
//! The job is not under the citizen's pseudonym, so that servers find it without reading the whole table.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, WriteRequest};
use time::OffsetDateTime;
use tokio::time::{Duration, sleep};
use tracing::{error, info};
use uuid::Uuid;

use super::{
    open_sessions::{self, OpenSessions},
    table::{ERASING, MESSAGE, Query, Table, key, moment_in, now, stored, text, text_in},
};
use crate::{
    aws::{
        Unavailable,
        transaction::{self, Condition, Item, TransactionError},
    },
    citizen::{Pseudonym, RecordKeys},
    request_context::{Reference, RequestContext},
    security_log::{Event, SecurityLog},
};

/// The partition key of all jobs.
const JOBS: &str = "erasures";
/// The most items that one BatchWriteItem deletes.
const BATCH: usize = 25;
/// How many items are read before they are deleted, so that the memory for a long activity is bounded.
const PAGE: usize = 500;
/// The pauses before what was throttled is sent again: twice as long each time.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));
const MAX_ATTEMPTS: u32 = 8;

/// What a citizen keeps of a deletion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// What connects it with the operator's log.
    pub reference: String,
    /// When the deletion was promised. Nothing could be stored for the citizen from then until everything was deleted.
    pub at: OffsetDateTime,
}

/// A deletion that has been promised.
#[derive(Clone, Debug)]
pub struct Job {
    id: String,
    places: Vec<Pseudonym>,
    /// What the citizen gets.
    pub receipt: Receipt,
}

/// The deletions.
#[derive(Clone, Debug)]
pub struct Erasures {
    table: Table,
    sessions: OpenSessions,
    security: SecurityLog,
}

impl Erasures {
    /// Deletions in `table` and in that of the sessions. Each is recorded in the security log, with its time and its reference.
    pub fn new(table: Table, security: SecurityLog) -> Self {
        Self { sessions: OpenSessions::new(table.clone()), table, security }
    }

    /// Whether nothing is stored about the citizen with these keys.
    ///
    /// # Errors
    /// A table does not answer.
    pub async fn is_nothing_stored(&self, citizen: &RecordKeys) -> Result<bool, Unavailable> {
        for place in citizen.places() {
            let query = Query { limit: 1, only: Some("pk, sk"), ..Query::all("") };
            if !self.table.query(place, query).await?.is_empty() || !self.sessions.indexed(place).await?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Promises to delete everything about the citizen with these keys: once this returns, it happens, whatever happens to this
    /// server. If it was promised before, that job is returned.
    ///
    /// # Errors
    /// The table does not answer. The promise may be given or not; asking again is safe.
    pub async fn begin(&self, citizen: &RecordKeys, reference: Reference) -> Result<Job, Unavailable> {
        let places: Vec<_> = citizen.places().cloned().collect();
        let receipt = Receipt { reference: reference.to_string(), at: now() };
        let job = Job { id: Uuid::now_v7().to_string(), places, receipt };
        let mut actions = vec![transaction::put(&self.table.name, job.item(), None)];
        for place in &job.places {
            let mut mark = key(place, MESSAGE);
            mark.insert(ERASING.to_owned(), text(&job.id));
            actions.push(transaction::put(
                &self.table.name,
                mark,
                Some(Condition::new("attribute_not_exists(erasing)")),
            ));
        }
        match self.table.transact(actions).await {
            Ok(()) => Ok(job),
            // The answer may be lost, and not the promise.
            Err(TransactionError::Unavailable(error)) => self.promised(citizen).await?.ok_or(error),
            Err(TransactionError::Refused(_)) => match self.promised(citizen).await? {
                Some(job) => Ok(job),
                // Carried out in the meantime: there is nothing left to delete.
                None => Ok(Job { places: Vec::new(), ..job }),
            },
        }
    }

    /// The deletion that has been promised for the citizen with these keys and is not finished.
    ///
    /// # Errors
    /// The table does not answer.
    pub async fn promised(&self, citizen: &RecordKeys) -> Result<Option<Job>, Unavailable> {
        for place in citizen.places() {
            let mark = self.table.item(place, MESSAGE).await?;
            let Some(id) = mark.as_ref().and_then(|mark| text_in(mark, ERASING)) else { continue };
            let request = self.table.client.get_item().table_name(&self.table.name).set_key(Some(job_key(id)));
            let answer = request.consistent_read(true).send().await;
            let answer = answer.map_err(|error| Unavailable::new("GetItem", &self.table.name, &error))?;
            if let Some(job) = answer.item.as_ref().and_then(Job::read) {
                return Ok(Some(job));
            }
        }
        Ok(None)
    }

    /// Carries out a job. Returns when nothing about the citizen is left.
    ///
    /// # Errors
    /// A table does not answer. The job remains.
    pub async fn carry_out(&self, job: &Job) -> Result<(), Unavailable> {
        if job.places.is_empty() {
            return Ok(());
        }
        for place in &job.places {
            let sessions = self.sessions.indexed(place).await?;
            if !self.is_marked(place, job).await? {
                return Ok(());
            }
            for session in sessions {
                self.delete_session(&session).await?;
            }
            loop {
                let query = Query { limit: PAGE, only: Some("pk, sk"), ..Query::all("") };
                let items = self.table.query(place, query).await?;
                if !self.is_marked(place, job).await? {
                    return Ok(());
                }
                let keys: Vec<_> = items.into_iter().filter(|item| text_in(item, "sk") != Some(MESSAGE)).collect();
                if keys.is_empty() {
                    break;
                }
                // A session first, then its row: the row leads to it.
                for row in &keys {
                    if let Some(session) = text_in(row, "sk").and_then(|sk| sk.strip_prefix(open_sessions::PREFIX)) {
                        self.delete_session(session).await?;
                    }
                }
                for batch in keys.chunks(BATCH) {
                    self.delete(batch).await?;
                }
            }
        }
        // Before the last step: if its answer is lost, nobody looks at the job again. At worst there are two records.
        if let Ok(reference) = job.receipt.reference.parse() {
            self.security.record(&RequestContext::of_reference(reference), &Event::deletion());
        }
        let is_own = || Condition::with("erasing = :job", ":job", text(&job.id));
        let marks =
            job.places.iter().map(|place| transaction::delete(&self.table.name, key(place, MESSAGE), Some(is_own())));
        let job_item = transaction::delete(&self.table.name, job_key(&job.id), Some(Condition::PRESENT));
        match self.table.transact(marks.chain([job_item]).collect()).await {
            Ok(()) => {
                info!(reference = job.receipt.reference, "a citizen's data is deleted");
                Ok(())
            }
            // Another server was faster.
            Err(TransactionError::Refused(_)) => Ok(()),
            Err(TransactionError::Unavailable(error)) => Err(error),
        }
    }

    /// Whether `place` has the mark of `job`. If so, what was read before is part of what is deleted: nothing is stored beside the mark.
    /// If not, another server was faster, and the citizen may have signed in again.
    async fn is_marked(&self, place: &Pseudonym, job: &Job) -> Result<bool, Unavailable> {
        let mark = self.table.item(place, MESSAGE).await?;
        Ok(mark.as_ref().and_then(|mark| text_in(mark, ERASING)) == Some(&job.id))
    }

    /// Carries out every job that was promised and not finished, by this server or another one.
    pub async fn resume_all(&self) {
        let jobs = match self.jobs().await {
            Ok(jobs) => jobs,
            Err(error) => return error!(%error, "unfinished deletions cannot be read; trying again later"),
        };
        for job in jobs {
            if let Err(error) = self.carry_out(&job).await {
                error!(%error, reference = job.receipt.reference, "a deletion is not finished; trying again later");
            }
        }
    }

    async fn jobs(&self) -> Result<Vec<Job>, Unavailable> {
        let request = self
            .table
            .client
            .query()
            .table_name(&self.table.name)
            .key_condition_expression("pk = :jobs")
            .expression_attribute_values(":jobs", text(JOBS))
            .consistent_read(true);
        let answer = request.send().await.map_err(|error| Unavailable::new("Query", &self.table.name, &error))?;
        let read = |item: &Item| {
            let job = Job::read(item);
            if job.is_none() {
                error!("a deletion cannot be read: its citizen cannot sign in until it is finished");
            }
            job
        };
        Ok(answer.items().iter().filter_map(read).collect())
    }

    async fn delete_session(&self, key: &str) -> Result<(), Unavailable> {
        let request = self.table.client.delete_item().table_name(&self.table.sessions).key("pk", text(key));
        request.send().await.map(drop).map_err(|error| Unavailable::new("DeleteItem", &self.table.sessions, &error))
    }

    /// Deletes the items with these keys, at most [`BATCH`].
    async fn delete(&self, keys: &[Item]) -> Result<(), Unavailable> {
        let request = |key: &Item| {
            let request = DeleteRequest::builder().set_key(Some(key.clone())).build();
            request.map(|request| WriteRequest::builder().delete_request(request).build())
        };
        let mut left = keys.iter().map(request).collect::<Result<Vec<_>, _>>();
        let mut pause = PAUSES.0;
        for _ in 0..MAX_ATTEMPTS {
            let requests = left.map_err(|_| self.table.unreadable("BatchWriteItem", "the request cannot be built"))?;
            let request = self.table.client.batch_write_item().request_items(&self.table.name, requests);
            let answer =
                request.send().await.map_err(|error| Unavailable::new("BatchWriteItem", &self.table.name, &error))?;
            let unprocessed = answer.unprocessed_items.unwrap_or_default().remove(&self.table.name).unwrap_or_default();
            if unprocessed.is_empty() {
                return Ok(());
            }
            left = Ok(unprocessed);
            sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
        Err(self.table.unreadable("BatchWriteItem", "throttled each time"))
    }
}

impl Job {
    fn item(&self) -> Item {
        let places = self.places.iter().map(|place| text(place.as_str())).collect();
        let attributes = [
            ("places", AttributeValue::L(places)),
            ("reference", text(&self.receipt.reference)),
            ("promised_at", stored(self.receipt.at)),
        ];
        let mut item = job_key(&self.id);
        item.extend(attributes.map(|(name, value)| (name.to_owned(), value)));
        item
    }

    fn read(item: &Item) -> Option<Self> {
        let places = item.get("places")?.as_l().ok()?.iter().map(|place| Some(Pseudonym::stored(place.as_s().ok()?)));
        Some(Self {
            id: text_in(item, "sk")?.to_owned(),
            places: places.collect::<Option<_>>()?,
            receipt: Receipt { reference: text_in(item, "reference")?.to_owned(), at: moment_in(item, "promised_at")? },
        })
    }
}

fn job_key(id: &str) -> Item {
    HashMap::from([("pk".to_owned(), text(JOBS)), ("sk".to_owned(), text(id))])
}
