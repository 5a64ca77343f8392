use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{sync::Notify, time::sleep};

use super::*;
use crate::{documents::Problem, documents::causes::Call, request_context::Reference, secret::Secret};

type Loads = Arc<AtomicUsize>;

fn person(session: &str, user: &str) -> Person {
    Person {
        session: session.to_owned(),
        user: user.to_owned(),
        provider: "staff".to_owned(),
        refresh_token: Secret::new("token"),
        reference: Reference([0; 4]),
    }
}

fn key(session: &str, user: &str) -> Key<u32> {
    Key::new(&person(session, user), 0)
}

fn at(value: u32, seconds: u64) -> Result<u32> {
    Ok(Fresh { value, until: Instant::now() + Duration::from_secs(seconds) })
}

fn failure() -> DocumentsError {
    DocumentsError::new(Problem::Busy, Call::ListGrants, "a reason", &[])
}

/// Gets a value that is used for a minute.
async fn get(cache: &Cache<u32, u32>, key: Key<u32>, value: u32, loads: &Loads) -> u32 {
    let loads = Arc::clone(loads);
    let load = async move {
        loads.fetch_add(1, Ordering::SeqCst);
        sleep(Duration::from_secs(1)).await;
        at(value, 60)
    };
    cache.get(key, load).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_value_is_got_once_until_it_ends() {
    let (cache, loads) = (Cache::new(10), Loads::default());
    assert_eq!(get(&cache, key("a", "u"), 1, &loads).await, 1);
    sleep(Duration::from_secs(59)).await;
    assert_eq!(get(&cache, key("a", "u"), 2, &loads).await, 1);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(get(&cache, key("a", "u"), 3, &loads).await, 3);
    assert_eq!(loads.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn sessions_and_users_never_share_a_value() {
    let (cache, loads) = (Cache::new(10), Loads::default());
    assert_eq!(get(&cache, key("a", "u"), 1, &loads).await, 1);
    assert_eq!(get(&cache, key("a", "v"), 2, &loads).await, 2);
    assert_eq!(get(&cache, key("b", "u"), 3, &loads).await, 3);
    assert_eq!(get(&cache, Key::new(&person("a", "u"), 1), 4, &loads).await, 4);
    assert_eq!(loads.load(Ordering::SeqCst), 4);
}

#[tokio::test(start_paused = true)]
async fn callers_at_the_same_time_share_one_task() {
    let (cache, loads) = (Cache::new(10), Loads::default());
    let all = (0..100).map(|value| get(&cache, key("a", "u"), value, &loads));
    let values = futures_util::future::join_all(all).await;
    assert!(values.iter().all(|value| *value == values[0]), "{values:?}");
    assert_eq!(loads.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_is_cancelled_stops_nothing() {
    let (cache, loads) = (Arc::new(Cache::new(10)), Loads::default());
    let first = tokio::time::timeout(Duration::from_millis(1), get(&cache, key("a", "u"), 1, &loads));
    let second = get(&cache, key("a", "u"), 2, &loads);
    let (first, second) = tokio::join!(first, second);
    assert!(first.is_err());
    assert_eq!(second, 1, "the task of the first caller");
    assert_eq!(loads.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn an_error_is_shared_by_those_who_wait_and_kept_for_nobody_else() {
    let (cache, loads) = (Cache::<u32, u32>::new(10), Loads::default());
    let fail = || {
        let loads = Arc::clone(&loads);
        cache.get(key("a", "u"), async move {
            loads.fetch_add(1, Ordering::SeqCst);
            sleep(Duration::from_secs(1)).await;
            Err(failure())
        })
    };
    let (one, other) = tokio::join!(fail(), fail());
    assert_eq!((one, other), (Err(failure()), Err(failure())));
    assert_eq!(loads.load(Ordering::SeqCst), 1);
    assert_eq!(get(&cache, key("a", "u"), 3, &loads).await, 3);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_panics_is_an_error_once() {
    let (cache, loads) = (Cache::<u32, u32>::new(10), Loads::default());
    let lost = cache.get(key("a", "u"), async { panic!("a bug") }).await;
    assert_eq!(lost, Err(DocumentsError::lost()));
    assert_eq!(get(&cache, key("a", "u"), 3, &loads).await, 3);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_ended_leaves_nothing_behind() {
    let (cache, loads) = (Arc::new(Cache::new(10)), Loads::default());
    get(&cache, key("a", "u"), 1, &loads).await;
    get(&cache, key("b", "u"), 2, &loads).await;
    // Another value of the session is on its way.
    let (begun, finish) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let late = tokio::spawn({
        let (cache, begun, finish) = (Arc::clone(&cache), Arc::clone(&begun), Arc::clone(&finish));
        async move {
            let load = async move {
                begun.notify_one();
                finish.notified().await;
                at(3, 60)
            };
            cache.get(Key::new(&person("a", "u"), 1), load).await
        }
    });
    begun.notified().await;
    cache.forget("a");
    finish.notify_one();
    assert_eq!(late.await.unwrap(), Ok(3), "a request that had begun gets its answer");
    // Nor does a request that reads the cache after the end store anything.
    get(&cache, key("a", "u"), 4, &loads).await;
    let kept = cache.lock().slots.keys().map(|key| key.session.clone()).collect::<Vec<_>>();
    assert_eq!(kept, ["b"]);
}

#[tokio::test(start_paused = true)]
async fn the_number_of_values_is_bounded() {
    let (cache, loads) = (Cache::new(3), Loads::default());
    for number in 0..10 {
        get(&cache, key(&number.to_string(), "u"), number, &loads).await;
        assert!(cache.lock().slots.len() <= 3);
    }
    assert_eq!(get(&cache, key("9", "u"), 0, &loads).await, 9, "the newest stay");
    assert_eq!(get(&cache, key("0", "u"), 11, &loads).await, 11, "the oldest make room");
}

#[tokio::test(start_paused = true)]
async fn what_has_ended_does_not_stay_in_memory() {
    let (cache, loads) = (Cache::new(100), Loads::default());
    for number in 0..10 {
        get(&cache, key(&number.to_string(), "u"), number, &loads).await;
    }
    cache.forget("5");
    sleep(Duration::from_secs(601)).await;
    get(&cache, key("new", "u"), 1, &loads).await;
    let entries = cache.lock();
    assert_eq!((entries.slots.len(), entries.ended.len()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn only_the_value_that_was_refused_is_removed() {
    let (cache, loads) = (Cache::new(10), Loads::default());
    get(&cache, key("a", "u"), 1, &loads).await;
    cache.remove_if(&key("a", "u"), |value| *value == 7);
    assert_eq!(get(&cache, key("a", "u"), 2, &loads).await, 1);
    cache.remove_if(&key("a", "u"), |value| *value == 1);
    assert_eq!(get(&cache, key("a", "u"), 3, &loads).await, 3);
}

#[tokio::test(start_paused = true)]
async fn a_value_that_ends_at_once_is_given_to_the_one_who_asked() {
    let cache = Cache::<u32, u32>::new(10);
    for value in 0..3 {
        assert_eq!(cache.get(key("a", "u"), async move { at(value, 0) }).await, Ok(value));
    }
}
