"""Prints an SBOM of cargo-cyclonedx without the paths of this machine, and with the crates that were built for a target only.

cargo-cyclonedx asks `cargo metadata`, which also lists what other packages of the workspace turn on, and the macros that run during the
build. What was built is in the messages of cargo.

Usage: sbom.py SBOM ROOT PACKAGE TARGET            crates that cargo tree finds in PACKAGE
       sbom.py SBOM ROOT PACKAGE TARGET MESSAGES   crates that the build with these messages (--message-format=json) made for TARGET
"""

import json
import re
import sys
from pathlib import Path

import crates


def found(package: str, target: str) -> set[tuple[str, str]]:
    """Name and version of each crate that `cargo tree` finds."""
    return {tuple(crate.split("#")[1].split("@")) for crate in crates.tree(package, target)}


def built(target: str, messages: Path) -> set[tuple[str, str]]:
    """Name and version of each crate that was built for `target`, and not for the machine that builds."""
    names = set()
    for line in messages.read_text().splitlines():
        message = json.loads(line) if line.startswith("{") else {}
        if message.get("reason") == "compiler-artifact" and any(f"/{target}/" in name for name in message["filenames"]):
            # The id of a crate of ours ends with its folder, and its version: `…/server#0.1.0`.
            folder, identity = message["package_id"].split("#")
            name, _, version = identity.rpartition("@")
            names.add((name or re.split("/", folder)[-1], version))
    return names


def without_paths(value, root: str):
    """The value with `/my-data` for the folder of the project."""
    if isinstance(value, dict):
        return {key: without_paths(item, root) for key, item in value.items()}
    if isinstance(value, list):
        return [without_paths(item, root) for item in value]
    return value.replace(f"file://{root}", "file:///my-data") if isinstance(value, str) else value


def only(sbom: dict, expected: set[tuple[str, str]]) -> dict:
    """The SBOM with the expected crates. Fails if it lacks one."""
    itself = sbom["metadata"]["component"]
    components = [one for one in sbom["components"] if (one["name"], one["version"]) in expected]
    missing = expected - {(one["name"], one["version"]) for one in [itself, *components]}
    if missing:
        sys.exit(f"not in the SBOM of cargo-cyclonedx: {sorted(missing)}")
    # Our own crates have no package to download.
    for one in [itself, *itself.pop("components", []), *components]:
        one["purl"] = one["purl"].split("?")[0]
    references = {one["bom-ref"] for one in [itself, *components]}
    dependencies = [
        {**entry, "dependsOn": [other for other in entry.get("dependsOn", []) if other in references]}
        for entry in sbom["dependencies"]
        if entry["ref"] in references
    ]
    return {**sbom, "components": components, "dependencies": dependencies}


def main(path: str, root: str, package: str, target: str, messages: str | None = None) -> None:
    sbom = without_paths(json.loads(Path(path).read_text()), root)
    expected = built(target, Path(messages)) if messages else found(package, target)
    json.dump(only(sbom, expected), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main(*sys.argv[1:])
