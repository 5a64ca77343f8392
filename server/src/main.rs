//! The command line: `serve`, `check`, `create-tables`, `federation new-key`, `provider-guide`.

use std::{
    io::{ErrorKind, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use server::{
    HEAD_PATIENCE, assets,
    check::check,
    config::{Config, Source},
    dynamodb, federation,
    provider_guide::{GUIDES, Guide},
    telemetry,
};
use time::OffsetDateTime;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

const USAGE: &str = "\
server [serve]         serves the web app
server check           checks the configuration, the site, the tables, the user pool and the way to each provider
server create-tables   creates the two tables where they do not exist
server federation new-key NAME
                       makes a key for a provider's bridge: NAME.pem and its certificate NAME.crt
server provider-guide KIND [ID]
                       prints how to set up a provider (itsme, login_gov, auth0 or beyond_identity), with
                       the configuration's own values, for the provider ID or the first one of its kind

  --config FILE        the configuration; else the file that MYDATA_CONFIG names
  --help, --version
";

enum Command {
    Serve,
    Check,
    CreateTables,
    /// With the name of the files to make.
    NewKey(PathBuf),
    /// With the id of the provider.
    ProviderGuide(&'static Guide, Option<String>),
}

struct Arguments {
    command: Command,
    config: Option<PathBuf>,
}

/// What ends the process, with its exit code.
enum End {
    /// Something was wrong with the command line or the configuration.
    Usage(String),
    /// Something else failed.
    Failed(String),
}

fn main() -> ExitCode {
    let _log = telemetry::start();
    let ended = arguments(std::env::args().skip(1)).and_then(|arguments| match arguments {
        Ok(arguments) => {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()
                .map_err(|error| End::Failed(error.to_string()))?;
            runtime.block_on(run(arguments))
        }
        Err(text) => {
            println!("{text}");
            Ok(())
        }
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(End::Usage(problem)) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
        Err(End::Failed(problem)) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

/// The arguments, or (`Ok(Err)`) the text that was asked for.
fn arguments(given: impl Iterator<Item = String>) -> Result<Result<Arguments, String>, End> {
    let given: Vec<_> = given.collect();
    // Wherever it stands: behind the name of a command it is not that command's own.
    if given.iter().any(|argument| argument == "--help" || argument == "-h") {
        return Ok(Err(USAGE.to_owned()));
    }
    let mut given = given.into_iter();
    let (mut command, mut config) = (None, None);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--version" => return Ok(Err(format!("server {}", env!("CARGO_PKG_VERSION")))),
            "--config" => {
                config = Some(
                    given
                        .next()
                        .map(PathBuf::from)
                        .ok_or_else(|| End::Usage(format!("--config needs a file\n\n{USAGE}")))?,
                )
            }
            "serve" if command.is_none() => command = Some(Command::Serve),
            "check" if command.is_none() => command = Some(Command::Check),
            "create-tables" if command.is_none() => command = Some(Command::CreateTables),
            "federation" if command.is_none() => {
                let name = given.next().filter(|word| word == "new-key").and_then(|_| given.next());
                let name = name.filter(|name| !name.is_empty() && !name.starts_with('-') && !name.ends_with('/'));
                let expected = || End::Usage(format!("federation new-key needs a name for the files\n\n{USAGE}"));
                command = Some(Command::NewKey(name.map(PathBuf::from).ok_or_else(expected)?));
            }
            "provider-guide" if command.is_none() => command = Some(Command::ProviderGuide(guide(given.next())?, None)),
            other => match &mut command {
                Some(Command::ProviderGuide(_, id)) if id.is_none() && !other.starts_with('-') => *id = Some(argument),
                _ => return Err(End::Usage(format!("what is {other}?\n\n{USAGE}"))),
            },
        }
    }
    Ok(Ok(Arguments { command: command.unwrap_or(Command::Serve), config }))
}

fn guide(kind: Option<String>) -> Result<&'static Guide, End> {
    kind.as_deref().and_then(Guide::of).ok_or_else(|| {
        let kinds = GUIDES.map(|guide| guide.kind).join(", ");
        End::Usage(format!("provider-guide needs one of the kinds {kinds}\n\n{USAGE}"))
    })
}

async fn run(arguments: Arguments) -> Result<(), End> {
    if let Command::NewKey(name) = &arguments.command {
        return make_key(name);
    }
    let file = arguments.config.or_else(|| std::env::var_os("MYDATA_CONFIG").map(PathBuf::from));
    let Some(file) = file else { return without_file(arguments.command).await };
    let config = read(&file)?;
    match arguments.command {
        Command::Serve => {
            // A site that is not there is a fault of the configuration, told before the socket is there.
            assets::find(&assets::site_root(&config)).map_err(|fault| End::Usage(fault.to_string()))?;
            let listener = bind(config.listen).await?;
            serve(config, listener).await
        }
        other => once(&other, &config).await,
    }
}

/// Needs no configuration: the key is there before its provider is.
fn make_key(name: &Path) -> Result<(), End> {
    let [key, certificate] = federation::new_key(name).map_err(|fault| End::Failed(fault.to_string()))?;
    println!(
        "{} is the private key. Put it into signing_key_files: alone if it is the first, else after the one in use.\n\
         {} is its certificate, which ends on {}: register it with the provider.\n\
         docs/providers/login_gov.md says how to change from one key to the next without an outage.",
        key.display(),
        certificate.display(),
        (OffsetDateTime::now_utc() + federation::CERTIFICATE_VALIDITY).date(),
    );
    Ok(())
}

fn read(file: &Path) -> Result<Config, End> {
    Config::read(Source::load(file)).map_err(|faults| End::Usage(format!("{}: {faults}", file.display())))
}

async fn bind(address: SocketAddr) -> Result<TcpListener, End> {
    TcpListener::bind(address).await.map_err(|error| End::Failed(format!("listen: {address} cannot be used ({error})")))
}

async fn serve(config: Config, listener: TcpListener) -> Result<(), End> {
    server::run(config, listener, HEAD_PATIENCE, stop_signal()).await.map_err(|fault| End::Failed(fault.to_string()))
}

/// The commands that do one thing and end.
async fn once(command: &Command, config: &Config) -> Result<(), End> {
    match command {
        Command::Check => {
            let lines = check(config).await;
            lines.iter().for_each(|line| println!("{line}"));
            let failed = lines.iter().filter(|line| line.result.is_err()).count();
            if failed == 0 { Ok(()) } else { Err(End::Failed(format!("{failed} of {} do not hold", lines.len()))) }
        }
        Command::ProviderGuide(guide, id) => print(&guide.text(config, id.as_deref()).map_err(End::Usage)?),
        _ => {
            let client = dynamodb::client(config, &dynamodb::aws_settings(config).await);
            dynamodb::create_tables(&client, &config.dynamodb).await.map_err(|error| End::Failed(error.to_string()))?;
            println!("tables {} and {} are there", config.dynamodb.records_table, config.dynamodb.sessions_table);
            Ok(())
        }
    }
}

/// A long text, of which a reader such as `head` may not want all.
fn print(text: &str) -> Result<(), End> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(End::Failed(error.to_string())),
        _ => Ok(()),
    }
}

#[cfg(feature = "local")]
async fn without_file(command: Command) -> Result<(), End> {
    use server::local_profile::{LocalFault, LocalProfile};

    let ended = |fault: LocalFault| match fault {
        LocalFault::Config(faults) => End::Usage(format!("local profile: {faults}")),
        LocalFault::NotLoopback(_) => End::Usage(fault.to_string()),
        other => End::Failed(other.to_string()),
    };
    let profile = LocalProfile::start().await.map_err(ended)?;
    let result = match command {
        Command::Serve => {
            println!("{profile}");
            let (config, listener, stack) = profile.into_parts();
            let served = serve(config, listener).await;
            stack.shutdown().await;
            return served;
        }
        other => once(&other, profile.config()).await,
    };
    let (_, _, stack) = profile.into_parts();
    stack.shutdown().await;
    result
}

#[cfg(not(feature = "local"))]
#[expect(clippy::unused_async, reason = "its twin with the feature `local` is")]
async fn without_file(_: Command) -> Result<(), End> {
    Err(End::Usage(format!("no configuration: name a file with --config or MYDATA_CONFIG\n\n{USAGE}")))
}

/// Completes when the process is told to stop.
async fn stop_signal() {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => (),
        _ = interrupt.recv() => (),
    }
}
