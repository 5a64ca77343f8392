//! Parts that several pages share.

mod header;
mod message_area;
mod notice;
mod saved_at;
mod sign_in_button;

pub(crate) use self::{
    header::Header, message_area::MessageArea, notice::Notice, saved_at::SavedAt, sign_in_button::SignInButton,
};
