use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::FutureExt as _;
use tokio::{
    task::{JoinHandle, yield_now},
    time::{advance, sleep},
};

use super::*;
use crate::background::tests::Lines;

/// An issuer without a network, so that a test can stop the clock.
#[derive(Default)]
struct Issuer {
    kids: Mutex<Vec<&'static str>>,
    is_down: Mutex<bool>,
    /// How long it takes to answer.
    delay: Mutex<Duration>,
    fetched: AtomicUsize,
}

impl Issuer {
    fn publish(&self, kids: &[&'static str]) {
        *self.kids.lock().unwrap() = kids.to_vec();
    }

    fn set_down(&self, is_down: bool) {
        *self.is_down.lock().unwrap() = is_down;
    }

    fn set_delay(&self, delay: Duration) {
        *self.delay.lock().unwrap() = delay;
    }

    fn fetched(&self) -> usize {
        self.fetched.load(Ordering::SeqCst)
    }

    async fn answer(&self) -> Result<KeySet, HttpError> {
        self.fetched.fetch_add(1, Ordering::SeqCst);
        let keys = self.kids.lock().unwrap().clone();
        let delay = *self.delay.lock().unwrap();
        sleep(delay).await;
        if *self.is_down.lock().unwrap() {
            return Err(HttpError::Unavailable);
        }
        let key = || Arc::new(DecodingKey::from_secret(b"any"));
        Ok(KeySet(keys.into_iter().map(|kid| (Some(kid.to_owned()), key())).collect()))
    }
}

impl Keys {
    /// Keys that were never loaded, and never will be.
    pub(crate) fn missing() -> Self {
        Self::new(String::new(), HttpClient::new().unwrap())
    }

    /// Keys that were loaded now, and never will be again.
    pub(crate) fn just_loaded() -> Self {
        let keys = Self::missing();
        keys.loaded.write().unwrap().at = Some(Instant::now());
        keys
    }
}

/// Lets the other tasks run as far as they can without time passing.
async fn settle() {
    for _ in 0..100 {
        yield_now().await;
    }
}

/// Lets time pass. Unlike `advance` alone, it passes at each timer in between.
async fn after(pause: Duration) {
    sleep(pause).await;
    settle().await;
}

struct Fixture {
    issuer: Arc<Issuer>,
    keys: Arc<Keys>,
    task: JoinHandle<()>,
}

impl Fixture {
    /// An issuer with the key `first`, which is loaded.
    async fn start() -> Self {
        let issuer = Arc::new(Issuer::default());
        issuer.publish(&["first"]);
        let keys = Arc::new(Keys::missing());
        let task = keep_fresh(&keys, &issuer);
        settle().await;
        assert_eq!((issuer.fetched(), keys.check_current()), (1, Ok(())));
        Self { issuer, keys, task }
    }

    async fn find(&self, kid: &str, asker: Asker) -> Result<(), KeyLookupError> {
        self.keys.find(Some(kid), asker).await.map(|_| ())
    }

