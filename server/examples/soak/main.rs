//! `make soak`: many citizens stay signed in while the server's dependencies fail and recover.
//!
//! The server is the deployed binary, in a process of its own. So is the DynamoDB engine, which is killed several times. The user
//! pool and itsme are the stand-ins, in this process. No acknowledged save may be lost, no citizen may see the data of another, and
//! nothing may fail while nothing is disturbed. Everything else is counted and reported.
//!
//! `make load`: hostile clients hold connections instead, and no citizen may wait longer than two seconds.
//!
//! `make rotate`: the keys of the site are changed instead, by rolling restarts of two servers behind a load balancer, and nothing may
//! fail. Then one server is killed, and only what was in flight there may fail.

#![expect(clippy::expect_used, clippy::panic, reason = "an unexpected error ends the run")]

mod citizen;
mod disturbances;
mod engine;
mod hostile;
mod key_change;
#[path = "../support/process.rs"]
mod process;
mod rate;
#[path = "../support/report.rs"]
mod report;
mod saves;
mod servers;
#[path = "../support/tables.rs"]
mod tables;
mod tally;

use std::{
    env, fs,
    fs::File,
    path::Path,
    process::{ExitCode, Stdio},
    sync::{Arc, OnceLock},
    time::Duration,
};

use local::{
    providers::IdentityProvider,
    user_pool::{OidcProvider, UserPoolOptions},
};
use testkit::{Scratch, browser::keep_alive_client, example::Cognito};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::Semaphore,
    task::JoinSet,
    time::Instant,
};

use self::{
    citizen::{Citizen, World},
    disturbances::{Disturbances, Phase, StandIns},
    engine::Engine,
    hostile::{Hostile, Numbers},
    key_change::KeyChange,
    process::Server,
    rate::Rate,
    report::Report,
    servers::Servers,
    tally::Tally,
};

/// The folder of the report and the server's log.
const FOLDER: &str = "target/soak";
/// Citizens that sign in simultaneously at the start, and read simultaneously at the end.
const CONCURRENCY: usize = 16;
/// The server itself takes less time for anything.
const TIMEOUT: Duration = Duration::from_secs(15);
/// The longest that a citizen may wait while hostile clients hold connections.
const MAX_WAIT_MS: f64 = 2_000.0;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    if let [command, data_dir, port] = &arguments[..]
        && command == engine::ARGUMENT
    {
        return engine::run(Path::new(data_dir), port.parse().expect("a port")).await;
    }
    // Dropping the run stops every process that it started.
    tokio::select! {
        passed = soak() => if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE },
        () = stop_signal() => ExitCode::from(130),
    }
}

/// What runs the site.
enum Site {
    One(Server),
    /// Their keys are changed.
    Two(Box<Servers>),
}

