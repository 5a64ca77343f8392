//! The assistant of case workers: an application of Amazon Q Business. AWS sees the person who asks, with the same credentials with
//! which the person's documents are found, so an answer comes only from what the person may read.
//!
//! Nothing is stored. The form on the page carries the conversation along, sealed (`conversation.rs`). A question is sent once. Only
//! if AWS says that the credentials have ended, which it says before it looks at the question, is it sent again with others.

mod answer;
mod causes;
mod conversation;
mod error;
mod question;
mod routes;
mod start;

use std::{fmt, sync::Arc, time::Duration};

use aws_sdk_qbusiness::{
    self as qbusiness,
    config::{
        BehaviorVersion, IdentityCache, Region, StalledStreamProtectionConfig, retry::RetryConfig,
        timeout::TimeoutConfig,
    },
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use self::{
    answer::Answer,
    error::AssistantError,
    question::{Ids, Question},
    routes::{AssistantPages, routes},
};
use crate::documents::{Documents, Person, PersonCredentials};

/// Whether this build has the assistant.
pub const IS_INCLUDED: bool = true;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How many questions are asked at the same time. Each takes one of `limits.requests_in_flight` for up to a minute.
const MAX_QUESTIONS: usize = 100;

/// Where the assistant is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The id of the application.
    pub application_id: String,
    /// Its region.
    pub region: String,
    /// Replaces AWS's address.
    pub endpoint_url: Option<String>,
    /// How long an answer may take.
    pub timeout: Duration,
}

/// The assistant. Clones share the limit on questions.
#[derive(Clone)]
pub struct Assistant(Arc<Inner>);

struct Inner {
    application_id: String,
    documents: Documents,
    /// Without credentials: each question has its own.
    config: qbusiness::config::Builder,
    slots: Arc<Semaphore>,
}

/// Someone who may ask a question now.
pub struct Asker {
    assistant: Arc<Inner>,
    person: Person,
    credentials: PersonCredentials,
    _slot: OwnedSemaphorePermit,
}

impl Assistant {
    /// The assistant at `settings`, which sees people as `documents` does.
    pub fn new(settings: Settings, documents: Documents) -> Self {
        let config = config(&settings);
        let slots = Arc::new(Semaphore::new(MAX_QUESTIONS));
        Self(Arc::new(Inner { application_id: settings.application_id, documents, config, slots }))
    }

    /// Prepares a question of `person`. Nothing is sent to the assistant yet.
    ///
    /// # Errors
    /// AWS does not accept the person, or too many questions are being asked.
    pub async fn prepare(&self, person: Person) -> Result<Asker, AssistantError> {
        let slot = Arc::clone(&self.0.slots).try_acquire_owned().map_err(|_| AssistantError::too_many())?;
        let credentials = self.0.documents.credentials_of(&person).await?;
        Ok(Asker { assistant: Arc::clone(&self.0), person, credentials, _slot: slot })
    }
}

impl Asker {
    /// Asks `question`.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn ask(self, question: &Question<'_>) -> Result<Answer, AssistantError> {
        let Self { assistant, person, credentials, _slot } = self;
        match assistant.send(&credentials, question).await {
            Err(error) if error.has_stale_credentials() => {
                assistant.documents.discard(&person, &credentials);
                let credentials = assistant.documents.credentials_of(&person).await?;
                assistant.send(&credentials, question).await
            }
            done => done,
        }
    }
}

impl Inner {
    async fn send(&self, credentials: &PersonCredentials, question: &Question<'_>) -> Result<Answer, AssistantError> {
        let config = self.config.clone().credentials_provider(credentials.provider()).build();
        let ids = question.ids;
        let request = qbusiness::Client::from_conf(config)
            .chat_sync()
            .application_id(&self.application_id)
            .user_message(question.text)
            .client_token(question.token)
            .set_conversation_id(ids.map(|ids| ids.conversation.clone()))
            .set_parent_message_id(ids.map(|ids| ids.parent.clone()));
        let output = request.send().await.map_err(|error| AssistantError::of(&error, ids.is_some()))?;
        Answer::of(&output)
    }
}

/// One attempt, as long as it may take: the assistant could have begun to answer the first one.
fn config(settings: &Settings) -> qbusiness::config::Builder {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_timeout(settings.timeout)
        .operation_attempt_timeout(settings.timeout)
        .build();
    let mut config = qbusiness::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(settings.region.clone()))
        .identity_cache(IdentityCache::no_cache())
        .retry_config(RetryConfig::disabled())
        // The time-out is the only limit: the assistant may think for long before it sends anything.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .timeout_config(timeouts);
    config.set_endpoint_url(settings.endpoint_url.clone());
    config
}

impl fmt::Debug for Assistant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Assistant(…)")
    }
}

impl fmt::Debug for Asker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Asker(…)")
    }
}
