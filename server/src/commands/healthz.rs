use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use super::error::CommandError;
use crate::config::{Config, Source};

/// A healthy server answers within milliseconds. Container runtimes wait for 30 seconds by default, and ECS for 5.
const TIMEOUT: Duration = Duration::from_secs(3);
/// Longer than a status line that the server sends.
const MAX_STATUS_BYTES: u64 = 64;

/// `server healthz`: whether the running server with this configuration answers `/healthz`.
///
/// It needs no shell, no secret, no AWS and no TLS, and reads only `listen`. A container's health check knows no other result than success
/// and failure, so that a mistake in the configuration is a failure too.
pub(super) async fn run(file: Option<PathBuf>) -> Result<(), CommandError> {
    let source = file.as_deref().map_or_else(Source::from_environment, Source::load);
    let listen = Config::read_listen(source).map_err(|faults| {
        let faults: Vec<_> = faults.0.iter().map(|fault| format!("{}: {}", fault.key, fault.problem)).collect();
        CommandError::Failed(faults.join("; "))
    })?;
    let address = reachable(listen);
    let answer = timeout(TIMEOUT, status_line(address)).await;
    let problem = match answer {
        Ok(Ok(line)) if line.split(' ').nth(1) == Some("200") => return Ok(()),
        Ok(Ok(_)) => "the answer is not 200".to_owned(),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("no answer within {} seconds", TIMEOUT.as_secs()),
    };
    Err(CommandError::Failed(format!("http://{address}/healthz: {problem}")))
}

/// Where a server that listens on `listen` can be reached from its own machine.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(address) if address.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(address) if address.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        address => address,
    };
    SocketAddr::new(ip, listen.port())
}

async fn status_line(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    // The host is one of the server's own names, which the local profile requires.
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut start = Vec::new();
    stream.take(MAX_STATUS_BYTES).read_to_end(&mut start).await?;
    let line = start.split(|byte| *byte == b'\r').next().unwrap_or_default();
    Ok(String::from_utf8_lossy(line).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_all_addresses_is_reached_on_loopback() {
        for (listen, expected) in [
            ("0.0.0.0:3000", "127.0.0.1:3000"),
            ("[::]:3000", "[::1]:3000"),
            ("127.0.0.1:80", "127.0.0.1:80"),
            ("10.0.0.5:3000", "10.0.0.5:3000"),
            ("[2001:db8::1]:3000", "[2001:db8::1]:3000"),
        ] {
            assert_eq!(reachable(listen.parse().unwrap()).to_string(), expected);
        }
    }
}
