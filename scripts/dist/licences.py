"""Prints the licences of third-party code in a release: that of each crate in its SBOMs, and each text in their packages once.

Usage: licences.py SBOM…      `cargo fetch` must have fetched the crates
"""

import json
import os
import re
import sys
from pathlib import Path

NAMES = re.compile(r"(licen[cs]e|copying|copyright|notice|unlicense)", re.IGNORECASE)
LINE = "-" * 80


def packages() -> Path:
    """The folder where cargo unpacks crates."""
    home = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    (folder,) = (home / "registry" / "src").glob("index.crates.io-*")
    return folder


def crates(sboms: list[str]) -> dict[tuple[str, str], tuple[str, str]]:
    """The licence and the authors of each third-party crate, by name and version."""
    found = {}
    for sbom in sboms:
        for component in json.loads(Path(sbom).read_text())["components"]:
            if "licenses" in component:
                expression = " / ".join(
                    entry.get("expression") or entry["license"].get("id") or entry["license"]["name"]
                    for entry in component["licenses"]
                )
                authors = component.get("author", "its authors")
                found[component["name"], component["version"]] = expression, authors
    return dict(sorted(found.items()))


def texts(folder: Path) -> list[str]:
    """The licences and notices in a package."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and NAMES.match(path.name))
    read = (path.read_text(errors="replace") for path in files if path.suffix not in (".rs", ".c", ".h", ".py", ".toml"))
    return [text for text in ("\n".join(line.rstrip() for line in text.splitlines()).strip() for text in read) if text]


def main(sboms: list[str]) -> None:
    folder = packages()
    used_by: dict[str, list[str]] = {}
    print("Third-party code in this release, and its licences.\n")
    for (name, version), (expression, authors) in crates(sboms).items():
        found = texts(folder / f"{name}-{version}")
        for text in dict.fromkeys(found):
            used_by.setdefault(text, []).append(f"{name} {version}")
        print(f"{name} {version}: {expression}" + ("" if found else f" (no text in its package; by {authors})"))
    for text, users in used_by.items():
        print(f"\n{LINE}\n{', '.join(users)}\n{LINE}\n\n{text}")


if __name__ == "__main__":
    main(sys.argv[1:])
