//! The choice of a language: the lines of `Accept-Language`, and an address with the parameter `lang`.
//!
//! The first line of an input is an address, and the other lines are `Accept-Language` headers.

#![no_main]

use server::fuzzing::{accept_holds, query_holds};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let mut lines = data.split(|byte| *byte == b'\n');
    let target = String::from_utf8_lossy(lines.next().unwrap_or_default());
    query_holds(&target);
    query_holds(&format!("/{target}"));
    query_holds(&format!("/?{target}"));
    accept_holds(&lines.collect::<Vec<_>>());
});
