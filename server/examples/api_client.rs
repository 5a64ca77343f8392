//! A client of the API: puts a line in front of a citizen's message. `docs/API.md` explains it.
//!
//! `SITE=http://127.0.0.1:3000 TOKEN=$(scripts/api-token.sh) cargo run -p server --example api_client`

use std::{env, error::Error};

use reqwest::{
    Client, StatusCode,
    header::{CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH},
};
use serde::Deserialize;
use serde_json::json;

/// A saved message.
#[derive(Deserialize)]
pub struct Message {
    /// Its text.
    pub text: String,
    /// Its version.
    pub version: u64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (site, token) = (env::var("SITE")?, env::var("TOKEN")?);
    let message = change(&site, &token, |text| format!("Ring at the back door.\n{text}")).await?;
    println!("version {}: {} characters", message.version, message.text.chars().count());
    Ok(())
}

/// Saves what `edit` makes of the message. If someone else changes it in the meantime, `edit` gets the newer text.
pub async fn change(site: &str, token: &str, edit: impl Fn(&str) -> String) -> Result<Message, Box<dyn Error>> {
    let (client, url) = (Client::new(), format!("{site}/v1/message"));
    for _ in 0..3 {
        let read = client.get(&url).bearer_auth(token).send().await?;
        let tag = read.headers().get(ETAG).cloned();
        let text = match read.status() {
            StatusCode::NOT_FOUND => String::new(),
            _ => serde_json::from_slice::<Message>(&read.error_for_status()?.bytes().await?)?.text,
        };
        let save = client.put(&url).bearer_auth(token).header(CONTENT_TYPE, "application/json");
        let save = match tag {
            Some(tag) => save.header(IF_MATCH, tag),
            None => save.header(IF_NONE_MATCH, "*"),
        };
        let saved = save.body(json!({ "text": edit(&text) }).to_string()).send().await?;
        if saved.status() != StatusCode::PRECONDITION_FAILED {
            return Ok(serde_json::from_slice(&saved.error_for_status()?.bytes().await?)?);
        }
    }
    Err("the message was changed each time".into())
}
