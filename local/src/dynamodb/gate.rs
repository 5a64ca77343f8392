//! The only way to the engine.
//!
//! The engine answers under any host name, and lets the pages of every site read its answers (CORS). So each request comes through
//! here first. Those that a page of another site could make are refused: with a foreign `Host` (DNS rebinding) or with an `Origin`.

use std::io::{Error, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, copy};
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

use crate::own_names::{REFUSAL, is_own};

/// Larger than any head that a client of DynamoDB sends.
const MAX_HEAD_BYTES: u64 = 64 * 1024;

/// A listener for the engine itself, which only the gate should find. On Linux every address of 127.0.0.0/8 is this machine, so a page
/// would have to guess one of 2^24 and the port. Elsewhere it would have to guess the port.
pub(super) async fn hidden_listener() -> std::io::Result<TcpListener> {
    let random = Uuid::new_v4().into_bytes();
    let hidden = Ipv4Addr::new(127, random[0], random[1], random[2].clamp(1, 254));
    match TcpListener::bind((hidden, 0)).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await,
    }
}

/// Passes connections from `listener` to the engine at `engine`. Never returns.
pub(super) async fn run(listener: TcpListener, engine: SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((client, _)) => drop(tokio::spawn(pass(client, engine))),
            // Such as too many open files: they may be closed soon.
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
        }
    }
}

/// Passes one connection, until either end closes it or a request is refused.
async fn pass(client: TcpStream, engine: SocketAddr) -> std::io::Result<()> {
    let engine = TcpStream::connect(engine).await?;
    for stream in [&client, &engine] {
        stream.set_nodelay(true)?;
    }
    let (from_client, mut to_client) = client.into_split();
    let (mut from_engine, mut to_engine) = engine.into_split();
    let refused = {
        let answers = copy(&mut from_engine, &mut to_client);
        let requests = async {
            let mut client = BufReader::new(from_client);
            while let Some(head) = read_head(&mut client).await? {
                let Some(length) = body_length(&head) else { return Ok(true) };
                to_engine.write_all(&head).await?;
                copy(&mut (&mut client).take(length), &mut to_engine).await?;
            }
            to_engine.shutdown().await?;
            Ok::<_, Error>(false)
        };
        let mut answers = std::pin::pin!(answers);
        tokio::select! {
            answered = &mut answers => answered.map(|_| false)?,
            refused = requests => {
                let refused = refused?;
                if !refused {
                    answers.await?;
                }
                refused
            }
        }
    };
    if refused {
        let answer = format!(
            "HTTP/1.1 421 Misdirected Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{REFUSAL}",
            REFUSAL.len()
        );
        to_client.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

/// The next head, up to its empty line; `None` at the end of the connection.
async fn read_head(client: &mut BufReader<OwnedReadHalf>) -> std::io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    let mut client = client.take(MAX_HEAD_BYTES);
    loop {
        let start = head.len();
        if client.read_until(b'\n', &mut head).await? == 0 {
            return if head.is_empty() { Ok(None) } else { Err(ErrorKind::UnexpectedEof.into()) };
        }
        if matches!(&head[start..], b"\r\n" | b"\n") && start > 0 {
            return Ok(Some(head));
        }
    }
}

/// The length of the body of a request that may pass; `None` if it may not. Clients of DynamoDB send `Content-Length`.
fn body_length(head: &[u8]) -> Option<u64> {
    let head = std::str::from_utf8(head).ok()?;
    let (target, fields) = head.split_once('\n')?;
    if !target.split(' ').nth(1)?.starts_with('/') {
        return None;
    }
    let (mut hosts, mut length) = (0, None);
    for line in fields.lines().filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':')?;
        match name.to_ascii_lowercase().as_str() {
            "host" if is_own(value.trim().as_bytes(), None) => hosts += 1,
            "host" | "origin" | "transfer-encoding" => return None,
            "content-length" if length.is_none() => length = Some(value.trim().parse().ok()?),
            "content-length" => return None,
            _ => (),
        }
    }
    (hosts == 1).then_some(length.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::body_length;

    #[test]
    fn requests_that_a_web_page_could_make_are_refused() {
        let length = |target: &str, fields: &[&str]| {
            body_length(format!("{target}\r\n{}\r\n\r\n", fields.join("\r\n")).as_bytes())
        };
        let post = "POST / HTTP/1.1";
        assert_eq!(length(post, &["Host: 127.0.0.1:1", "Content-Length: 12"]), Some(12));
        assert_eq!(length(post, &["host:localhost", "x-amz-target: a:b"]), Some(0));
        for (target, fields) in [
            (post, &["content-length: 1"][..]),
            (post, &["host: evil.example:1"]),
            (post, &["host: 127.0.0.1:1", "host: 127.0.0.1:1"]),
            (post, &["host: 127.0.0.1:1", "Origin: https://evil.example"]),
            (post, &["host: 127.0.0.1:1", "origin: null"]),
            (post, &["host: 127.0.0.1:1", "transfer-encoding: chunked"]),
            (post, &["host: 127.0.0.1:1", "content-length: 1", "content-length: 2"]),
            (post, &["host: 127.0.0.1:1", "content-length: x"]),
            (post, &["host: 127.0.0.1:1", "no field"]),
            ("POST http://evil.example/ HTTP/1.1", &["host: 127.0.0.1:1"]),
        ] {
            assert_eq!(length(target, fields), None, "{target} {fields:?}");
        }
    }
}
