//! The alert rules, the dashboard and the page for operators.
//!
//! Here are the tests that need no Prometheus: whatever a rule, a panel or an entry of the page names must exist. The drills cause
//! each fault, wait for its alert, take the step that the page tells, and wait for the end of the alert. They and the queries of
//! the dashboard need Prometheus, so they run by `scripts/drills.sh`.

mod dashboard;
mod drill;
mod drills;
mod page;
mod prometheus;
mod queries;
mod restore;
mod rules;
mod watched;
