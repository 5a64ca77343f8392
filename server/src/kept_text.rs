//! A text that a citizen typed, and sent after the session had ended. It is kept for its owner only, until the owner has signed in
//! again.
//!
//! The form of a page says whose it is ([`KeptTexts::owner_field`]), sealed, so that only a server can read it. The text is sealed in
//! an item of the sessions table, under a key derived from a session key and a random id. Only a cookie of the browser has the id.

use std::{collections::HashMap, fmt, sync::Arc};

use aws_sdk_dynamodb::{Client, primitives::Blob, types::AttributeValue};
use axum::http::HeaderMap;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{
    aws::Unavailable,
    citizen::RecordKeys,
    cookies::{CookieJar, KEPT_TEXT_LIFETIME, SetCookie},
    secret::{SealingKeys, Secret, random, sha256_hex},
};

/// The purposes of the derived keys.
const OWNER_PURPOSE: &str = "owner of a form v1";
/// Its context is the id.
const TEXT_PURPOSE: &str = "kept text v1";

/// The length of the name of a text.
const NAME_LENGTH: usize = 16;

/// The citizen that a form was made for: the pseudonym that new items of the citizen were stored under at that time.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Owner(String);

impl Owner {
    /// Whether it is the citizen with these keys. The pseudonym key may have been changed since.
    pub fn is(&self, citizen: &RecordKeys) -> bool {
        let previous = citizen.previous.as_ref().map(|previous| &previous.pseudonym);
        std::iter::once(&citizen.current).chain(previous).any(|pseudonym| pseudonym.as_str() == self.0)
    }
}

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Owner(…)")
    }
}

/// A text that is kept, with the rest of its form.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeptText {
    /// Whose it is.
    pub owner: Owner,
    /// As a page can show it.
    pub text: Secret,
    /// Whether the page shows what was typed: nothing was replaced by U+FFFD.
    pub is_text: bool,
    /// The version that it replaces.
    pub version: u64,
    /// Whether the citizen has read it beside the saved text.
    #[serde(default)]
    pub is_conflict: bool,
}

/// What a browser has for a citizen.
#[derive(Debug)]
pub enum Found {
    /// No cookie of a text.
    Nothing,
    /// A cookie that leads to no text any more, or never did.
    Gone,
    /// The citizen's own text.
    Own(KeptText),
    /// The text of someone else, who may come back to this browser. Nothing may be said of it.
    OfOther,
}

/// The texts that are kept for citizens.
#[derive(Clone)]
pub struct KeptTexts {
    client: Client,
    table: String,
    keys: Arc<SealingKeys>,
    jar: CookieJar,
}

impl fmt::Debug for KeptTexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptTexts").field("table", &self.table).finish_non_exhaustive()
    }
}

impl KeptTexts {
    /// Texts in the sessions table `table`, sealed with `keys`, and cookies of `jar`.
    pub const fn new(client: Client, table: String, keys: Arc<SealingKeys>, jar: CookieJar) -> Self {
        Self { client, table, keys, jar }
    }

    /// The value of the field that says whose a form is.
    pub fn owner_field(&self, citizen: &RecordKeys) -> String {
        self.keys.seal_text(OWNER_PURPOSE, &Owner(citizen.for_new().as_str().to_owned()))
    }

    /// The owner in a value of [`owner_field`](Self::owner_field). `None` if no server of this site made it.
    pub fn owner_in(&self, field: &str) -> Option<Owner> {
        self.keys.open_text(OWNER_PURPOSE, field)
    }

    /// Keeps `text`, and forgets the one that this browser had, even if it is another citizen's: a browser has one. Returns the
    /// cookie for it.
    ///
    /// # Errors
    /// The table does not answer.
    pub async fn keep(&self, headers: &HeaderMap, text: &KeptText) -> Result<SetCookie, Unavailable> {
        let id = Id(random());
        let plain = serde_json::to_vec(text).unwrap_or_default();
        let expires_at = OffsetDateTime::now_utc() + KEPT_TEXT_LIFETIME;
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("pk", id.key())
            .item("text", AttributeValue::B(Blob::new(self.keys.seal(TEXT_PURPOSE, &id.0, plain))))
            .item("expires_at", AttributeValue::N(expires_at.unix_timestamp().to_string()));
        request.send().await.map_err(|error| Unavailable::new("PutItem", &self.table, &error))?;
        self.forget(headers).await;
        Ok(self.jar.kept_text(&URL_SAFE_NO_PAD.encode(id.0)))
    }

    /// Whether this browser has a text here, or had one.
    pub fn is_kept(&self, headers: &HeaderMap) -> bool {
        self.jar.kept_text_in(headers).is_some()
    }

    /// The text of this browser, as far as it concerns the citizen with these keys.
    ///
    /// # Errors
    /// The table does not answer.
    pub async fn find(&self, headers: &HeaderMap, citizen: &RecordKeys) -> Result<Found, Unavailable> {
        if !self.is_kept(headers) {
            return Ok(Found::Nothing);
        }
        let Some(id) = self.id(headers) else { return Ok(Found::Gone) };
        let request = self.client.get_item().table_name(&self.table).key("pk", id.key()).consistent_read(true);
        let answer = request.send().await.map_err(|error| Unavailable::new("GetItem", &self.table, &error))?;
        Ok(match answer.item.and_then(|item| self.read(&id, &item)) {
            None => Found::Gone,
            Some(text) if text.owner.is(citizen) => Found::Own(text),
            Some(_) => Found::OfOther,
        })
    }

