//! How a server stops behind a load balancer: it drains.

use std::process::Command;

use serde_json::Value;
use testkit::{Browser, TIMEOUT, browser::keep_alive_client, client, until};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::support::{
    process::{Process, serve},
    site::Site,
};

fn draining(site: &Site, seconds: u32) -> Command {
    let mut command = serve(site);
    command.env("MYDATA_SHUTDOWN__DRAIN_SECONDS", seconds.to_string());
    command
}

async fn status(process: &Process, path: &str) -> u16 {
    client().get(format!("http://{}{path}", process.address)).send().await.unwrap().status().as_u16()
}

async fn save(browser: &mut Browser, text: &str, version: &str) -> u16 {
    browser.post("/api/save_message", &[("text", text), ("version", version)]).await.status.as_u16()
}

#[tokio::test]
async fn a_server_that_drains_answers_everything_until_it_refuses_connections() {
    let site = Site::start().await;
    let process = Process::start_ready(draining(&site, 300), site.scratch.path()).await;
    let mut browser = process.browser(&site);
    browser.sign_in("an").await;
    assert_eq!(save(&mut browser, "before", "0").await, 303);
    // A connection without a request yet, and one that a balancer has used before.
    let mut unused = TcpStream::connect(process.address).await.unwrap();
    let kept = keep_alive_client(TIMEOUT);
    let url = format!("http://{}/healthz", process.address);
    let answer = kept.get(&url).send().await.unwrap();
    assert!(!answer.headers().contains_key("connection"));

    process.signal();
    until("the server is not ready", async || status(&process, "/readyz").await == 503).await;
    assert_eq!(status(&process, "/healthz").await, 200, "it is not to be replaced as broken");
    for number in 0..40 {
        let answer = kept.get(&url).send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["connection"]),
            (200, &"close".parse().unwrap()),
            "{number}"
        );
        assert_eq!(status(&process, "/").await, 200, "{number}");
    }
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", process.address);
    unused.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    unused.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("connection: close"), "{answer}");
    assert_eq!(save(&mut browser, "in the drain", "1").await, 303);

    // A save that is in progress when the drain ends, and a connection whose first request is on its way.
    let address = process.address;
    let body = "text=at+the+end&version=2";
    let mut saving = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/save_message HTTP/1.1\r\nHost: {address}\r\nOrigin: {}\r\nCookie: {}\r\nExpect: 100-continue\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        site.public_url,
        browser.cookie_header(),
        body.len()
    );
    saving.write_all(head.as_bytes()).await.unwrap();
    // The handler has begun to read.
    saving.read_exact(&mut [0; 25]).await.unwrap();
    let mut late = TcpStream::connect(address).await.unwrap();
    late.write_all(request.as_bytes()).await.unwrap();
    process.signal();
    until("connections are refused", async || TcpStream::connect(address).await.is_err()).await;
    saving.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    saving.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    answer.clear();
    late.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("connection: close"), "{answer}");
    let (status, log) = process.ended().await;
    assert_eq!(status.code(), Some(0), "{log}");
    let message = "draining: /readyz fails, and requests are still served";
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let drains: Vec<_> = lines.filter(|line| line["message"] == message).collect();
    assert_eq!(drains.len(), 1, "{log}");
    let mut browser = site.browser();
    browser.sign_in("an").await;
    assert_eq!(browser.get("/my-data").await.text_area(), "at the end");
}

#[tokio::test]
async fn a_drain_ends_by_itself() {
    let site = Site::start().await;
    let process = Process::start_ready(draining(&site, 1), site.scratch.path()).await;
    process.signal();
    until("the server is not ready", async || {
        client()
            .get(format!("http://{}/readyz", process.address))
            .send()
            .await
            .map_or(true, |answer| answer.status() == 503)
    })
    .await;
    let (status, log) = process.ended().await;
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("draining"), "{log}");
}
