"""Prints which crates `cargo tree` finds in a package, in the form in which cargo tells its wrappers (`-Z sbom`). cargo-auditable puts it
into the binary. Without it, cargo-auditable asks `cargo metadata`, which also lists what other packages of the workspace turn on.

Usage: crates.py PACKAGE TARGET
"""

import json
import subprocess
import sys

CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index#"
OURS = "path+file:///my-data#"

Graph = dict[str, list[str]]


def tree(package: str, target: str) -> Graph:
    """The crates that are built into `package` for `target`, and what each needs directly. A crate is `name@version`, or an id that
    says that it is ours. The package itself is the first."""
    command = ["cargo", "tree", "--locked", "--package", package, "--target", target, "--edges", "normal,no-proc-macro"]
    lines = subprocess.check_output([*command, "--prefix", "depth", "--format", " {p}"], text=True).splitlines()
    graph: Graph = {}
    path: list[str] = []
    for line in filter(None, lines):
        depth, name, version, *rest = line.split()
        crate = f"{name}@{version.removeprefix('v')}"
        # A folder follows the version of a crate of this workspace.
        crate = (OURS if rest and rest[0].startswith("(/") else CRATES_IO) + crate
        del path[int(depth) :]
        graph.setdefault(crate, [])
        if path and crate not in graph[path[-1]]:
            graph[path[-1]].append(crate)
        path.append(crate)
    return graph


def precursor(graph: Graph) -> dict:
    """The graph as cargo writes it: https://doc.rust-lang.org/cargo/reference/unstable.html#sbom"""
    index = {crate: number for number, crate in enumerate(graph)}
    crates = [
        {
            "id": crate,
            "kind": ["lib"],
            "features": [],
            "dependencies": [{"index": index[need], "kind": "normal"} for need in needs],
        }
        for crate, needs in graph.items()
    ]
    # cargo-auditable requires these, and does not use them.
    rustc = dict.fromkeys(["version", "commit_hash", "host", "verbose_version"], "")
    return {"version": 1, "root": 0, "crates": crates, "rustc": {**rustc, "wrapper": None, "workspace_wrapper": None}}


if __name__ == "__main__":
    json.dump(precursor(tree(*sys.argv[1:])), sys.stdout, indent=1)
