//! The role without one of its rights: something fails, and because of that.

use std::panic::AssertUnwindSafe;

use futures_util::{FutureExt as _, StreamExt as _, stream};
use serde_json::Value;

use super::{
    place::{Place, deployment, text},
    tour::Tour,
};

/// How many servers run at the same time.
const AT_ONCE: usize = 4;
/// What only `server check` asks for.
const ONLY_CHECKED: [&str; 2] = ["dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive"];

/// What came of using the site without one right.
struct Seen {
    right: String,
    /// The step of the tour that failed.
    step: Option<&'static str>,
    /// The lines of `server check` that failed.
    checked: Vec<String>,
}

/// Uses the site under a role, until something fails, and then `server check`.
async fn see(number: usize, removal: Value) -> Seen {
    let (role, right) = (text(&removal, "role"), text(&removal, "right").to_owned());
    let mut place = Place::start(role).await;
    let checked = place.check().await;
    let denied = place.denied().await;
    assert!(!denied.is_empty() && denied.iter().all(|one| *one == right), "check without {right}: {denied:?}");
    let checked = checked.stdout.lines().filter(|line| line.starts_with("FAIL")).map(str::to_owned).collect();
    let tour = Tour::new();
    let step = match place.serve().await {
        Err(_) => Some(tour.step()),
        Ok(server) => {
            let citizen = format!("n-{:04}", number + 1);
            let ended = AssertUnwindSafe(tour.run(&place, &server, &citizen)).catch_unwind().await;
            ended.is_err().then(|| tour.step())
        }
    };
    let after = place.denied().await;
    assert!(after.iter().all(|one| *one == right), "without {right}: {after:?}");
    if step.is_some() {
        assert!(after.len() > denied.len(), "without {right}: a step fails, and not because of it");
    }
    Seen { right, step, checked }
}

#[tokio::test]
#[ignore = "scripts/deployment.sh runs it"]
async fn without_any_one_right_something_fails() {
    let deployment = deployment();
    let removals = deployment["removals"].as_array().unwrap().iter().cloned().enumerate();
    let seen: Vec<_> =
        stream::iter(removals.map(|(number, removal)| see(number, removal))).buffer_unordered(AT_ONCE).collect().await;
    assert!(seen.len() > 20, "{} rights", seen.len());
    let mut wrong = Vec::new();
    for Seen { right, step, checked } in &seen {
        println!("without {right}: {}; check: {} failed", step.unwrap_or("the whole tour works"), checked.len());
        if checked.is_empty() {
            wrong.push(format!("{right}: check does not notice that it is missing"));
        }
        let is_only_checked = ONLY_CHECKED.iter().any(|action| right.starts_with(action));
        if step.is_none() != is_only_checked {
            wrong.push(format!("{right}: {step:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
