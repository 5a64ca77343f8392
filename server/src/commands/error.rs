use std::{
    fmt::Display,
    io::{self, ErrorKind, Write as _},
};

/// Why a command failed.
#[derive(Debug)]
pub(super) enum CommandError {
    /// A mistake in the command line or the configuration: exit code 2.
    Usage(String),
    /// Any other failure: exit code 1.
    Failed(String),
}

impl CommandError {
    pub(super) fn usage(problem: impl Display) -> Self {
        Self::Usage(problem.to_string())
    }

    pub(super) fn failed(problem: impl Display) -> Self {
        Self::Failed(problem.to_string())
    }
}

impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        Self::failed(error)
    }
}

/// Prints a long text. A reader such as `head` may close the pipe early.
pub(super) fn print(text: &[u8]) -> Result<(), CommandError> {
    match io::stdout().write_all(text) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
