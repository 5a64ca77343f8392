//! The command line: one file per command.

mod check;
mod citizen;
mod completions;
mod create_tables;
mod error;
mod healthz;
mod import;
mod new_key;
mod operator;
mod provider_guide;
mod serve;
mod with_config;

use std::{path::PathBuf, process::ExitCode};

use clap::{CommandFactory as _, Parser, Subcommand, error::ErrorKind};
use tokio::runtime::{Builder, Runtime};

use self::error::CommandError;
use crate::telemetry;

/// My Data: citizens sign in, see the details from their provider, and save a message.
#[derive(Debug, Parser)]
#[command(name = "server", version, propagate_version = true, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The configuration file; the default is the file in MYDATA_CONFIG
    #[arg(long, global = true, value_name = "FILE", overrides_with = "config")]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the web app; this is the default command
    Serve,
    /// Check the configuration, the site, the tables, the user pool and each provider
    Check(check::Arguments),
    /// Create the two tables if they do not exist
    CreateTables,
    /// End all sessions of a citizen, at the citizen's request
    EndSessions(citizen::Arguments),
    /// Print everything that is held about a citizen as JSON, at the citizen's request
    Export(citizen::Arguments),
    /// Delete everything that is held about a citizen, at the citizen's request
    Delete(citizen::Arguments),
    /// Store the messages of an earlier service, from JSON on standard input
    Import(import::Arguments),
    /// Manage the keys of a bridge to a provider
    #[command(subcommand)]
    Federation(Federation),
    #[command(about = provider_guide::about())]
    ProviderGuide(provider_guide::Arguments),
    /// Ask the running server whether it is alive; exit code 0 or 1
    Healthz,
    /// Print completions for a shell
    Completions(completions::Arguments),
}

#[derive(Debug, Subcommand)]
enum Federation {
    /// Create a private key and its certificate
    NewKey(new_key::Arguments),
}

/// Runs the command of this process. The exit code is 0 for success, 1 for a failure, and 2 for a mistake in the
/// command line or the configuration.
pub fn main() -> ExitCode {
    let _log = match telemetry::start() {
        Ok(guard) => guard,
        Err(error) => {
            eprintln!("the log cannot be started ({error})");
            return ExitCode::FAILURE;
        }
    };
    let result = match Arguments::try_parse() {
        Ok(arguments) => run(arguments),
        Err(error) => return usage(&error),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(CommandError::Usage(problem)) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
        Err(CommandError::Failed(problem)) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

/// Prints help and version to standard output. Prints a mistake to standard error, followed by the help.
fn usage(error: &clap::Error) -> ExitCode {
    // Ignore a closed pipe.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => return ExitCode::SUCCESS,
        // Help is what was printed.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => (),
        _ => eprintln!("\n{}", Arguments::command().render_long_help()),
    }
    ExitCode::from(2)
}

fn run(Arguments { command, config }: Arguments) -> Result<(), CommandError> {
    // Templates produce empty variables, so those count as unset.
    let by_variable = || std::env::var_os("MYDATA_CONFIG").filter(|value| !value.is_empty());
    let config = config.or_else(|| by_variable().map(PathBuf::from));
    on_runtime(|runtime| match command.unwrap_or(Command::Serve) {
        Command::Serve => runtime.block_on(serve::run(config)),
        Command::Check(arguments) => runtime.block_on(check::run(&arguments, config)),
        Command::CreateTables => runtime.block_on(create_tables::run(config)),
        Command::EndSessions(arguments) => {
            runtime.block_on(citizen::run(&arguments, citizen::Request::EndSessions, config))
        }
        Command::Export(arguments) => runtime.block_on(citizen::run(&arguments, citizen::Request::Export, config)),
        Command::Delete(arguments) => runtime.block_on(citizen::run(&arguments, citizen::Request::Delete, config)),
        Command::Import(arguments) => runtime.block_on(import::run(&arguments, config)),
        Command::Federation(Federation::NewKey(arguments)) => new_key::run(&arguments),
        Command::ProviderGuide(arguments) => runtime.block_on(provider_guide::run(&arguments, config)),
        Command::Healthz => runtime.block_on(healthz::run(config)),
        Command::Completions(arguments) => completions::run(&arguments),
    })
}

/// Does `work`, and waits for nothing that still blocks, such as the lookup of a name: its result has no use any more.
fn on_runtime(work: impl FnOnce(&Runtime) -> Result<(), CommandError>) -> Result<(), CommandError> {
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    let result = work(&runtime);
    runtime.shutdown_background();
    result
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread};

    use super::*;

    #[test]
    fn a_lookup_that_hangs_does_not_delay_the_exit() {
        let (release, hangs) = mpsc::channel::<()>();
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            let (begin, begun) = mpsc::channel();
            let ended = on_runtime(|runtime| {
                runtime.spawn_blocking(move || (begin.send(()), hangs.recv()));
                begun.recv().map_err(CommandError::failed)
            });
            tell.send(ended.is_ok())
        });
        assert_eq!(told.recv_timeout(testkit::TIMEOUT), Ok(true));
        drop(release);
    }
}
