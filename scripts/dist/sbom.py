"""Prints an SBOM of cargo-cyclonedx without the paths of this machine, and with the crates that are built into a binary only.

cargo-cyclonedx asks `cargo metadata`, which lists what any crate of the workspace needs, and the macros that run while it is built.
`cargo tree` resolves features as the build does.

Usage: sbom.py SBOM PACKAGE TARGET ROOT
"""

import json
import subprocess
import sys
from pathlib import Path


def built(package: str, target: str) -> set[tuple[str, str]]:
    """Name and version of each crate that is built into `package` for `target`."""
    command = ["cargo", "tree", "--locked", "--package", package, "--target", target, "--edges", "normal,no-proc-macro"]
    lines = subprocess.check_output([*command, "--prefix", "none", "--format", "{p}"], text=True).split("\n")
    words = (line.split() for line in lines if line)
    return {(name, version.removeprefix("v")) for name, version, *_ in words}


def without_paths(value, root: str):
    """The value with `/my-data` for the folder of the project."""
    if isinstance(value, dict):
        return {key: without_paths(item, root) for key, item in value.items()}
    if isinstance(value, list):
        return [without_paths(item, root) for item in value]
    if isinstance(value, str):
        return value.replace(f"file://{root}", "file:///my-data")
    return value


def main(path: str, package: str, target: str, root: str) -> None:
    sbom = without_paths(json.loads(Path(path).read_text()), root)
    expected = built(package, target)
    components = [one for one in sbom["components"] if (one["name"], one["version"]) in expected]
    itself = sbom["metadata"]["component"]
    missing = expected - {(one["name"], one["version"]) for one in [itself, *components]}
    if missing:
        sys.exit(f"not in the SBOM of cargo-cyclonedx: {sorted(missing)}")
    # The crates of this project have the licence of the project; they have no package to download.
    for one in [itself, *itself.pop("components", []), *components]:
        one["purl"] = one["purl"].split("?")[0]
    references = {one["bom-ref"] for one in [itself, *components]}
    sbom["components"] = components
    sbom["dependencies"] = [
        {**entry, "dependsOn": [other for other in entry.get("dependsOn", []) if other in references]}
        for entry in sbom["dependencies"]
        if entry["ref"] in references
    ]
    json.dump(sbom, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main(*sys.argv[1:])
