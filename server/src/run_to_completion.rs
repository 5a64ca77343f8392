use std::panic::resume_unwind;

/// Runs `work` to completion even if the browser disconnects. Otherwise hyper would drop the handler, and a sign-out
/// could stop half-way.
pub(crate) async fn run_to_completion<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    match tokio::spawn(work).await {
        Ok(done) => done,
        // The task is never aborted, so it panicked. Continue the panic here.
        Err(panic) => resume_unwind(panic.into_panic()),
    }
}
