//! The citizens' records, in the table `dynamodb.records_table`.

mod message;

pub use self::message::{Message, MessageText, Messages, Outcome, TextError};
