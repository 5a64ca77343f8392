//! Private items for the fuzz targets in `server/fuzz`. Compiled only by `cargo fuzz`.

pub use crate::{
    cookies::properties::holds as cookies_hold,
    language::properties::{accept_holds, query_holds},
    oidc::{Repeated, parameter},
    return_to::properties::holds as return_to_holds,
    sign_in::fuzzing::{TokenCheck, answer_holds},
};
