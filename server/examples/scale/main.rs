//! `make scale`: two servers of one site on one DynamoDB engine behind a balancer serve the visits that the model of
//! `docs/scaling.md` predicts for its smallest service, and everything that the model predicts is counted.
//!
//! The servers are processes of their own, and so is the engine. The user pool, itsme, the balancer and the citizens are in this
//! process. Between the servers and the engine is a meter, which adds up the request units of DynamoDB.
//!
//! First each action is repeated by itself, which gives its cost. Then come the visits of the plan.
//!
//! Usage: `scale PLAN RESULT`. `SCALE_SERVER` names another server binary than that of the same build.

#![expect(clippy::expect_used, clippy::panic, reason = "an unexpected error ends the run")]

mod balancer;
#[path = "../soak/engine.rs"]
#[allow(dead_code, reason = "this program does not disturb the engine")]
mod engine;
mod plan;
#[path = "../support/process.rs"]
#[allow(dead_code, reason = "this program starts its servers itself, because it keeps all that they log")]
mod process;
mod servers;
#[path = "../support/tables.rs"]
mod tables;
mod visitor;

use std::{
    env, fs,
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use local::{
    providers::IdentityProvider,
    user_pool::{OidcProvider, UserPool, UserPoolOptions},
};
use serde_json::{Value, json};
use testkit::{Meter, Scratch, Taken, browser::keep_alive_client, example::Cognito};
use tokio::{task::JoinSet, time::Instant as Moment};

use self::{
    balancer::{Balancer, Traffic},
    engine::Engine,
    plan::{Action, Plan},
    servers::{Servers, Used},
    visitor::{Tally, Visitor, World},
};

/// Longer than any answer takes.
const TIMEOUT: Duration = Duration::from_secs(20);
/// How many citizens repeat an action simultaneously, and how long each waits before the next time. The pace is about that of the
/// visits, because requests that follow each other closely cost less.
const CONCURRENCY: u32 = 2;
const PAUSE: Duration = Duration::from_millis(20);

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    match &arguments[..] {
        [command, data_dir, port] if command == engine::ARGUMENT => {
            engine::run(Path::new(data_dir), port.parse().expect("a port")).await
        }
        [plan, result] => {
            let plan = Plan::read(Path::new(plan));
            let result_path = Path::new(result);
            let result = run(&plan, result_path.parent().expect("a folder")).await;
            fs::write(result_path, serde_json::to_vec_pretty(&result).expect("JSON")).expect("the result");
            println!("\nwritten to {}", result_path.display());
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("usage: scale PLAN RESULT");
            ExitCode::from(2)
        }
    }
}

/// Everything that runs.
struct Run {
    servers: Servers,
    balancer: Balancer,
    meter: Meter,
    pool: UserPool,
    world: Arc<World>,
}

/// What something took: time, and the work of each part.
struct Took {
    seconds: f64,
    used: Used,
    traffic: Traffic,
    units: Taken,
    upkeep: Taken,
    pool_calls: usize,
}

async fn run(plan: &Plan, folder: &Path) -> Value {
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let work = Scratch::make();
    let [site_port, pool_port, engine_port, first_port, second_port] = process::free_ports();
    let origin = format!("http://127.0.0.1:{site_port}");
    let itsme = IdentityProvider::start_with_numbered("itsme", ([127, 0, 0, 1], 0).into(), plan.citizens());
    let itsme = itsme.await.expect("itsme");
    let mut options = UserPoolOptions::new(origin.clone(), vec![OidcProvider::new("itsme", itsme.registration())]);
    options.listen = ([127, 0, 0, 1], pool_port).into();
    let pool = UserPool::start(options).await.expect("the user pool");
    // Another engine, such as that of scripts/ministack.sh.
    let other = env::var("MYDATA_TEST_DYNAMODB_URL").ok();
    let engine = match other {
        Some(_) => None,
        None => Some(Engine::start(&work.path().join("data"), engine_port).await),
    };
    let engine_url = other.unwrap_or_else(|| engine.as_ref().map(Engine::url).expect("an engine"));
    let cognito = Cognito::stand_in(pool.issuer(), pool.domain_url());
    tables::create(&process::deployment(&origin, cognito.clone(), &engine_url)).await;
    let meter = Meter::start(&engine_url).await;
    let example = process::deployment(&origin, cognito, meter.url());

    let addresses = [first_port, second_port].map(|port| ([127, 0, 0, 1], port).into());
    let servers = Servers::start(&example, addresses, &work, folder).await;
    let balancer = Balancer::start(([127, 0, 0, 1], site_port).into(), addresses).await;
    let world = Arc::new(World::new(origin, keep_alive_client(TIMEOUT), &process::site_root(), plan.citizens()));
    let run = Run { servers, balancer, meter, pool, world };

    println!("        warming up");
    run.repeat(Action::SignIn, CONCURRENCY, 1).await;
    let mut actions = serde_json::Map::new();
    for (repeated, first) in plan.actions.iter().zip((1..).step_by(CONCURRENCY as usize)) {
        let took = run.repeat(repeated.action, repeated.times, first).await;
        let cost = took.for_each(repeated.times);
        println!("        {}: {cost}", repeated.action);
        actions.insert(repeated.action.to_string(), cost);
    }
    println!("        {} visits in {} seconds", plan.visits.len(), plan.seconds);
    let tally = Arc::new(Tally::default());
    let took = run.measure(run.visits(plan, &tally)).await;
    json!({
        "build": run.servers.build(),
        "cpus": std::thread::available_parallelism().map_or(1, usize::from),
        "memory_mb": run.servers.memory_mb(),
        "actions": actions,
        "run": took.whole(&tally),
    })
}

