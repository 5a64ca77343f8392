"""What the tests of archives and images share: a server that was started by its environment alone, and what is in a binary."""

import json
import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
SYFT = ROOT / "target/syft/bin/syft"
# The libraries of a Debian for ARM, for qemu.
ARM_ROOT = "/usr/aarch64-linux-gnu"
# Longer than any start on a busy machine. No test depends on how long it takes.
TIMEOUT = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(port: int) -> dict[str, str]:
    """A whole configuration. Its user pool and its tables cannot be reached, so the server serves visitors, and is not ready."""
    return {
        "MYDATA_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "MYDATA_LISTEN": f"127.0.0.1:{port}",
        "MYDATA_COGNITO__REGION": "eu-west-1",
        "MYDATA_COGNITO__USER_POOL_ID": "eu-west-1_AbCdEf123",
        "MYDATA_COGNITO__USER_POOL_WEB_CLIENT_ID": "4u8example",
        "MYDATA_COGNITO__DOMAIN_URL": "http://127.0.0.1:9",
        "MYDATA_COGNITO__ISSUER": "http://127.0.0.1:9/eu-west-1_AbCdEf123",
        "MYDATA_DYNAMODB__ENDPOINT_URL": "http://127.0.0.1:9",
        "MYDATA_PROVIDERS__0__ID": "itsme",
        "MYDATA_PROVIDERS__0__NAME": "itsme",
        "MYDATA_PROVIDERS__0__NAMESPACE": "BE",
        "MYDATA_PROVIDERS__0__KIND": "itsme",
        "MYDATA_PSEUDONYM__KEY": "ZTJlLXRlc3RzLW9uIGEga2V5IG9mIG5vIGRlcGxveW1lbnQgYXQgYWxs",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
    }


def get(port: int, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """Status and body of a page. Fails if nobody listens."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers or {})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=TIMEOUT) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


class Server:
    """A running server: its process, its port, and the seconds from its start to its first 200."""

    def __init__(self, command: list[str], folder: Path, more: dict[str, str] | None = None):
        self.port = free_port()
        self.environment = environment(self.port) | (more or {})
        self.log = folder.parent / f"{folder.name}.log"
        began = time.monotonic()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() - began > TIMEOUT:
                self.stop()
                raise AssertionError(f"{command} did not start:\n{self.log.read_text()}")
            time.sleep(0.001)
        self.seconds = time.monotonic() - began

    def _answers(self) -> bool:
        try:
            return get(self.port, "/")[0] == 200
        except OSError:
            return False

    def stop(self) -> int:
        """Asks it to stop (SIGTERM), and returns its exit code."""
        self.process.terminate()
        return self.process.wait(TIMEOUT)


@contextmanager
def running(command: list[str], folder: Path, more: dict[str, str] | None = None):
    server = Server(command, folder, more)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()


def print_starts(what: str, times: list[float]) -> None:
    """Reports the seconds of several starts. The first one may wait for the disk, so the median says most."""
    milliseconds = [round(time * 1_000) for time in sorted(times)]
    middle = milliseconds[len(times) // 2]
    print(f"{what}: start to first 200: {middle} ms, from {milliseconds[0]} to {milliseconds[-1]} (aim: 100 ms)")


def site_files(site: Path) -> list[str]:
    """The addresses of the files of a site, without the compressed copies."""
    names = (path for path in sorted(site.rglob("*")) if path.is_file() and path.suffix not in (".br", ".gz"))
    return [f"/{path.relative_to(site)}" for path in names]


def crates(sbom: Path) -> set[tuple[str, str]]:
    """Name and version of each crate in an SBOM, with the one that it describes."""
    parsed = json.loads(sbom.read_text())
    return {(one["name"], one["version"]) for one in [parsed["metadata"]["component"], *parsed["components"]]}


def crates_by_syft(binary: Path) -> set[tuple[str, str]]:
    """The crates that cargo-auditable put into a binary, as syft reads them."""
    command = [SYFT, "scan", "--quiet", "--output", "json", f"file:{binary}"]
    found = json.loads(subprocess.check_output(command, env={**os.environ, "SYFT_CHECK_FOR_APP_UPDATE": "false"}))
    return {(one["name"], one["version"]) for one in found["artifacts"] if one["type"] == "rust-crate"}


def crates_by_paths(binary: Path) -> set[tuple[str, str]]:
    """The crates whose source files a binary names, where it says what failed. That is never all of them."""
    package = rb"/crates/index\.crates\.io-[0-9a-f]+/([A-Za-z0-9_-]+?)-([0-9]+\.[0-9]+\.[0-9]+[^/\0]*)/"
    names = re.findall(package, binary.read_bytes())
    return {(name.decode(), version.decode()) for name, version in names}


def readelf(binary: Path, option: str) -> str:
    return subprocess.check_output(["readelf", "--wide", option, binary], text=True)


def needed_glibc(binary: Path) -> list[tuple[int, ...]]:
    """The versions of glibc's symbols that a binary needs."""
    versions = re.findall(r"GLIBC_([0-9.]+)", readelf(binary, "--version-info"))
    return sorted({tuple(int(part) for part in version.split(".")) for version in versions})