    fn spawn_find(&self, kid: &'static str, asker: Asker) -> JoinHandle<Result<(), KeyLookupError>> {
        let keys = Arc::clone(&self.keys);
        tokio::spawn(async move { keys.find(Some(kid), asker).await.map(|_| ()) })
    }
}

fn keep_fresh(keys: &Arc<Keys>, issuer: &Arc<Issuer>) -> JoinHandle<()> {
    let (keys, issuer) = (Arc::clone(keys), Arc::clone(issuer));
    tokio::spawn(async move { keys.keep_fresh_by(|| issuer.answer()).await })
}

const UNKNOWN: Result<(), KeyLookupError> = Err(KeyLookupError::Unknown);

#[tokio::test(start_paused = true)]
async fn a_second_rotation_six_seconds_after_the_first_is_noticed() {
    let on = Fixture::start().await;
    for kid in ["second", "third"] {
        on.issuer.publish(&[kid]);
        assert_eq!(on.find(kid, Asker::SignIn).await, Ok(()), "{kid}");
        after(Duration::from_secs(6)).await;
    }
    assert_eq!(on.issuer.fetched(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_waits_for_its_turn_if_that_is_soon() {
    let on = Fixture::start().await;
    assert_eq!(on.find("second", Asker::SignIn).await, UNKNOWN);
    after(Duration::from_millis(2_500)).await;
    on.issuer.publish(&["second"]);
    let started = Instant::now();
    let crowd: Vec<_> = (0..8).map(|_| on.spawn_find("second", Asker::SignIn)).collect();
    settle().await;
    assert_eq!(on.issuer.fetched(), 2, "not before its turn");
    for one in crowd {
        assert_eq!(one.await.unwrap(), Ok(()));
    }
    // The clock is stopped, so this is not the speed of the machine.
    assert!(started.elapsed().as_millis().abs_diff(2_500) <= 1, "{:?}", started.elapsed());
    assert_eq!(on.issuer.fetched(), 3, "one fetch for all of them");
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_fails_immediately_if_its_turn_is_too_far_away() {
    let on = Fixture::start().await;
    for _ in 0..3 {
        let started = Instant::now();
        assert_eq!(on.find("second", Asker::SignIn).await, UNKNOWN);
        assert_eq!(started.elapsed(), Duration::ZERO);
    }
    assert_eq!(on.issuer.fetched(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_waiting_sign_in_continues_when_another_fetch_brings_its_key() {
    let on = Fixture::start().await;
    assert_eq!(on.find("second", Asker::SignIn).await, UNKNOWN);
    after(Duration::from_secs(3)).await;
    let waits = on.spawn_find("second", Asker::SignIn);
    settle().await;
    on.issuer.publish(&["second"]);
    let started = Instant::now();
    assert_eq!(on.find("second", Asker::Stranger).await, Ok(()));
    assert_eq!(waits.await.unwrap(), Ok(()));
    assert_eq!((started.elapsed(), on.issuer.fetched()), (Duration::ZERO, 3));
}

#[tokio::test(start_paused = true)]
async fn strangers_cause_one_fetch_a_minute_and_sign_ins_still_fetch() {
    let on = Fixture::start().await;
    for minute in 1..=3 {
        for _ in 0..1_000 {
            assert_eq!(on.find("invented", Asker::Stranger).await, UNKNOWN);
        }
        // The fetch at the start, then one for strangers and one for a sign-in each minute.
        assert_eq!(on.issuer.fetched(), 2 * minute, "minute {minute}");
        on.issuer.publish(&[["second", "third", "fourth"][minute - 1]]);
        assert_eq!(on.find(["second", "third", "fourth"][minute - 1], Asker::SignIn).await, Ok(()));
        assert_eq!(on.issuer.fetched(), 2 * minute + 1, "minute {minute}");
        after(Duration::from_secs(59)).await;
        assert_eq!(on.find("invented", Asker::Stranger).await, UNKNOWN);
        assert_eq!(on.issuer.fetched(), 2 * minute + 1, "minute {minute}");
        after(Duration::from_secs(2)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_sign_ins_causes_one_fetch_in_five_seconds() {
    let on = Fixture::start().await;
    let mut flood = Vec::new();
    for _ in 0..100 {
        flood.extend((0..10).map(|_| on.spawn_find("never published", Asker::SignIn)));
        after(Duration::from_millis(100)).await;
    }
    for one in flood {
        assert_eq!(one.await.unwrap(), UNKNOWN);
    }
    // At the start, and at 0, 5 and 10 seconds.
    assert_eq!(on.issuer.fetched(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_fetch_that_began_before_the_lookup_does_not_decide_it() {
    let on = Fixture::start().await;
    on.issuer.set_delay(Duration::from_secs(2));
    let first = on.spawn_find("second", Asker::SignIn);
    after(Duration::from_secs(1)).await;
    // The fetch under way has the old keys.
    on.issuer.publish(&["second"]);
    let stranger = on.spawn_find("second", Asker::Stranger);
    settle().await;
    assert_eq!(first.await.unwrap(), UNKNOWN);
    assert_eq!(stranger.await.unwrap(), Ok(()));
    assert_eq!(on.issuer.fetched(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_request_keeps_its_turn() {
    let on = Fixture::start().await;
    on.issuer.set_delay(Duration::from_secs(1));
    let gone = on.spawn_find("second", Asker::SignIn);
    settle().await;
    gone.abort();
    after(Duration::from_millis(1_500)).await;
    assert_eq!(on.find("second", Asker::SignIn).await, UNKNOWN);
    assert_eq!(on.issuer.fetched(), 2);
}

#[tokio::test(start_paused = true)]
async fn during_an_outage_sign_ins_fail_immediately_between_the_attempts() {
    let on = Fixture::start().await;
    on.issuer.set_down(true);
    for _ in 0..3 {
        assert_eq!(on.find("second", Asker::SignIn).await, Err(KeyLookupError::Unavailable));
    }
    assert_eq!(on.issuer.fetched(), 2);
    assert_eq!(on.find("first", Asker::SignIn).await, Ok(()), "known keys stay in use");
    // Repeated without a request.
    on.issuer.set_down(false);
    on.issuer.publish(&["second"]);
    after(Duration::from_secs(1)).await;
    assert_eq!(on.issuer.fetched(), 3);
    assert_eq!(on.find("second", Asker::SignIn).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn keys_that_were_not_fetched_for_a_day_are_not_current_but_stay_in_use() {
    let (lines, _guard) = Lines::capture();
    let on = Fixture::start().await;
    on.issuer.set_down(true);
    after(MAX_AGE - Duration::from_secs(60)).await;
    assert_eq!(on.keys.check_current(), Ok(()));
    assert!(lines.with("older than 24 hours").is_empty());
    after(Duration::from_secs(120)).await;
    assert_eq!(on.keys.check_current(), Err(NotCurrent::TooOld));
    let told = lines.with("older than 24 hours");
    assert!(told.len() == 1 && told[0].contains("ERROR"), "once, not at each attempt: {told:?}");
    assert_eq!(on.find("first", Asker::SignIn).await, Ok(()));
    on.issuer.set_down(false);
    after(RETRY_PAUSES.1).await;
    assert_eq!(on.keys.check_current(), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn keys_are_too_old_even_if_no_task_fetches_them() {
    let on = Fixture::start().await;
    on.task.abort();
    advance(MAX_AGE + Duration::from_secs(1)).await;
    assert_eq!(on.keys.check_current(), Err(NotCurrent::TooOld));
}

#[tokio::test(start_paused = true)]
async fn a_lookup_survives_the_end_of_the_task_that_fetches() {
    let on = Fixture::start().await;
    on.issuer.set_delay(Duration::from_secs(60));
    let waits = on.spawn_find("second", Asker::SignIn);
    settle().await;
    // As after a panic: the fetch has begun and never ends.
    on.task.abort();
    on.issuer.set_delay(Duration::ZERO);
    let _task = keep_fresh(&on.keys, &on.issuer);
    assert_eq!(waits.await.unwrap(), UNKNOWN);
    after(Duration::from_secs(6)).await;
    on.issuer.publish(&["second"]);
    assert_eq!(on.find("second", Asker::SignIn).await, Ok(()));
    assert_eq!(on.issuer.fetched(), 4);
    // The counters agree again: a lookup waits for its own fetch and for no other.
    after(Duration::from_secs(6)).await;
    assert_eq!(on.find("third", Asker::SignIn).await, UNKNOWN);
    assert_eq!(on.issuer.fetched(), 5);
}

#[tokio::test]
async fn no_change_of_ids_comes_once_the_keys_are_gone() {
    let keys = Keys::missing();
    let mut changes = keys.id_changes();
    keys.ids.send_replace(vec!["one".to_owned()]);
    assert_eq!(changes.next().await, ["one"]);
    drop(keys);
    assert_eq!(changes.next().now_or_never(), None);
}
