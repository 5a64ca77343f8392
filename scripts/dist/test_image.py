"""Tests of an image that buildah has built from target/image. Run by scripts/test-release.sh, in this folder, as root.

IMAGE is its name, IMAGE_ROOT its unpacked root with an empty folder tmp, IMAGE_ARCH its architecture, BUILDAH how to call buildah.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import ROOT, crates, crates_by_syft, get, print_starts, readelf, running, site_files

ROOT_OF_IMAGE = Path(os.environ["IMAGE_ROOT"])
ARCH = os.environ["IMAGE_ARCH"]
IN_IMAGE = str(Path(__file__).with_name("in_image.sh"))


def config() -> dict:
    command = [*shlex.split(os.environ["BUILDAH"]), "inspect", "--type", "image", os.environ["IMAGE"]]
    return json.loads(subprocess.check_output(command))["Docker"]


class Image(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.image = config()
        cls.config = cls.image["config"]
        # The server can read it, below the folder that in_image.sh mounts.
        cls.scratch = tempfile.TemporaryDirectory(dir="/tmp")
        Path(cls.scratch.name).chmod(0o755)
        cls.folder = Path(cls.scratch.name, "run")
        cls.folder.mkdir()
        cls.emulator = [shutil.copy(shutil.which("qemu-aarch64-static"), cls.scratch.name)] if ARCH == "aarch64" else []
        # The image's own environment, except for the address: more than one server runs on this machine.
        cls.environment = dict(one.split("=", 1) for one in cls.config["Env"])
        cls.environment.pop("MYDATA_LISTEN")

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def command(self, *arguments: str) -> list[str]:
        """The entry point of the image, as a container runs it."""
        return [IN_IMAGE, str(ROOT_OF_IMAGE), self.config["User"], *self.emulator, *self.config["Entrypoint"], *arguments]

    def test_it_runs_as_a_user_without_rights(self):
        self.assertEqual(self.config["User"], "65532:65532")
        self.assertEqual((self.config["Entrypoint"], self.config.get("Cmd") or []), (["/server"], []))

    def test_its_health_check_is_the_server(self):
        self.assertEqual(self.config["Healthcheck"]["Test"], ["CMD", "/server", "healthz"])

    def test_it_is_for_its_architecture(self):
        self.assertEqual(self.image["architecture"], {"x86_64": "amd64", "aarch64": "arm64"}[ARCH])

    def test_labels_say_what_it_is(self):
        labels = self.config["Labels"]
        name = "org.opencontainers.image."
        self.assertEqual(labels[name + "title"], "My Data")
        version = re.search(r'^version = "(.+)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE).group(1)
        self.assertEqual(labels[name + "version"], version)
        head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=ROOT, text=True).strip()
        self.assertEqual(labels[name + "revision"], head)
        self.assertRegex(labels[name + "created"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(labels[name + "source"], "https://git.example/my-data")

    def test_it_has_no_other_programs(self):
        files = {path.relative_to(ROOT_OF_IMAGE) for path in ROOT_OF_IMAGE.rglob("*") if path.is_file()}
        self.assertEqual({path.parts[0] for path in files}, {"server", "site", "sbom", "etc", "THIRD-PARTY-LICENCES.txt"})
        self.assertEqual([str(path) for path in files if path.parts[0] == "etc"], ["etc/ssl/certs/ca-certificates.crt"])
        runnable = [str(path) for path in files if (ROOT_OF_IMAGE / path).stat().st_mode & 0o111]
        self.assertEqual(runnable, ["server"])
        special = [str(path) for path in files if (ROOT_OF_IMAGE / path).stat().st_mode & 0o6022]
        self.assertEqual(special, [])

    def test_the_server_is_static(self):
        self.assertNotIn("NEEDED", readelf(ROOT_OF_IMAGE / "server", "--dynamic"))
        self.assertNotIn("INTERP", readelf(ROOT_OF_IMAGE / "server", "--program-headers"))

    def test_its_sbom_is_what_the_binary_lists(self):
        listed = crates(ROOT_OF_IMAGE / "sbom/server.cdx.json")
        self.assertEqual(listed ^ crates_by_syft(ROOT_OF_IMAGE / "server"), set())
        self.assertIn("mimalloc", {name for name, _ in listed})

    def test_it_serves_from_a_root_that_it_cannot_write(self):
        before = {path for path in ROOT_OF_IMAGE.rglob("*")}
        with running(self.command(), self.folder, self.environment) as server:
            for address in site_files(ROOT_OF_IMAGE / "site"):
                self.assertEqual(get(server.port, address)[0], 200, address)
            status = Path(f"/proc/{server.process.pid}/status").read_text()
            self.assertRegex(status, r"(?m)^Uid:\s65532\s65532\s65532\s65532$")
            self.assertRegex(status, r"(?m)^Gid:\s65532\s65532\s65532\s65532$")
            mounts = Path(f"/proc/{server.process.pid}/mountinfo").read_text()
            self.assertRegex(mounts, r"(?m)^\S+ \S+ \S+ \S+ / ro[, ]")
            self.assertEqual(self.healthz(server.environment), 0)
            self.assertEqual(server.stop(), 0, server.log.read_text())
            self.assertEqual(self.healthz(server.environment), 1)
        self.assertNotRegex(server.log.read_text(), '"message":"(panic|background task ended)')
        self.assertEqual({path for path in ROOT_OF_IMAGE.rglob("*")}, before)
        times = [server.seconds]
        while len(times) < 7:
            with running(self.command(), self.folder, self.environment) as server:
                self.assertEqual(server.stop(), 0, server.log.read_text())
                times.append(server.seconds)
        print_starts(f"image for {ARCH}", times)

    def healthz(self, environment: dict[str, str]) -> int:
        """What the image's health check says of the server with this environment."""
        test = self.config["Healthcheck"]["Test"][1:]
        return subprocess.run(self.command(*test[1:]), env=environment, capture_output=True).returncode


if __name__ == "__main__":
    unittest.main()
