//! Parts that several pages share, and the parts of the frame.

mod contact_sentence;
mod footer;
mod header;
mod message_area;
mod notice;
mod saved_at;

pub(crate) use self::{
    contact_sentence::ContactSentence, footer::Footer, header::Header, message_area::MessageArea, notice::Notice,
    saved_at::SavedAt,
};
