//! What the fuzz targets (`server/fuzz`) reach that is private otherwise. It is there under `cargo fuzz` alone.

pub use crate::{
    query::{Repeated, parameter},
    sessions::properties::holds as cookies_hold,
    sign_in::fuzzing::{TokenCheck, answer_holds, return_to_holds},
};
