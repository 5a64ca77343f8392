"""Tests of the archives that `make dist` has made. Run by scripts/test-release.sh, in this folder.

RELEASE is the folder of the archives. RELEASE_AGAIN has those of the same commit, built in another folder and environment.
WITH_STAND_INS is a server of an ordinary build, with everything that a release must not have.
"""

import hashlib
import io
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import unittest
from pathlib import Path

import zstandard

from support import (
    ARM_ROOT, ROOT, TARGET, crates, crates_by_paths, crates_by_syft, get, needed_glibc, print_starts, readelf, running, site_files
)  # fmt: skip

RELEASE, AGAIN = Path(os.environ["RELEASE"]), Path(os.environ["RELEASE_AGAIN"])
ORDINARY = Path(os.environ["WITH_STAND_INS"]).read_bytes()
X86, ARM = "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"
# glibc of Debian 10 and Red Hat Enterprise Linux 8.
OLDEST_GLIBC = (2, 28)
# The source files of the stand-ins, and of crates that only they need. A binary names the file of each line that may fail.
STAND_INS = (b"/dynoxide-rs-", b"/rusqlite-", b"/utoipa-swagger-ui-", b"local/src/")


def git(*arguments: str) -> str:
    return subprocess.check_output(["git", *arguments], cwd=ROOT, text=True).strip()


def archive(target: str, folder: Path = RELEASE) -> Path:
    (found,) = folder.glob(f"mydata-*-{target}.tar.zst")
    return found


def tar(target: str) -> tarfile.TarFile:
    with archive(target).open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as unpacked:
        return tarfile.open(fileobj=io.BytesIO(unpacked.read()))


def unpack(target: str, folder: Path) -> Path:
    with tar(target) as opened:
        opened.extractall(folder, filter="data") if hasattr(tarfile, "data_filter") else opened.extractall(folder)
    (release,) = folder.iterdir()
    return release


