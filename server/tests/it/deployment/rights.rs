//! The role without one of its rights: a step fails, and because of that. So does `server check`.

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
    /// The step of the tour that failed, after the right was found missing.
    step: Option<&'static str>,
    /// Whether `server check` failed, after the right was found missing.
    is_checked: bool,
    /// What contradicts that this right was the reason.
    contradictions: Vec<String>,
}

/// Runs `server check` under a role, and then uses the site until something fails.
async fn see(number: usize, removal: Value) -> Seen {
    let right = text(&removal, "right").to_owned();
    let mut place = Place::start_as(text(&removal, "role"), text(&removal, "where")).await;
    let checked = place.check().await;
    let by_check = place.denied().await.len();
    let tour = Tour::new();
    let is_finished = match place.serve().await {
        Err(_) => false,
        Ok(server) => {
            let citizen = format!("n-{:04}", number + 1);
            AssertUnwindSafe(tour.run(&place, &server, &citizen)).catch_unwind().await.is_ok()
        }
    };
    let denied = place.denied().await;
    let mut contradictions: Vec<_> = denied.iter().filter(|other| **other != right).cloned().collect();
    if !is_finished && denied.len() == by_check {
        contradictions.push(format!("nothing was denied when it failed: {}", tour.step()));
    }
    if checked.code != Some(0) && by_check == 0 {
        contradictions.push(format!("nothing was denied when check failed: {}", checked.stdout));
    }
    Seen {
        right,
        step: (!is_finished).then(|| tour.step()),
        is_checked: checked.code == Some(1) && checked.stdout.contains("FAIL"),
        contradictions,
    }
}

#[tokio::test]
#[ignore = "scripts/deployment.sh runs it"]
async fn without_any_one_right_something_fails() {
    let deployment = deployment();
    let removals = deployment["removals"].as_array().unwrap().iter().cloned().enumerate();
    let mut seen: Vec<_> =
        stream::iter(removals.map(|(number, removal)| see(number, removal))).buffer_unordered(AT_ONCE).collect().await;
    assert!(seen.len() > 20, "{} rights", seen.len());
    seen.sort_by(|one, other| one.right.cmp(&other.right));
    let mut wrong = Vec::new();
    for Seen { right, step, is_checked, contradictions } in seen {
        println!("without {right}: {}", step.unwrap_or("only check fails"));
        if !is_checked {
            wrong.push(format!("{right}: check does not notice that it is missing"));
        }
        let is_only_checked = ONLY_CHECKED.iter().any(|action| right.starts_with(action));
        if step.is_none() != is_only_checked {
            wrong.push(format!("{right}: {}", step.unwrap_or("everything works without it")));
        }
        wrong.extend(contradictions.into_iter().map(|contradiction| format!("{right}: {contradiction}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
