//! What metrics and traces cost: requests per second of three servers that differ in nothing else.

use std::{path::Path, process::Stdio};

use axum::{Router, routing::post};
use testkit::{Example, Scratch};
use tokio::net::TcpListener;

use crate::{
    ROUNDS, median,
    process::{self, Server},
    report::Report,
    requests_per_second,
};

/// Starts the servers with settings added to `example`. Alternates between them.
pub(crate) async fn measure(report: &mut Report, work: &Scratch, example: &Example) {
    // A collector that keeps nothing.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let collector = listener.local_addr().expect("an address");
    let router = Router::new().route("/v1/traces", post(async || ()));
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });

    let metrics = "[metrics]\nlisten = \"127.0.0.1:0\"\n";
    let traces =
        |ratio: f64| format!("{metrics}[traces]\nendpoint = \"http://{collector}\"\nsampling_ratio = {ratio}\n");
    let variants = [
        ("neither", String::new()),
        ("metrics", metrics.to_owned()),
        ("traces of 1 in 100", traces(0.01)),
        ("all traces", traces(1.0)),
    ];
    let ports: [u16; 4] = process::free_ports();
    let servers: Vec<_> = variants
        .iter()
        .zip(ports)
        .map(|((_, settings), port)| {
            let (address, origin) = (format!("127.0.0.1:{port}"), format!("http://127.0.0.1:{port}"));
            let example = example.clone().listen(&address).with(settings);
            let config = work.file(&format!("monitoring-{port}.toml"), &example.to_toml());
            (Server::start(&config, &origin, Stdio::null()), origin)
        })
        .collect();
    for path in ["/healthz", "/"] {
        let mut rates = vec![Vec::new(); servers.len()];
        for _ in 0..ROUNDS {
            for ((_, origin), rates) in servers.iter().zip(&mut rates) {
                rates.push(requests_per_second(&format!("{origin}{path}")));
            }
        }
        let rates: Vec<f64> = rates.into_iter().map(median).collect();
        for ((name, _), rate) in variants.iter().zip(&rates).skip(1) {
            report.number(&format!("{path} with {name}, against neither"), rate / rates[0]);
        }
        report.at_least(&format!("{path} with metrics, against neither"), rates[1] / rates[0], 0.9);
    }
    serving.abort();
}

/// Runs only this section, with the binary of the same build.
pub(crate) async fn alone(report: &mut Report, work: &Scratch, example: &Example) {
    measure(report, work, example).await;
    report.finish(Path::new("target/bench/monitoring.json"));
}
