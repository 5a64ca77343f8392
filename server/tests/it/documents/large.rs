//! Large documents, sent by the server in a process of its own, as operators run it.

#![cfg(target_os = "linux")]

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use local::aws::{AwsFault, Content, Document};
use testkit::{client, until};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    sync::watch,
};

use crate::support::{
    process::{Process, serve},
    site::{Site, SiteOptions},
};

const BUCKET: &str = "fps-case-files";
const GIB: u64 = 1 << 30;
const MIB: u64 = 1 << 20;
const LARGE: &str = "/documents/file?bucket=fps-case-files&key=family-benefits/large.bin";
const SMALL: &str = "/documents/file?bucket=fps-case-files&key=family-benefits/small.bin";

/// Much less than the server allows a client that reads nothing.
const PAUSE: Duration = Duration::from_secs(2);
const BETWEEN_READS: Duration = Duration::from_millis(50);

/// A server with a signed-in case worker, who may open a document of 1 GiB.
struct Subject {
    site: Site,
    process: Process,
    cookies: String,
}

impl Subject {
    async fn start() -> Self {
        let site = Site::start_with(SiteOptions { case_workers: true, ..SiteOptions::default() }).await;
        for (name, size) in [("large", GIB), ("small", 1)] {
            site.aws().put(Document::new(BUCKET, &format!("family-benefits/{name}.bin"), Content::Zeros(size)));
        }
        let process = Process::start_ready(serve(&site), site.scratch.path()).await;
        let mut browser = process.browser(&site);
        let callback = browser.decide("/login/identity_center", "lena.dubois", "approve").await;
        assert_eq!(browser.get(&callback).await.location(), "/documents");
        let subject = Self { cookies: browser.cookie_header(), site, process };
        // What the first download of a process needs is not counted.
        assert_eq!(subject.read(SMALL).await.unwrap(), 1);
        subject.process.reset_peak_memory();
        subject
    }

    /// Reads a document as fast as it comes. Returns how many bytes came, or came before the end was missing.
    async fn read(&self, path: &str) -> Result<u64, u64> {
        let url = format!("http://{}{path}", self.process.address);
        let host = self.site.public_url.trim_start_matches("http://");
        let request = client().get(url).header("host", host).header("cookie", &self.cookies);
        let mut answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let mut read = 0;
        loop {
            match answer.chunk().await {
                Ok(Some(bytes)) => read += bytes.len() as u64,
                Ok(None) => return Ok(read),
                Err(_) => return Err(read),
            }
        }
    }

    /// Asks for the large document, and reads the head of the answer.
    async fn ask(&self) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        // The system keeps little for a client that does not read, so the server soon has to wait.
        socket.set_recv_buffer_size(64 * 1024).unwrap();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.process.address.port()));
        let mut stream = socket.connect(address).await.unwrap();
        let host = self.site.public_url.trim_start_matches("http://");
        let request = format!("GET {LARGE} HTTP/1.1\r\nhost: {host}\r\ncookie: {}\r\n\r\n", self.cookies);
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap();
        assert!(head.starts_with("HTTP/1.1 200 ") && head.contains("content-length: 1073741824"), "{head}");
        stream
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_download_needs_little_memory() {
    let subject = Subject::start().await;
    let before = subject.process.peak_memory();
    assert_eq!(subject.read(LARGE).await, Ok(GIB));
    let grown = subject.process.peak_memory() - before;
    assert!(grown < 50 * MIB, "memory grew by {grown} bytes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_readers_hold_no_more_than_their_share() {
    const READERS: usize = 50;
    const PARTS: usize = 16;
    let subject = Subject::start().await;
    let before = subject.process.peak_memory();
    let (stop, stopped) = watch::channel(false);
    let mut readers = Vec::new();
    // One after another: what opening them costs is not the subject.
    for _ in 0..READERS {
        let (mut stream, stopped) = (subject.ask().await, stopped.clone());
        let read = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&read);
        let reader = tokio::spawn(async move {
            tokio::time::sleep(PAUSE).await;
            let mut part = vec![0; 16 * 1024];
            while !*stopped.borrow() {
                stream.read_exact(&mut part).await.unwrap();
                count.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(BETWEEN_READS).await;
            }
        });
        readers.push((reader, read));
    }
    until("every reader has gone on", async || readers.iter().all(|(_, read)| read.load(Ordering::Relaxed) >= PARTS))
        .await;
    let grown = subject.process.peak_memory() - before;
    assert!(grown < READERS as u64 * 3 * MIB, "memory grew by {grown} bytes");
    stop.send_replace(true);
    for (reader, _) in readers {
        reader.await.unwrap();
    }
}

#[tokio::test]
async fn a_download_that_s3_cuts_never_ends_cleanly() {
    let subject = Subject::start().await;
    subject.site.aws().put(Document::new(BUCKET, "family-benefits/small.bin", Content::Zeros(MIB)));
    subject.site.aws().misbehave(AwsFault::BodyCut);
    let read = subject.read(SMALL).await.unwrap_err();
    assert!(read < MIB, "{read} bytes");
    subject.site.aws().misbehave(None);
    assert_eq!(subject.read(SMALL).await, Ok(MIB));
}