impl Run {
    /// Lets `work` happen, and measures what it takes.
    async fn measure(&self, work: impl Future<Output = ()>) -> Took {
        // What the part before is still writing would count.
        tokio::time::sleep(Duration::from_millis(500)).await;
        self.meter.take();
        self.meter.take_upkeep();
        let calls = self.pool_calls();
        let (started, used, traffic) = (Instant::now(), self.servers.used(), self.balancer.traffic());
        work.await;
        let seconds = started.elapsed().as_secs_f64();
        tokio::time::sleep(Duration::from_millis(500)).await;
        Took {
            seconds,
            used: self.servers.used() - used,
            traffic: self.balancer.traffic() - traffic,
            units: self.meter.take(),
            upkeep: self.meter.take_upkeep(),
            pool_calls: self.pool_calls() - calls,
        }
    }

    fn pool_calls(&self) -> usize {
        self.pool.calls().into_iter().filter(|(name, _)| name.contains("token")).map(|(_, count)| count).sum()
    }

    /// Repeats `action` by itself, by several citizens from the number `first` on. They are signed in before that, unless the action is
    /// a sign-in or needs none.
    async fn repeat(&self, action: Action, times: u32, first: u32) -> Took {
        let each = times / CONCURRENCY;
        // A session ends once.
        let (browsers, repetitions) = if action == Action::SignOut { (each, 1) } else { (1, each) };
        let mut groups = Vec::new();
        for citizen in (first..).take(CONCURRENCY as usize) {
            let mut group: Vec<_> = (0..browsers).map(|_| Visitor::new(&self.world, citizen)).collect();
            for visitor in group.iter_mut().filter(|_| action.needs_session()) {
                visitor.act(Action::SignIn).await;
                for _ in 0..action.saves_before() {
                    visitor.act(Action::Save).await;
                }
            }
            groups.push(group);
        }
        self.measure(async {
            let all: JoinSet<_> = groups
                .into_iter()
                .map(|group| async move {
                    for mut visitor in group {
                        for _ in 0..repetitions {
                            visitor.act(action).await;
                            tokio::time::sleep(PAUSE).await;
                        }
                    }
                })
                .collect();
            all.join_all().await;
        })
        .await
    }

    /// Every visit of the plan, each at its time.
    async fn visits(&self, plan: &Plan, tally: &Arc<Tally>) {
        let started = Moment::now();
        let all: JoinSet<_> = plan
            .visits
            .iter()
            .cloned()
            .map(|visit| {
                let (world, tally) = (Arc::clone(&self.world), Arc::clone(tally));
                async move {
                    let at = started + Duration::from_secs_f64(visit.at);
                    tokio::time::sleep_until(at).await;
                    let mut visitor = Visitor::new(&world, visit.citizen);
                    // One citizen's visits do not overlap: a save would conflict with that of the other visit.
                    let _turn = world.turn(visit.citizen).await;
                    for action in visit.actions {
                        let began = Instant::now();
                        visitor.act(action).await;
                        tally.answer(action, began.elapsed());
                    }
                    tally.requests(visitor.requests());
                }
            })
            .collect();
        all.join_all().await;
    }
}

impl Took {
    /// The cost of each of `times` actions.
    fn for_each(&self, times: u32) -> Value {
        let each = |value: f64| value / f64::from(times / CONCURRENCY * CONCURRENCY);
        json!({
            "cpu_ms": round(each(self.used.cpu_seconds * 1_000.0)),
            "bytes_out": round(each(self.traffic.bytes_out as f64)),
            "log_bytes": round(each(self.used.log_bytes as f64)),
            "pool_calls": round(each(self.pool_calls as f64)),
        })
    }

    fn whole(&self, tally: &Tally) -> Value {
        let units: Value =
            self.units.units.iter().map(|(name, units)| (name.clone(), json!([units.read, units.write]))).collect();
        json!({
            "seconds": round(self.seconds),
            "requests": tally.all_requests(),
            "cpu_seconds": round(self.used.cpu_seconds),
            "cpu_seconds_of_each": self.used.cpu_seconds_of_each.map(round),
            "bytes_out": self.traffic.bytes_out,
            "connections": self.traffic.connections,
            "log_bytes": self.used.log_bytes,
            "pool_calls": self.pool_calls,
            "units": units,
            "operations": self.units.operations,
            "refused": self.units.refused,
            "retried": self.units.retried,
            "upkeep": self.upkeep.operations,
            "milliseconds": tally.percentiles(),
        })
    }
}

fn round(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}
