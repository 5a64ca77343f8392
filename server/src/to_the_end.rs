use std::panic::resume_unwind;

/// Does `work` to its end, also when the browser that asked for it goes away meanwhile: hyper then drops the handler, and
/// half of a sign-out would be none.
pub(crate) async fn to_the_end<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    match tokio::spawn(work).await {
        Ok(done) => done,
        // Nobody aborts it, so it panicked: that goes on where it would have gone on anyway.
        Err(panic) => resume_unwind(panic.into_panic()),
    }
}