async fn soak() -> bool {
    let (count, seconds) = (number("SOAK_CITIZENS", 500), number("SOAK_SECONDS", 300));
    let time = Duration::from_secs(seconds.into());
    let numbers = Numbers(["SOAK_IDLE", "SOAK_SLOW_BODIES", "SOAK_UNREAD"].map(|name| number(name, 0)));
    let is_load = numbers.0.iter().any(|number| *number > 0);
    let changes_keys = number("SOAK_KEYS", 0) > 0;
    assert!(!(is_load && changes_keys), "SOAK_KEYS does not go together with hostile clients");
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let work = Scratch::make();
    let [site_port, pool_port, engine_port, first_port, second_port] = process::free_ports();
    let origin = format!("http://127.0.0.1:{site_port}");
    let listen = ([127, 0, 0, 1], 0).into();
    let itsme = IdentityProvider::start_with_numbered("itsme", listen, count).await.expect("itsme");
    let provider = OidcProvider::new("itsme", itsme.registration());
    let mut options = UserPoolOptions::new(origin.clone(), vec![provider]);
    options.listen = ([127, 0, 0, 1], pool_port).into();
    let pool = disturbances::pool(options.clone()).await;
    let stand_ins = StandIns { engine: Engine::start(&work.path().join("data"), engine_port).await, pool, options };
    let cognito = Cognito::stand_in(stand_ins.pool.issuer(), stand_ins.pool.domain_url());
    let example = process::deployment(&origin, cognito, &stand_ins.engine.url());
    tables::create(&example).await;
    fs::create_dir_all(FOLDER).expect("a folder");
    let log = File::create(Path::new(FOLDER).join("server.log")).expect("the log");
    let site = if changes_keys {
        let ports = [first_port, second_port];
        let servers = Servers::start(example, site_port, ports, key_change::before, log, &work).await;
        Site::Two(Box::new(servers))
    } else {
        let config = work.file("config.toml", &example.to_toml());
        Site::One(Server::start(&config, &origin, Stdio::from(log)))
    };

    let world = World {
        origin,
        client: keep_alive_client(TIMEOUT),
        tally: Tally::default(),
        disturbances: Disturbances::default(),
        started: Instant::now(),
        next_day: OnceLock::new(),
        count,
    };
    let world = Arc::new(world);
    let citizens = (1..=count).map(|number| Citizen::new(&world, number)).collect();
    let citizens = with_limited_concurrency(citizens, Citizen::sign_in_first).await;
    let signed_in = citizens.iter().filter(|citizen| citizen.is_signed_in()).count();
    println!("        {signed_in} citizens are signed in");
    let at_start = match &site {
        Site::One(server) => server.memory_mb("VmRSS"),
        Site::Two(_) => None,
    };

    let (started, before) = (Instant::now(), requests(&citizens));
    let address = ([127, 0, 0, 1], site_port).into();
    let hostile = is_load.then(|| Hostile::start(address, numbers, &largest_file()));
    let staying: JoinSet<_> = citizens.into_iter().map(|citizen| citizen.stay(started + time)).collect();
    let mut rotation = None;
    let (site, stand_ins) = match site {
        Site::Two(mut servers) => {
            let end = started + time;
            let balancer = Arc::clone(&servers.balancer);
            let rate = Rate::until(end, move || balancer.requests());
            let change = KeyChange::run(&mut servers, &world, end, &work).await;
            servers.kill_one(&world.disturbances, end).await;
            rotation = Some((rate, change));
            (Site::Two(servers), stand_ins)
        }
        one if is_load => (one, stand_ins),
        one => (one, stand_ins.disturb(&world.disturbances, time).await),
    };
    let citizens = staying.join_all().await;
    let requests_per_second = (requests(&citizens) - before) as f64 / started.elapsed().as_secs_f64();
    if let Some(recovered) = world.disturbances.recovered_at() {
        tokio::time::sleep_until(recovered).await;
    }
    with_limited_concurrency(citizens, Citizen::read_at_end).await;

    let mut report = Report::default();
    report.number("citizens", count.into());
    report.number("seconds", seconds.into());
    report.at_least("citizens signed in at the start", signed_in as f64, count.into());
    report_disturbances(&mut report, &world.disturbances);
    report.number("requests per second to the server", requests_per_second);
    world.tally.report(&mut report);
    if let Some(hostile) = hostile {
        hostile.report(&mut report);
        report.at_most("longest wait of a citizen, ms", world.tally.longest_ms(), MAX_WAIT_MS);
    }
    match site {
        Site::One(mut server) => report_server(&mut report, &mut server, at_start),
        Site::Two(servers) => {
            if let Some((rate, change)) = rotation {
                change.report(&mut report);
                servers.report(&mut report, &rate, &world.tally, key_change::RESTARTS);
            }
        }
    }
    stand_ins.pool.shutdown().await;
    itsme.shutdown().await;
    let name = match (is_load, changes_keys) {
        (true, _) => "load.json",
        (_, true) => "rotate.json",
        _ => "latest.json",
    };
    report.finish(&Path::new(FOLDER).join(name))
}

/// The address of the largest file for browsers.
fn largest_file() -> String {
    let files = fs::read_dir("target/site/pkg").expect("the site").filter_map(Result::ok);
    let largest = files.max_by_key(|file| file.metadata().map_or(0, |metadata| metadata.len())).expect("a file");
    format!("/pkg/{}", largest.file_name().to_string_lossy())
}

fn report_disturbances(report: &mut Report, disturbances: &Disturbances) {
    for phase in [Phase::PoolDown, Phase::EngineDown, Phase::KeysRotated] {
        report.number(&format!("disturbances: {phase}"), disturbances.count(phase) as f64);
    }
}

fn report_server(report: &mut Report, server: &mut Server, memory_at_start: Option<f64>) {
    report.number("start to first 200, ms", server.first_answer_ms);
    let memory = [memory_at_start, server.memory_mb("VmRSS"), server.memory_mb("VmHWM")];
    for (when, megabytes) in ["when all were signed in", "at the end", "at its highest"].iter().zip(memory) {
        megabytes.into_iter().for_each(|megabytes| report.number(&format!("resident memory {when}, MB"), megabytes));
    }
    let ended = server.child.try_wait().is_ok_and(|status| status.is_some());
    report.at_most("times that the server stopped", f64::from(u8::from(ended)), 0.0);
}

/// The number of their requests to the server.
fn requests(citizens: &[Citizen]) -> u64 {
    citizens.iter().map(|citizen| citizen.browser.requests()).sum()
}

/// Lets every citizen do `work`, a few of them simultaneously.
async fn with_limited_concurrency<Done>(citizens: Vec<Citizen>, work: impl Fn(Citizen) -> Done) -> Vec<Citizen>
where
    Done: Future<Output = Citizen> + Send + 'static,
{
    let permits = Arc::new(Semaphore::new(CONCURRENCY));
    let all: JoinSet<_> = citizens
        .into_iter()
        .map(|citizen| {
            let (permits, work) = (Arc::clone(&permits), work(citizen));
            async move {
                let _permit = permits.acquire().await;
                work.await
            }
        })
        .collect();
    all.join_all().await
}

/// The number in the environment variable `name`, or `default`.
fn number(name: &str, default: u16) -> u16 {
    env::var(name)
        .map_or(default, |given| given.parse().unwrap_or_else(|_| panic!("{name} must be a number of at most 65535")))
}

async fn stop_signal() {
    let mut terminate = signal(SignalKind::terminate()).expect("signals");
    let mut interrupt = signal(SignalKind::interrupt()).expect("signals");
    tokio::select! {
        _ = terminate.recv() => (),
        _ = interrupt.recv() => (),
    }
}