class Archives(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = Path(tempfile.mkdtemp(prefix="mydata-release-"))
        cls.release = {}
        for target in (X86, ARM):
            (cls.scratch / target).mkdir()
            cls.release[target] = unpack(target, cls.scratch / target)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.scratch)

    def test_two_builds_of_one_commit_are_equal(self):
        self.assertEqual(sorted(path.name for path in RELEASE.iterdir()), sorted(path.name for path in AGAIN.iterdir()))
        for path in RELEASE.iterdir():
            with self.subTest(path.name):
                self.assertNotEqual(path.resolve(), (AGAIN / path.name).resolve(), "this compares a file with itself")
                # Not assertEqual, which would print both.
                self.assertTrue(path.read_bytes() == (AGAIN / path.name).read_bytes())

    def test_sums_are_those_of_the_archives(self):
        lines = (RELEASE / "SHA256SUMS").read_text().splitlines()
        sums = {name: hashlib.sha256((RELEASE / name).read_bytes()).hexdigest() for name in sorted(
            path.name for path in RELEASE.glob("*.tar.zst"))}
        self.assertEqual(len(sums), 2)
        self.assertEqual(lines, [f"{value}  {name}" for name, value in sums.items()])

    def test_headers_hold_nothing_of_the_machine(self):
        time = int(git("log", "-1", "--format=%ct"))
        for target, release in self.release.items():
            with self.subTest(target):
                with tar(target) as opened:
                    members = opened.getmembers()
                names = [member.name for member in members]
                self.assertEqual({name.split("/")[0] for name in names}, {release.name})
                self.assertEqual(names, sorted(names, key=lambda name: name.split("/")))
                self.assertEqual({(one.uid, one.gid, one.uname, one.gname, one.mtime) for one in members}, {(0, 0, "", "", time)})
                self.assertEqual({one.mode for one in members if one.isdir()}, {0o755})
                runnable = [one.name for one in members if one.isfile() and one.mode == 0o755]
                self.assertEqual(runnable, [f"{release.name}/server"])
                self.assertEqual({one.mode for one in members if one.isfile()}, {0o755, 0o644})

    def test_an_archive_has_the_server_the_site_and_what_explains_them(self):
        for target, release in self.release.items():
            with self.subTest(target):
                names = {path.name for path in release.iterdir()}
                expected = {"COMMIT", "README.md", "SECURITY.md", "THIRD-PARTY-LICENCES.txt", "docs", "sbom", "server", "site"}
                self.assertEqual(names, expected)
                self.assertEqual((release / "COMMIT").read_text().strip(), git("rev-parse", "HEAD"))
                package = {re.sub(r"\.[A-Za-z0-9_-]{22}\.", ".HASH.", path.name) for path in (release / "site/pkg").iterdir()}
                files = {f"my-data.HASH.{kind}" for kind in ("css", "js", "wasm")}
                self.assertEqual(package, {name + end for name in files for end in ("", ".br", ".gz")} | {"hash.txt"} & package)
                sizes = [path.stat().st_size for path in release.rglob("*") if path.is_file()]
                self.assertGreater(min(sizes), 0)

    def test_no_file_names_a_folder_of_this_machine(self):
        home, cargo = str(Path.home()), os.environ.get("CARGO_HOME", str(Path.home() / ".cargo"))
        folders = {str(ROOT), str(TARGET.resolve()), cargo, f"{home}/.rustup", f"{home}/.cargo", str(Path.home() / ".cache")}
        self.assertIn(cargo.encode(), ORDINARY, "an ordinary build names its folder; otherwise this test shows nothing")
        for target, release in self.release.items():
            with self.subTest(target):
                for path in (path for path in release.rglob("*") if path.is_file()):
                    content = path.read_bytes()
                    self.assertEqual([folder for folder in folders if folder.encode() in content], [], path)

    def test_the_server_has_no_stand_ins(self):
        for name in STAND_INS:
            self.assertIn(name, ORDINARY, "a name that shows nothing")
        for target, release in self.release.items():
            with self.subTest(target):
                server = (release / "server").read_bytes()
                self.assertEqual([name for name in STAND_INS if name in server], [])
                names = {name for name, _ in crates(release / "sbom/server.cdx.json")}
                self.assertEqual(names & {"local", "testkit", "dynoxide-rs", "maud", "utoipa-swagger-ui"}, set())

    def test_the_server_needs_only_an_old_glibc(self):
        for target, release in self.release.items():
            with self.subTest(target):
                versions = needed_glibc(release / "server")
                self.assertTrue(versions)
                self.assertLessEqual(versions[-1], OLDEST_GLIBC)
                needed = set(re.findall(r"NEEDED.*\[(.+)]", readelf(release / "server", "--dynamic")))
                loader = {X86: "ld-linux-x86-64.so.2", ARM: "ld-linux-aarch64.so.1"}[target]
                allowed = {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libgcc_s.so.1", loader}
                self.assertLessEqual(needed, allowed)

    def test_the_sbom_of_the_server_is_what_the_binary_lists(self):
        for target, release in self.release.items():
            with self.subTest(target):
                listed = crates(release / "sbom/server.cdx.json")
                self.assertEqual(listed ^ crates_by_syft(release / "server"), set())
                self.assertLessEqual(crates_by_paths(release / "server"), listed)
                self.assertGreater(len(crates_by_paths(release / "server")), 20)

    def test_the_sbom_of_the_site_has_every_crate_that_the_wasm_names(self):
        for target, release in self.release.items():
            with self.subTest(target):
                (wasm,) = (release / "site/pkg").glob("*.wasm")
                named = crates_by_paths(wasm)
                self.assertGreater(len(named), 3)
                self.assertLessEqual(named, crates(release / "sbom/site.cdx.json"))
                # The script is wasm-bindgen's, for that WASM. It loads nothing else.
                self.assertIn("wasm-bindgen", {name for name, _ in crates(release / "sbom/site.cdx.json")})
                (script,) = (release / "site/pkg").glob("*.js")
                self.assertEqual(re.findall(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)""", script.read_text()), [])

    def test_the_licence_of_every_crate_is_listed(self):
        for target, release in self.release.items():
            with self.subTest(target):
                text = (release / "THIRD-PARTY-LICENCES.txt").read_text()
                own = {"server", "frontend", "app"}
                for bill in ("server", "site"):
                    for name, version in crates(release / f"sbom/{bill}.cdx.json"):
                        if name not in own:
                            self.assertRegex(text, rf"(?m)^{re.escape(name)} {re.escape(version)}: \S")

    def test_links_of_the_readme_lead_to_files_of_the_archive(self):
        for target, release in self.release.items():
            with self.subTest(target):
                links = re.findall(r"]\(([^)#:]+)(?:#[^)]*)?\)", (release / "README.md").read_text())
                self.assertGreater(len(links), 10)
                self.assertEqual([link for link in links if not (release / link).exists()], [])

    def serves(self, release: Path, emulator: list[str]):
        with tempfile.TemporaryDirectory() as empty:
            folder = Path(empty, "empty")
            folder.mkdir()
            command = [*emulator, str(release / "server")]
            with running(command, folder) as server:
                self.assertEqual(get(server.port, "/healthz")[0], 200)
                self.assertEqual(get(server.port, "/readyz")[0], 503)
                for address in site_files(release / "site"):
                    status, body = get(server.port, address)
                    self.assertEqual((status, body == (release / "site" / address[1:]).read_bytes()), (200, True), address)
                (wasm,) = (release / "site/pkg").glob("*.wasm")
                _, compressed = get(server.port, f"/pkg/{wasm.name}", {"accept-encoding": "br"})
                self.assertEqual(compressed, wasm.with_name(f"{wasm.name}.br").read_bytes())
                healthz = subprocess.run([*command, "healthz"], env=server.environment, cwd=folder, capture_output=True)
                self.assertEqual(healthz.returncode, 0, healthz.stderr)
                self.assertEqual(list(folder.iterdir()), [])
                self.assertEqual(server.stop(), 0, server.log.read_text())
            return server.seconds

    def test_it_starts_in_an_empty_folder_by_its_environment_alone(self):
        print_starts(X86, [self.serves(self.release[X86], []) for _ in range(7)])

    def test_the_one_for_arm_starts_too(self):
        self.serves(self.release[ARM], ["qemu-aarch64-static", "-L", ARM_ROOT])


if __name__ == "__main__":
    unittest.main()
