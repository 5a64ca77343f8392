//! `make soak`: many citizens stay signed in while what the server depends on comes and goes.
//!
//! The server is the binary as it is deployed, in a process of its own; so is the DynamoDB engine, which is killed now and then.
//! The user pool and itsme are the stand-ins, in this process. No save that was acknowledged may be lost, nobody may see what
//! belongs to another, and nothing may fail while nothing is disturbed; all else is counted and told.

#![expect(clippy::expect_used, clippy::panic, reason = "a run that cannot go on ends")]

#[path = "../support/browser.rs"]
mod browser;
mod citizen;
mod disturbances;
mod engine;
#[path = "../support/process.rs"]
mod process;
#[path = "../support/report.rs"]
mod report;
mod saves;
mod tally;

use std::{
    env, fs,
    fs::File,
    path::{Path, PathBuf},
    process::{ExitCode, Stdio},
    sync::Arc,
    time::Duration,
};

use local::{
    providers::{IdentityProvider, Kind},
    user_pool::{OidcProvider, UserPoolOptions},
};
use server::{
    config::{Config, Source},
    dynamodb,
};
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
    process::{Addresses, Server},
    report::Report,
    tally::Tally,
};

/// Where the report and the server's log are left.
const FOLDER: &str = "target/soak";
/// How many citizens sign in at the same time at the start, or read at the same time at the end.
const AT_ONCE: usize = 16;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    if let [word, data_dir, port] = &arguments[..]
        && word == engine::WORD
    {
        return engine::be(Path::new(data_dir), port.parse().expect("a port")).await;
    }
    // Dropping the run ends every process that it started.
    tokio::select! {
        all_is_well = soak() => if all_is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE },
        () = told_to_stop() => ExitCode::from(130),
    }
}

async fn soak() -> bool {
    let (count, seconds) = (number("SOAK_CITIZENS", 500), number("SOAK_SECONDS", 300));
    let time = Duration::from_secs(seconds.into());
    let work = Work::make();
    let [server_port, pool_port, engine_port] = process::free_ports();
    let origin = format!("http://127.0.0.1:{server_port}");
    let listen = ([127, 0, 0, 1], 0).into();
    let itsme = IdentityProvider::start_with_numbered(Kind::Itsme, listen, count).await.expect("itsme");
    let provider = OidcProvider::new("itsme", itsme.registration());
    let mut options = UserPoolOptions::new(origin.clone(), vec![provider]);
    options.listen = ([127, 0, 0, 1], pool_port).into();
    let pool = disturbances::pool(options.clone()).await;
    let stand_ins = StandIns { engine: Engine::start(&work.0.join("data"), engine_port).await, pool, options };
    let config = process::write_config(&work.0, &origin, &addresses(&stand_ins));
    create_tables(&config).await;
    fs::create_dir_all(FOLDER).expect("a folder");
    let log = File::create(Path::new(FOLDER).join("server.log")).expect("the log");
    let mut server = Server::start(&config, &origin, Stdio::from(log));

    let world = World {
        origin,
        client: browser::client(),
        tally: Tally::default(),
        disturbances: Disturbances::default(),
        began: Instant::now(),
    };
    let world = Arc::new(world);
    let citizens = (1..=count).map(|number| Citizen::new(&world, number)).collect();
    let citizens = few_at_once(citizens, Citizen::arrive).await;
    let signed_in = citizens.iter().filter(|citizen| citizen.is_signed_in()).count();
    println!("        {signed_in} citizens are signed in");
    let at_start = server.memory_mb("VmRSS");

    let (began, before) = (Instant::now(), requests(&citizens));
    let staying: JoinSet<_> = citizens.into_iter().map(|citizen| citizen.stay(began + time)).collect();
    let stand_ins = stand_ins.disturb(&world.disturbances, time).await;
    let citizens = staying.join_all().await;
    let requests_a_second = (requests(&citizens) - before) as f64 / began.elapsed().as_secs_f64();
    if let Some(healed) = world.disturbances.healed_at() {
        tokio::time::sleep_until(healed).await;
    }
    few_at_once(citizens, Citizen::read_at_last).await;

    let mut report = Report::default();
    report.tell("citizens", count.into());
    report.tell("seconds", seconds.into());
    report.at_least("citizens signed in at the start", signed_in as f64, count.into());
    tell_disturbances(&mut report, &world.disturbances);
    report.tell("requests a second to the server", requests_a_second);
    world.tally.tell(&mut report);
    tell_server(&mut report, &mut server, at_start);
    drop(server);
    stand_ins.pool.shutdown().await;
    itsme.shutdown().await;
    report.finish(&Path::new(FOLDER).join("latest.json"))
}

fn tell_disturbances(report: &mut Report, disturbances: &Disturbances) {
    for phase in [Phase::PoolDown, Phase::EngineDown, Phase::KeysRotated] {
        report.tell(&format!("disturbances: {phase}"), disturbances.count(phase) as f64);
    }
}

fn tell_server(report: &mut Report, server: &mut Server, memory_at_start: Option<f64>) {
    report.tell("start to first 200, ms", server.first_answer_ms);
    let memory = [memory_at_start, server.memory_mb("VmRSS"), server.memory_mb("VmHWM")];
    for (when, megabytes) in ["when all were signed in", "at the end", "at its highest"].iter().zip(memory) {
        megabytes.into_iter().for_each(|megabytes| report.tell(&format!("resident memory {when}, MB"), megabytes));
    }
    let ended = server.child.try_wait().is_ok_and(|status| status.is_some());
    report.at_most("times that the server ended", f64::from(u8::from(ended)), 0.0);
}

/// How many requests they sent to the server.
fn requests(citizens: &[Citizen]) -> u64 {
    citizens.iter().map(|citizen| citizen.browser.requests).sum()
}

/// Lets every citizen do `work`, a few at the same time.
async fn few_at_once<Done>(citizens: Vec<Citizen>, work: impl Fn(Citizen) -> Done) -> Vec<Citizen>
where
    Done: Future<Output = Citizen> + Send + 'static,
{
    let doors = Arc::new(Semaphore::new(AT_ONCE));
    let all: JoinSet<_> = citizens
        .into_iter()
        .map(|citizen| {
            let (doors, work) = (Arc::clone(&doors), work(citizen));
            async move {
                let _open = doors.acquire().await;
                work.await
            }
        })
        .collect();
    all.join_all().await
}

async fn create_tables(config: &Path) {
    let config = Config::read(Source::load(config)).expect("the configuration");
    let client = dynamodb::client(&config, &dynamodb::aws_settings(&config).await);
    dynamodb::create_tables(&client, &config.dynamodb).await.expect("the tables");
}

fn addresses(stand_ins: &StandIns) -> Addresses {
    Addresses {
        dynamodb_endpoint: stand_ins.engine.url(),
        issuer: stand_ins.pool.issuer().to_owned(),
        domain_url: stand_ins.pool.domain_url().to_owned(),
    }
}

/// The number in the environment's variable `name`, or `usual` without one.
fn number(name: &str, usual: u16) -> u16 {
    env::var(name).map_or(usual, |given| given.parse().unwrap_or_else(|_| panic!("{name} is to be a number to 65535")))
}

/// The folder of this run, removed at its end.
struct Work(PathBuf);

impl Work {
    fn make() -> Self {
        let path = env::temp_dir().join(format!("mydata-soak-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn told_to_stop() {
    let mut terminate = signal(SignalKind::terminate()).expect("signals");
    let mut interrupt = signal(SignalKind::interrupt()).expect("signals");
    tokio::select! {
        _ = terminate.recv() => (),
        _ = interrupt.recv() => (),
    }
}
