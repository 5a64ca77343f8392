//! After a change of the pseudonym key: entries and rows of sessions move to the current pseudonym when the citizen signs in.

use tracing::warn;

use super::{Activity, PREFIX, READ_COUNT};
use crate::{
    aws::{
        Unavailable,
        transaction::{self, Condition, Item, TransactionError},
    },
    citizen::{Pseudonym, RecordKeys},
    records::{
        open_sessions,
        table::{MESSAGE, Query, key, not_erasing, text, text_in},
    },
};

/// How many items move in one transaction, which has two actions for each and may have 100.
const BATCH: usize = 45;
/// How often a batch is tried if other servers move the same items.
const MAX_ATTEMPTS: u32 = 5;

impl Activity {
    /// Moves what is under the previous pseudonym, if records move. It can be repeated, and run on several servers.
    pub async fn move_to_current(&self, citizen: &RecordKeys) {
        let Some(previous) = citizen.previous.as_ref().filter(|previous| previous.moves) else { return };
        for prefix in [open_sessions::PREFIX, PREFIX] {
            if let Err(error) = self.move_all(prefix, &previous.pseudonym, &citizen.current).await {
                warn!(%error, "activity stays under the previous pseudonym until the citizen's next sign-in");
                return;
            }
        }
    }

    async fn move_all(&self, prefix: &str, from: &Pseudonym, to: &Pseudonym) -> Result<(), Unavailable> {
        let mut refusals = 0;
        loop {
            let items = self.0.query(from, Query { limit: BATCH, ..Query::all(prefix) }).await?;
            if items.is_empty() {
                return Ok(());
            }
            let mut actions =
                vec![not_erasing(&self.0.name, key(to, MESSAGE)), not_erasing(&self.0.name, key(from, MESSAGE))];
            for mut item in items {
                let old = key(from, text_in(&item, "sk").unwrap_or_default());
                actions.push(transaction::delete(&self.0.name, old, Some(unchanged(&item))));
                item.insert("pk".to_owned(), text(to.as_str()));
                actions.push(transaction::put(&self.0.name, item, None));
            }
            match self.0.transact(actions).await {
                Ok(()) => (),
                // A server moved some of them, or counted a read.
                Err(TransactionError::Refused(_)) if refusals < MAX_ATTEMPTS => refusals += 1,
                Err(error) => return Err(self.0.unexpected(error)),
            }
        }
    }
}

/// The condition that `item` is there, and that no read was counted since.
fn unchanged(item: &Item) -> Condition {
    match item.get(READ_COUNT) {
        Some(count) => Condition::with("read_count = :count", ":count", count.clone()),
        None => Condition::new("attribute_exists(pk) AND attribute_not_exists(read_count)"),
    }
}
