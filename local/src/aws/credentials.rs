//! Access keys: whose they are, and until when they work.

use std::collections::HashMap;
use std::fmt;
use std::sync::{PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

use super::names::{
    ACCOUNT_ID, LOCATION_ROLE_ARN, PERSON_ROLE_ARN, SERVER_ACCESS_KEY_ID, SERVER_ROLE_ARN, session_arn,
};
use super::scope::Access;
use crate::random;

/// How long expired keys are remembered, so that their use is answered with "expired".
const REMEMBERED_SECONDS: u64 = 24 * 60 * 60;

/// The access key of an operator and its secret. It can only look at settings, which are made up.
const OPERATOR: &str = "operator";

/// Who a request comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Principal {
    /// The server, with its key or in a session of its role.
    Server { session: String },
    /// A session of the person role. Without a user it carries no person.
    PersonRole { session: String, user: Option<String> },
    /// Someone who looks at the settings of the account.
    Operator,
    /// What Access Grants vended: a session of the location role, for this access only.
    Data { user: String, access: Access },
}

impl Principal {
    /// Its ARN, as in messages.
    pub(super) fn arn(&self) -> String {
        match self {
            Self::Server { session } => session_arn(SERVER_ROLE_ARN, session),
            Self::PersonRole { session, .. } => session_arn(PERSON_ROLE_ARN, session),
            Self::Data { .. } => session_arn(LOCATION_ROLE_ARN, "access-grants"),
            Self::Operator => format!("arn:aws:iam::{ACCOUNT_ID}:user/{OPERATOR}"),
        }
    }
}

/// A key pair of the server, to configure it with.
#[derive(Clone)]
pub struct ServerKey {
    /// `AKIALOCALSTANDIN0001`, if it is a new one.
    pub access_key_id: &'static str,
    /// New in each run.
    pub secret_access_key: String,
}

// Secrets stay out of logs, even those of a stand-in.
impl fmt::Debug for ServerKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ServerKey").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

/// Temporary credentials that Access Grants vended.
#[derive(Clone)]
pub struct Vended {
    /// Begins with `ASIA`.
    pub access_key_id: String,
    /// What signs.
    pub secret_access_key: String,
    /// Goes with every request.
    pub session_token: String,
}

// Secrets stay out of logs, even those of a stand-in.
impl fmt::Debug for Vended {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Vended").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

/// A known key.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) secret_access_key: String,
    pub(super) session_token: Option<String>,
    pub(super) expires_at: Option<u64>,
    pub(super) principal: Principal,
}

/// New credentials, for the one who asked for them.
pub(super) struct Issued {
    pub(super) access_key_id: String,
    pub(super) secret_access_key: String,
    pub(super) session_token: String,
    pub(super) expires_at: u64,
}

/// All keys of the account.
pub(super) struct Credentials(RwLock<HashMap<String, Known>>);

impl Credentials {
    /// The server's key, and that of an operator.
    pub(super) fn new(server: &ServerKey) -> Self {
        let known = |secret: &str, principal| Known {
            secret_access_key: secret.to_owned(),
            session_token: None,
            expires_at: None,
            principal,
        };
        let of_server = known(&server.secret_access_key, Principal::Server { session: "local".to_owned() });
        let keys = [(server.access_key_id, of_server), (OPERATOR, known(OPERATOR, Principal::Operator))];
        Self(RwLock::new(keys.map(|(id, known)| (id.to_owned(), known)).into()))
    }

    /// The key with this id, also one that has expired.
    pub(super) fn find(&self, access_key_id: &str) -> Option<Known> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(access_key_id).cloned()
    }

    /// New credentials that work for this many seconds.
    pub(super) fn issue(&self, principal: Principal, now: u64, seconds: u64) -> Issued {
        let expires_at = now + seconds;
        let id = Uuid::new_v4().simple().to_string().to_uppercase();
        let issued = Issued {
            access_key_id: format!("ASIA{}", &id[..16]),
            secret_access_key: new_secret(),
            session_token: STANDARD.encode(random::opaque()),
            expires_at,
        };
        let known = Known {
            secret_access_key: issued.secret_access_key.clone(),
            session_token: Some(issued.session_token.clone()),
            expires_at: Some(expires_at),
            principal,
        };
        let mut keys = self.0.write().unwrap_or_else(PoisonError::into_inner);
        keys.retain(|_, known| known.expires_at.is_none_or(|until| until + REMEMBERED_SECONDS > now));
        keys.insert(issued.access_key_id.clone(), known);
        issued
    }

    /// Ends all credentials that were issued to such a principal.
    pub(super) fn expire(&self, now: u64, is_meant: impl Fn(&Principal) -> bool) {
        let mut keys = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for known in keys.values_mut().filter(|known| is_meant(&known.principal)) {
            known.expires_at = known.expires_at.map(|until| until.min(now));
        }
    }
}

/// A new key of the server.
pub(super) fn new_server_key() -> ServerKey {
    ServerKey { access_key_id: SERVER_ACCESS_KEY_ID, secret_access_key: new_secret() }
}

/// 40 characters with `+` and `/` among them, as AWS's secrets are.
fn new_secret() -> String {
    STANDARD.encode(&random::sha256(random::opaque().as_bytes())[..30])
}

#[cfg(test)]
mod tests {
    use super::{Credentials, Principal, new_server_key};

    #[test]
    fn issued_keys_look_like_those_of_aws_and_end_on_request() {
        let server = new_server_key();
        let credentials = Credentials::new(&server);
        let role = Principal::PersonRole { session: "s".to_owned(), user: None };
        let issued = credentials.issue(role, 1_000, 900);
        assert_eq!((issued.access_key_id.len(), issued.secret_access_key.len()), (20, 40));
        assert_eq!(credentials.find(&issued.access_key_id).unwrap().expires_at, Some(1_900));
        credentials.expire(1_100, |principal| matches!(principal, Principal::PersonRole { .. }));
        assert_eq!(credentials.find(&issued.access_key_id).unwrap().expires_at, Some(1_100));
        assert_eq!(credentials.find(server.access_key_id).unwrap().expires_at, None);
    }

    #[test]
    fn the_secret_of_the_server_is_not_printed() {
        let server = new_server_key();
        assert!(!format!("{server:?}").contains(&server.secret_access_key));
    }
}
