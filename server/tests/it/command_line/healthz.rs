//! `server healthz`, which a container without a shell runs as its health check.

use server::{BodyLimits, Options};
use testkit::{Scratch, TIMEOUT};
use tokio::{
    io::AsyncReadExt as _,
    net::{TcpListener, TcpStream},
};

use super::{assert_ended, with_config};
use crate::{
    serving::slow_bodies,
    support::{
        fake_pool::FakePool,
        process::{Ended, Process, command, run, serve},
        site::{Site, SiteOptions},
    },
};

/// `healthz` with nothing but `listen` in the environment.
async fn healthz(listen: &str) -> Ended {
    let scratch = Scratch::make();
    let mut command = command(scratch.path());
    command.arg("healthz").env("MYDATA_LISTEN", listen);
    run(command).await
}

/// It fails with one line, which contains `text`.
#[track_caller]
fn assert_unhealthy(ended: &Ended, text: &str) {
    assert_ended(ended, 1, &[text]);
    assert_eq!((ended.stderr.lines().count(), ended.stdout.as_str()), (1, ""), "{}", ended.stderr);
}

#[tokio::test]
async fn healthz_finds_the_server_by_the_address_that_it_listens_on() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    for (listen, found) in [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("[::1]", "[::1]"), ("[::]", "[::1]")]
    {
        let mut command = serve(&site);
        command.env("MYDATA_LISTEN", format!("{listen}:0"));
        let process = Process::start(command, site.scratch.path()).await;
        let listen = format!("{listen}:{}", process.address.port());
        let ended = healthz(&listen).await;
        assert_ended(&ended, 0, &[]);
        assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("", ""), "{listen}");
        let port = process.address.port();
        process.stop().await;
        assert_unhealthy(&healthz(&listen).await, &format!("http://{found}:{port}/healthz: "));
    }
}

#[tokio::test]
async fn healthz_reads_nothing_but_the_address() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    // Everything else is missing or wrong.
    let toml = format!("listen = \"{}\"\nsurprise = 1\n[session]\nidle_minutes = 0\n", site.address);
    let config = site.scratch.file("partial.toml", &toml);
    assert_ended(&run(with_config(&site.scratch, &["healthz"], &config)).await, 0, &[]);
    let config = site.scratch.file("wrong.toml", "listen = \"everywhere\"");
    assert_unhealthy(&run(with_config(&site.scratch, &["healthz"], &config)).await, "listen: expected an address");
    let missing = site.scratch.path().join("missing.toml");
    assert_unhealthy(&run(with_config(&site.scratch, &["healthz"], &missing)).await, "missing.toml: cannot be read");
}

#[tokio::test]
async fn healthz_fails_for_another_answer_and_for_none() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 1024]).await;
            stream.try_write(b"HTTP/1.1 503 Service Unavailable\r\n\r\n").unwrap();
        }
    });
    assert_unhealthy(&healthz(&address).await, "the answer is not 200");
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    assert_unhealthy(&healthz(&silent.local_addr().unwrap().to_string()).await, "no answer within");
}

#[tokio::test]
async fn healthz_succeeds_while_busy_connections_reach_a_ceiling() {
    for more in ["[limits]\nconnections = 8\n", "[limits]\nconnections_per_address = 8\n"] {
        let pool = FakePool::start().await;
        let body = BodyLimits { piece: TIMEOUT, ..BodyLimits::PAGES };
        let options = Options { body, ..Options::default() };
        let site = Site::start_at(&pool, SiteOptions { more, server: Some(options), ..SiteOptions::default() }).await;
        let busy: Vec<TcpStream> = slow_bodies(&site, 8).await;
        assert_eq!(testkit::client().get(site.url("/")).send().await.unwrap().status(), 503, "the ceiling is reached");
        assert_ended(&healthz(&site.address.to_string()).await, 0, &[]);
        drop(busy);
    }
}
