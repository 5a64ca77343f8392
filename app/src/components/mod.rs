//! Parts that several pages share, and the parts of the frame.

mod around;
mod contact_sentence;
mod footer;
mod header;
mod language_switch;
mod message_area;
mod moment;
mod notice;
mod phase_banner;
mod reach;
mod saved_at;
mod session;

pub use self::session::session_part;
pub(crate) use self::{
    around::{PLACE, around},
    contact_sentence::ContactSentence,
    footer::Footer,
    header::Header,
    language_switch::LanguageSwitch,
    message_area::MessageArea,
    moment::Moment,
    notice::Notice,
    phase_banner::PhaseBanner,
    reach::Reach,
    saved_at::SavedAt,
    session::Session,
};
