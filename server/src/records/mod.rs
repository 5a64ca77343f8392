//! What is kept for a citizen, in the table `dynamodb.records_table`.

mod message;

pub use self::message::{Message, MessageText, Messages, Saved, TextFault};
