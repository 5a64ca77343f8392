//! Parts that several pages share, and the parts of the frame.

mod contact_sentence;
mod footer;
mod header;
mod language_switch;
mod message_area;
mod notice;
mod phase_banner;
mod reach;
mod saved_at;

pub(crate) use self::{
    contact_sentence::ContactSentence, footer::Footer, header::Header, language_switch::LanguageSwitch,
    message_area::MessageArea, notice::Notice, phase_banner::PhaseBanner, reach::Reach, saved_at::SavedAt,
};
