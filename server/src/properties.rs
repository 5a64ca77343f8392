//! What the property tests share. Each module has its own, beside its code.

use proptest::test_runner::Config;

/// So many cases, and no files of seeds in the source tree: a failure prints what it takes to write a test of it.
pub(crate) fn cases(count: u32) -> Config {
    Config { failure_persistence: None, ..Config::with_cases(count) }
}
