//! Shared settings of the property tests. The tests are next to the code of each module.

use proptest::test_runner::Config;

/// `count` cases, without seed files in the source tree: a failure prints its input.
pub(crate) fn cases(count: u32) -> Config {
    Config { failure_persistence: None, ..Config::with_cases(count) }
}
