use axum::http::{HeaderValue, header};
use time::Duration;
use tower_sessions::MemoryStore;

use super::*;
use crate::{
    citizen::{Eid, Profile},
    config::EidRules,
    secret::ServerKey,
};

fn sessions(idle_minutes: i64) -> Sessions {
    let limits = config::Session { idle: Duration::minutes(idle_minutes), absolute: Duration::minutes(480) };
    Sessions::new(Arc::new(MemoryStore::default()), limits, CookieJar::new(true), pseudonyms(1), Tasks::default())
}

fn pseudonyms(generation: u32) -> Arc<Pseudonyms> {
    Arc::new(Pseudonyms::new(generation, &ServerKey::new([0; 32]).unwrap()))
}

fn citizen(signed_in_at: OffsetDateTime) -> Citizen {
    Citizen {
        namespace: "BE".to_owned(),
        eid: Eid::parse("1", &EidRules::default()).unwrap(),
        provider: "itsme".to_owned(),
        profile: Profile::default(),
        refresh_token: None,
        signed_in_at: signed_in_at.unix_timestamp(),
        state_hash: String::new(),
        return_to: None,
    }
}

fn sent_back(cookie: SetCookie) -> HeaderMap {
    let value = cookie.into_value();
    let pair = value.to_str().unwrap().split(';').next().unwrap().to_owned();
    HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(&pair).unwrap())])
}

#[tokio::test]
async fn a_session_is_found_by_its_cookie_until_it_is_ended() {
    let sessions = sessions(15);
    let headers = sent_back(sessions.open(&citizen(OffsetDateTime::now_utc())).await.unwrap());
    assert!(sessions.find(&headers).await.unwrap().is_some());
    sessions.end(&headers, None, || true).await;
    assert!(sessions.find(&headers).await.unwrap().is_none());
}

#[tokio::test]
async fn every_sign_in_gets_a_new_id() {
    let sessions = sessions(15);
    let citizen = citizen(OffsetDateTime::now_utc());
    let one = sent_back(sessions.open(&citizen).await.unwrap());
    let two = sent_back(sessions.open(&citizen).await.unwrap());
    assert_ne!(one, two);
}

#[tokio::test]
async fn the_absolute_limit_ends_every_session() {
    let sessions = sessions(15);
    let now = OffsetDateTime::now_utc();
    let late = sent_back(sessions.open(&citizen(now - Duration::minutes(479))).await.unwrap());
    let found = sessions.find(&late).await.unwrap().unwrap();
    assert!(found.record.expiry_date <= now + Duration::minutes(1) + Duration::seconds(1));
    let over = sent_back(sessions.open(&citizen(now - Duration::minutes(481))).await.unwrap());
    assert!(sessions.find(&over).await.unwrap().is_none());
}

#[tokio::test]
async fn a_request_extends_the_session_but_rarely_writes() {
    let sessions = sessions(15);
    let headers = sent_back(sessions.open(&citizen(OffsetDateTime::now_utc())).await.unwrap());
    let mut session = sessions.find(&headers).await.unwrap().unwrap();
    let fresh = session.record.expiry_date;
    sessions.keep_alive(&session).await;
    assert_eq!(sessions.find(&headers).await.unwrap().unwrap().record.expiry_date, fresh, "nothing to write yet");
    session.record.expiry_date -= Duration::minutes(5);
    sessions.store.save(&session.record).await.unwrap();
    sessions.keep_alive(&session).await;
    assert!(sessions.find(&headers).await.unwrap().unwrap().record.expiry_date >= fresh);
}

#[tokio::test]
async fn a_cookie_without_a_valid_id_finds_no_session() {
    for value in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAA", "é"] {
        let headers = HeaderMap::from_iter([(
            header::COOKIE,
            HeaderValue::from_bytes(format!("__Host-mydata_session={value}").as_bytes()).unwrap(),
        )]);
        assert!(sessions(15).find(&headers).await.unwrap().is_none(), "{value}");
    }
}
