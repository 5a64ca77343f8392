//! `/deleted`: the receipt for a deletion. It can be read without signing in.

use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{
    components::Moment,
    page::Page,
    texts::{Sentence, say},
};

/// What the receipt for a deletion shows.
#[derive(Clone, Debug)]
pub struct ReceiptPage {
    /// When the deletion was asked for.
    pub at: OffsetDateTime,
    /// The reference in the log.
    pub reference: String,
    /// Whether everything is deleted. If not, it is marked for deletion, and the rest follows by itself.
    pub is_complete: bool,
    /// The query of its address.
    pub query: Option<String>,
}

impl ReceiptPage {
    pub(crate) const fn heading(&self) -> Sentence {
        if self.is_complete { say::RECEIPT_HEADING } else { say::RECEIPT_DELETING_HEADING }
    }
}

pub(crate) fn view(receipt: ReceiptPage, page: &Page) -> impl IntoView + use<> {
    let (language, zone) = (page.language, &page.service.time_zone);
    let heading = receipt.heading();
    let ReceiptPage { at, reference, is_complete, .. } = receipt;
    let text = if is_complete { say::RECEIPT_TEXT } else { say::RECEIPT_DELETING };
    view! {
        <h1>{language.text(heading)}</h1>
        <p class="lead">{language.text(text)}</p>
        <dl class="facts">
            <div>
                <dt>{language.text(say::RECEIPT_WHEN)}</dt>
                <dd><Moment language zone at/></dd>
            </div>
            <div>
                <dt>{language.text(say::RECEIPT_REFERENCE)}</dt>
                <dd>{reference}</dd>
            </div>
        </dl>
        <p>{language.text(say::RECEIPT_KEEP)}</p>
        <p class="act"><a class="button" href="/">{language.text(say::RECEIPT_TO_HOME)}</a></p>
    }
}
