use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use aws_lc_rs::hmac;
use axum::http::{HeaderValue, header};
use time::Duration;
use tower_sessions::{MemoryStore, SessionStore, session_store};

use super::*;
use crate::{
    citizen::{Eid, Profile},
    config::EidRules,
    request_context::Reference,
    secret::ServerKey,
    security_log::queue_to,
};

/// A store that counts its calls, and can fail.
#[derive(Clone, Debug, Default)]
struct Store {
    memory: MemoryStore,
    loads: Arc<AtomicUsize>,
    deletions: Arc<AtomicUsize>,
    fails: Arc<AtomicBool>,
    refuses_deletions: Arc<AtomicBool>,
}

impl Store {
    fn check(&self) -> session_store::Result<()> {
        let failure = || Error::Backend("unreachable".to_owned());
        if self.fails.load(Ordering::SeqCst) { Err(failure()) } else { Ok(()) }
    }

    /// The loads and deletions so far.
    fn calls(&self) -> (usize, usize) {
        (self.loads.load(Ordering::SeqCst), self.deletions.load(Ordering::SeqCst))
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        self.check()?;
        self.memory.create(record).await
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.check()?;
        self.memory.save(record).await
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        self.loads.fetch_add(1, Ordering::SeqCst);
        self.check()?;
        self.memory.load(id).await
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.deletions.fetch_add(1, Ordering::SeqCst);
        self.check()?;
        if self.refuses_deletions.load(Ordering::SeqCst) {
            return Err(Error::Backend("throttled".to_owned()));
        }
        self.memory.delete(id).await
    }
}

impl CitizensStore for Store {}

impl CitizensStore for MemoryStore {}

/// A server with this store.
fn server(store: &Store) -> Sessions {
    server_with(store, Tasks::default(), no_security_log())
}

fn server_with(store: &Store, tasks: Tasks, security: SecurityLog) -> Sessions {
    let table = crate::records::table_in_tests();
    Sessions::new(Arc::new(store.clone()), table, limits(15), CookieJar::new(true), pseudonyms(1), tasks, security)
}

fn server_with_pseudonyms(store: &Store, pseudonyms: Arc<Pseudonyms>) -> Sessions {
    let (table, jar) = (crate::records::table_in_tests(), CookieJar::new(true));
    Sessions::new(Arc::new(store.clone()), table, limits(15), jar, pseudonyms, Tasks::default(), no_security_log())
}

fn no_security_log() -> SecurityLog {
    SecurityLog::new(None, hmac::Key::new(hmac::HMAC_SHA256, b""))
}

fn context() -> RequestContext {
    RequestContext { client: None, reference: Reference([0x3F, 0x9A, 0x12, 0xC7]) }
}

/// A cookie with an invented id.
fn invented() -> HeaderMap {
    sent_back(CookieJar::new(true).session(&Id::default().to_string()))
}

fn sessions(idle_minutes: i64) -> Sessions {
    let (store, jar) = (Arc::new(MemoryStore::default()), CookieJar::new(true));
    let table = crate::records::table_in_tests();
    Sessions::new(store, table, limits(idle_minutes), jar, pseudonyms(1), Tasks::default(), no_security_log())
}

fn limits(idle_minutes: i64) -> config::Session {
    config::Session { idle: Duration::minutes(idle_minutes), absolute: Duration::minutes(480) }
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
        authenticated_at: None,
        device: app::Device::default(),
        sign_in: None,
        state_hash: String::new(),
        return_to: None,
    }
}

fn sent_back(cookie: SetCookie) -> HeaderMap {
    let value = cookie.into_value();
    let pair = value.to_str().unwrap().split(';').next().unwrap().to_owned();
    HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(&pair).unwrap())])
}

/// Opens a session. Returns the headers of the browser that it is open in.
async fn open(sessions: &Sessions, citizen: Citizen) -> HeaderMap {
    match sessions.open(citizen, &context()).await.unwrap() {
        Opened::Session(cookie) => sent_back(cookie),
        Opened::BeingDeleted => panic!("no session was opened"),
    }
}