    /// A name for the text of this browser, for a page that shows it. It is not the id: the text cannot be found with it.
    pub fn name(&self, headers: &HeaderMap) -> Option<String> {
        let mut name = sha256_hex(&self.id(headers)?.0);
        name.truncate(NAME_LENGTH);
        Some(name)
    }

    /// Deletes the text of this browser if it is the one with this [`name`](Self::name), as [`forget`](Self::forget) does. `None`
    /// if it is another one, which the page did not show.
    pub async fn forget_named(&self, headers: &HeaderMap, name: &str) -> Option<SetCookie> {
        if self.name(headers)? != name {
            return None;
        }
        Some(self.forget(headers).await)
    }

    /// Deletes the text of this browser. Returns the removal of its cookie. If the table does not answer, the text can no longer
    /// be found, and DynamoDB deletes it.
    pub async fn forget(&self, headers: &HeaderMap) -> SetCookie {
        if let Some(id) = self.id(headers) {
            let _ = self.client.delete_item().table_name(&self.table).key("pk", id.key()).send().await;
        }
        self.forget_cookie()
    }

    /// Removes the cookie only.
    pub fn forget_cookie(&self) -> SetCookie {
        self.jar.forget_kept_text()
    }

    fn read(&self, id: &Id, item: &HashMap<String, AttributeValue>) -> Option<KeptText> {
        let expires_at: i64 = item.get("expires_at")?.as_n().ok()?.parse().ok()?;
        // DynamoDB may delete an item days later.
        if expires_at <= OffsetDateTime::now_utc().unix_timestamp() {
            return None;
        }
        let plain = self.keys.open(TEXT_PURPOSE, &id.0, item.get("text")?.as_b().ok()?.as_ref())?;
        serde_json::from_slice(&plain).ok()
    }

    fn id(&self, headers: &HeaderMap) -> Option<Id> {
        let bytes = URL_SAFE_NO_PAD.decode(self.jar.kept_text_in(headers)?).ok()?;
        bytes.try_into().ok().map(Id)
    }
}

/// The id of a kept text. Its holder can have the text deleted, and with a session of its owner, shown.
struct Id([u8; 32]);

impl Id {
    fn key(&self) -> AttributeValue {
        AttributeValue::S(format!("kept#{}", sha256_hex(&self.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        citizen::{Eid, Pseudonyms},
        config::EidRules,
        secret::ServerKey,
    };

    fn server_key(byte: u8) -> ServerKey {
        ServerKey::new([byte; 32]).unwrap()
    }

    fn texts(keys: SealingKeys) -> KeptTexts {
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
            .build();
        KeptTexts::new(Client::from_conf(config), "sessions".to_owned(), Arc::new(keys), CookieJar::new(true))
    }

    fn citizen(pseudonyms: &Pseudonyms, eid: &str) -> RecordKeys {
        pseudonyms.of("BE", &Eid::parse(eid, &EidRules::default()).unwrap())
    }

    #[test]
    fn only_a_server_of_the_site_knows_whose_a_form_is() {
        let pseudonyms = Pseudonyms::new(1, &server_key(1));
        let (an, bram) = (citizen(&pseudonyms, "1"), citizen(&pseudonyms, "2"));
        let own = texts(SealingKeys::new(&server_key(3), []));
        let field = own.owner_field(&an);
        assert_ne!(field, own.owner_field(&an), "two forms of one citizen look alike");
        assert!(!String::from_utf8_lossy(&URL_SAFE_NO_PAD.decode(&field).unwrap()).contains("v1#"));
        let owner = own.owner_in(&field).unwrap();
        assert!(owner.is(&an) && !owner.is(&bram));
        assert!(
            texts(SealingKeys::new(&server_key(4), [&server_key(3)])).owner_in(&field).is_some(),
            "another first key"
        );
        assert!(texts(SealingKeys::new(&server_key(4), [])).owner_in(&field).is_none(), "another site");
        for index in 0..field.len() {
            let mut changed = field.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(own.owner_in(&changed).is_none(), "{index}");
            assert!(own.owner_in(&field[..index]).is_none(), "{index}");
        }
    }

    #[test]
    fn an_owner_is_known_while_the_pseudonym_key_is_changed() {
        let own = texts(SealingKeys::new(&server_key(3), []));
        let owner_at = |pseudonyms: &Pseudonyms| own.owner_in(&own.owner_field(&citizen(pseudonyms, "1"))).unwrap();
        let before = Pseudonyms::new(1, &server_key(1));
        let [first, second] =
            [false, true].map(|moves| Pseudonyms::new(2, &server_key(2)).with_previous(&server_key(1), moves));
        let after = Pseudonyms::new(2, &server_key(2));
        // Servers of two consecutive steps know each other's forms.
        for (one, other) in [(&before, &first), (&first, &second), (&second, &after)] {
            assert!(owner_at(one).is(&citizen(other, "1")) && owner_at(other).is(&citizen(one, "1")));
            assert!(!owner_at(one).is(&citizen(other, "2")) && !owner_at(other).is(&citizen(one, "2")));
        }
    }

    #[test]
    fn an_owner_and_a_text_are_not_printed() {
        let owner = Owner("v1#secret".to_owned());
        let text = KeptText { owner, text: Secret::new("secret"), is_text: true, version: 1, is_conflict: false };
        assert!(!format!("{text:?} {:?}", texts(SealingKeys::new(&server_key(3), []))).contains("secret"));
    }
}