/// The session of these headers, as a request finds it once only `left` of its time is left.
async fn aged(sessions: &Sessions, headers: &HeaderMap, left: Duration) -> OpenSession {
    let session = sessions.find(headers, &context()).await.unwrap().unwrap();
    let record = Record { expiry_date: OffsetDateTime::now_utc() + left, ..session.record };
    sessions.ender.store.save(&record).await.unwrap();
    sessions.find(headers, &context()).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_session_is_found_with_the_end_that_it_will_have() {
    let idle = Duration::minutes(15);
    let minutes = Duration::minutes;
    for (age, left, extended_by, is_final) in [
        // The end moves by a tenth of the idle time or more, or it stays.
        (minutes(0), idle, minutes(0), false),
        (minutes(1), minutes(14), minutes(0), false),
        (minutes(5), minutes(13), minutes(2), false),
        (minutes(60), minutes(1), minutes(14), false),
        // The absolute end, at 480 minutes.
        (minutes(463), minutes(1), minutes(14), false),
        (minutes(466), minutes(1), minutes(13), true),
        (minutes(479), minutes(1), minutes(0), true),
        // Another minute would be too little to be written.
        (minutes(464), minutes(1), minutes(14), true),
        (minutes(465), minutes(14), minutes(0), true),
    ] {
        let sessions = sessions(15);
        let now = OffsetDateTime::now_utc();
        let headers = open(&sessions, citizen(now - age)).await;
        let session = aged(&sessions, &headers, left).await;
        let expected = now + left + extended_by;
        assert!((session.end.at - expected).abs() < Duration::seconds(5), "{age} {left}: {:?}", session.end);
        assert_eq!((session.end.is_final, session.end.warning), (is_final, minutes(2)), "{age} {left}");
        let without = session.end_unless_extended.at;
        assert!((without - now - left).abs() < Duration::seconds(5), "{age} {left}: {without}");
        sessions.extend(&session).await.unwrap();
        let written = sessions.find(&headers, &context()).await.unwrap().unwrap().record.expiry_date;
        assert!((written - session.end.at).abs() < Duration::SECOND, "{age} {left}: {written} {:?}", session.end);
    }
}

#[tokio::test]
async fn a_short_session_is_warned_about_later() {
    for (idle, warning) in [(1, 20), (3, 60), (6, 120), (60, 120)] {
        let sessions = sessions(idle);
        let headers = open(&sessions, citizen(OffsetDateTime::now_utc())).await;
        let session = sessions.find(&headers, &context()).await.unwrap().unwrap();
        assert_eq!(session.end.warning, Duration::seconds(warning), "{idle}");
    }
}

#[tokio::test]
async fn a_session_that_cannot_be_extended_is_reported() {
    let store = Store::default();
    let server = server(&store);
    let headers = open(&server, citizen(OffsetDateTime::now_utc())).await;
    let session = aged(&server, &headers, Duration::minutes(1)).await;
    store.fails.store(true, Ordering::SeqCst);
    assert!(server.extend(&session).await.is_err());
}

#[tokio::test]
async fn a_session_is_found_by_its_cookie_until_it_is_ended() {
    let sessions = sessions(15);
    let headers = open(&sessions, citizen(OffsetDateTime::now_utc())).await;
    assert!(sessions.find(&headers, &context()).await.unwrap().is_some());
    sessions.end(&headers, &context(), Because::SignedOut, || true).await;
    assert!(sessions.find(&headers, &context()).await.unwrap().is_none());
}

#[tokio::test]
async fn every_sign_in_gets_a_new_id() {
    let sessions = sessions(15);
    let citizen = citizen(OffsetDateTime::now_utc());
    let one = open(&sessions, citizen.clone()).await;
    let two = open(&sessions, citizen).await;
    assert_ne!(one, two);
}

#[tokio::test]
async fn the_absolute_limit_ends_every_session() {
    let sessions = sessions(15);
    let now = OffsetDateTime::now_utc();
    let late = open(&sessions, citizen(now - Duration::minutes(479))).await;
    let found = sessions.find(&late, &context()).await.unwrap().unwrap();
    assert!(found.record.expiry_date <= now + Duration::minutes(1) + Duration::seconds(1));
    let over = open(&sessions, citizen(now - Duration::minutes(481))).await;
    assert!(sessions.find(&over, &context()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_request_extends_the_session_but_rarely_writes() {
    let sessions = sessions(15);
    let headers = open(&sessions, citizen(OffsetDateTime::now_utc())).await;
    let session = sessions.find(&headers, &context()).await.unwrap().unwrap();
    let fresh = session.record.expiry_date;
    sessions.extend(&session).await.unwrap();
    assert_eq!(
        sessions.find(&headers, &context()).await.unwrap().unwrap().record.expiry_date,
        fresh,
        "nothing to write yet"
    );
    let session = aged(&sessions, &headers, Duration::minutes(10)).await;
    sessions.extend(&session).await.unwrap();
    assert!(sessions.find(&headers, &context()).await.unwrap().unwrap().record.expiry_date >= fresh);
}

#[tokio::test]
async fn a_cookie_without_a_valid_id_finds_no_session() {
    for value in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAA", "é"] {
        let headers = HeaderMap::from_iter([(
            header::COOKIE,
            HeaderValue::from_bytes(format!("__Host-mydata_session={value}").as_bytes()).unwrap(),
        )]);
        assert!(sessions(15).find(&headers, &context()).await.unwrap().is_none(), "{value}");
    }
}

#[tokio::test]
async fn a_sign_out_without_a_session_id_makes_no_call() {
    let store = Store::default();
    let server = server(&store);
    let invalid = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static("__Host-mydata_session=x"))]);
    for headers in [HeaderMap::new(), invalid] {
        let ending = server.end(&headers, &context(), Because::SignedOut, || panic!("it is not counted")).await;
        assert!(ending.cookie.into_value().to_str().unwrap().contains("Max-Age=0"));
    }
    assert_eq!(store.calls(), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn an_invented_id_costs_one_read_and_over_the_limit_one_at_a_slow_pace() {
    let store = Store::default();
    let server = server(&store);
    for _ in 0..10 {
        assert!(server.end(&invented(), &context(), Because::SignedOut, || true).await.citizen.is_none());
    }
    assert_eq!(store.calls(), (10, 0));
    let all: Vec<_> = (0..500).map(|_| invented()).collect();
    for headers in &all {
        let ending = server.end(headers, &context(), Because::SignedOut, || false).await;
        assert!(ending.cookie.into_value().to_str().unwrap().contains("Max-Age=0"));
    }
    assert_eq!(store.calls(), (10, 0), "no call while the requests are handled");
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    let (loads, deletions) = store.calls();
    assert!((110..=220).contains(&loads), "{loads} reads, 10 of them before the first two seconds");
    assert_eq!(deletions, 0, "there is nothing to delete");
    // One that waits is refused without a read.
    assert!(server.find(&all[499], &context()).await.unwrap().is_none());
    assert_eq!(store.calls().0, loads);
}

#[tokio::test]
async fn the_id_of_a_session_that_ended_costs_as_much_as_an_invented_one() {
    let store = Store::default();
    let [one, other] = [server(&store), server(&store)];
    let headers = open(&one, citizen(OffsetDateTime::now_utc())).await;
    other.find(&headers, &context()).await.unwrap();
    one.end(&headers, &context(), Because::SignedOut, || panic!("it is not counted")).await;
    // The other server notices when it looks.
    other.end(&headers, &context(), Because::SignedOut, || panic!("it is not counted")).await;
    let before = store.calls();
    for server in [one, other] {
        for _ in 0..10 {
            server.end(&headers, &context(), Because::SignedOut, || false).await;
        }
    }
    assert_eq!(store.calls(), before);
}

#[tokio::test(start_paused = true)]
async fn a_real_session_ends_over_the_limit_too() {
    let store = Store::default();
    let [one, other] = [server(&store), server(&store)];
    let open = async || open(&one, citizen(OffsetDateTime::now_utc())).await;
    // This server opened it, so it ends immediately.
    let headers = open().await;
    assert!(one.end(&headers, &context(), Because::SignedOut, || panic!("it is not counted")).await.citizen.is_some());
    assert!(other.find(&headers, &context()).await.unwrap().is_none());
    // Another server has served it.
    let headers = open().await;
    assert!(other.find(&headers, &context()).await.unwrap().is_some());
    assert!(
        other.end(&headers, &context(), Because::SignedOut, || panic!("it is not counted")).await.citizen.is_some()
    );
    assert!(one.find(&headers, &context()).await.unwrap().is_none());
    // Another server knows nothing of it: it refuses the session, and deletes it shortly after.
    let headers = open().await;
    other.end(&headers, &context(), Because::SignedOut, || false).await;
    assert!(other.find(&headers, &context()).await.unwrap().is_none());
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    assert!(one.find(&headers, &context()).await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn invented_ids_during_an_outage_displace_no_real_session() {
    let store = Store::default();
    let server = server(&store);
    let headers = open(&server, citizen(OffsetDateTime::now_utc())).await;
    let context = RequestContext { client: Some([203, 0, 113, 9].into()), ..context() };
    store.fails.store(true, Ordering::SeqCst);
    server.end(&headers, &context, Because::SignedOut, || true).await;
    for number in 0..3_000 {
        server.end(&invented(), &context, Because::SignedOut, || number < 200).await;
    }
    assert!(server.find(&headers, &context).await.unwrap().is_none());
    tokio::time::sleep(std::time::Duration::from_secs(100)).await;
    store.fails.store(false, Ordering::SeqCst);
    // It is the first to be deleted, within the longest pause.
    let before = store.calls().1;
    tokio::time::sleep(std::time::Duration::from_secs(31)).await;
    assert!(store.calls().1 > before);
    let id = SessionId::parse(server.jar.session_in(&headers).unwrap()).unwrap();
    assert_eq!(store.memory.load(id.expose()).await.unwrap(), None);
}

/// What a security log records, as soon as it is dropped.
fn security_log() -> (SecurityLog, impl FnOnce() -> Vec<Value>) {
    let path = testkit::Scratch::make();
    let file = path.path().join("security.log");
    let (queue, guard) = queue_to(&config::SecurityLogTarget::File(file.clone())).unwrap().unwrap();
    let records = move || {
        drop(guard);
        let text = std::fs::read_to_string(path.path().join("security.log")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    (SecurityLog::new(Some(queue), hmac::Key::new(hmac::HMAC_SHA256, b"")), records)
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_deleted_later_has_a_record_now_and_then() {
    let (store, (security, records)) = (Store::default(), security_log());
    let server = server_with(&store, Tasks::default(), security.clone());
    let headers = open(&server, citizen(OffsetDateTime::now_utc())).await;
    store.refuses_deletions.store(true, Ordering::SeqCst);
    for _ in 0..2 {
        server.end(&headers, &context(), Because::SignedOut, || true).await;
        // Ids that this server has not seen: over the limit, and without an answer of the store.
        server.end(&invented(), &context(), Because::SignedOut, || false).await;
        store.fails.store(true, Ordering::SeqCst);
        server.end(&invented(), &context(), Because::SignedOut, || true).await;
        store.fails.store(false, Ordering::SeqCst);
    }
    store.refuses_deletions.store(false, Ordering::SeqCst);
    tokio::time::sleep(std::time::Duration::from_secs(100)).await;
    security.tell_repeats();
    let records = records();
    let fields = |record: &Value| {
        ["/event/outcome", "/event/reason", "/labels/provider", "/http/request/id", "/labels/repeats"]
            .map(|pointer| record.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned())
    };
    assert_eq!(
        records.iter().map(fields).collect::<Vec<_>>(),
        [
            ["failure", "to be deleted later", "itsme", "3F9A-12C7", ""],
            ["failure", "to be deleted later", "", "3F9A-12C7", ""],
            ["success", "deleted later", "itsme", "3F9A-12C7", ""],
            ["failure", "to be deleted later", "", "", "3"],
        ]
    );
    assert!(records.iter().all(|record| record["event"]["action"] == "session-end"), "{records:?}");
    assert!(records[0]["user"]["hash"].is_string(), "{records:?}");
    assert_eq!(records[0]["user"], records[2]["user"]);
}

#[tokio::test(start_paused = true)]
async fn pending_deletions_are_tried_before_the_server_exits() {
    for is_back in [true, false] {
        let store = Store::default();
        let tasks = Tasks::default();
        let server = server_with(&store, tasks.clone(), no_security_log());
        let headers = open(&server, citizen(OffsetDateTime::now_utc())).await;
        store.fails.store(true, Ordering::SeqCst);
        server.end(&headers, &context(), Because::SignedOut, || true).await;
        // The next round would be in half a minute.
        tokio::time::sleep(std::time::Duration::from_secs(100)).await;
        store.fails.store(!is_back, Ordering::SeqCst);
        let before = store.calls();
        tasks.finish(std::time::Duration::from_millis(10)).await;
        // A session is found before it is deleted.
        assert_eq!(store.calls(), (before.0 + 1, before.1 + usize::from(is_back)));
        let id = SessionId::parse(server.jar.session_in(&headers).unwrap()).unwrap();
        assert_eq!(store.memory.load(id.expose()).await.unwrap().is_none(), is_back);
    }
}

#[tokio::test]
async fn a_session_is_indexed_by_the_current_pseudonym_of_its_citizen() {
    let store = Store::default();
    let server = server(&store);
    let headers = open(&server, citizen(OffsetDateTime::now_utc())).await;
    let index = |session: &OpenSession| session.record.data[CITIZEN].as_str().unwrap().to_owned();
    let first = server.find(&headers, &context()).await.unwrap().unwrap();
    assert!(index(&first).starts_with("v1#"));
    // The server restarts with another key.
    let changed = server_with_pseudonyms(&store, pseudonyms(2));
    let session = aged(&changed, &headers, Duration::minutes(10)).await;
    assert_eq!(session.citizen, first.citizen);
    changed.extend(&session).await.unwrap();
    assert!(index(&changed.find(&headers, &context()).await.unwrap().unwrap()).starts_with("v2#"));
}
