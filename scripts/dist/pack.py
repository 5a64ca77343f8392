"""Packs a folder as a .tar.zst whose bytes depend only on the names and contents of its files, whether its owner may run them, and
SOURCE_DATE_EPOCH.

Usage: pack.py FOLDER ARCHIVE      the archive has one folder, with the name of FOLDER
"""

import os
import stat
import sys
import tarfile
from pathlib import Path

import zstandard

# The slowest level that any zstd unpacks without an option.
LEVEL = 19


def entry(path: Path, name: str, time: int) -> tarfile.TarInfo:
    """The header of a file or a folder. Nothing else belongs in a release."""
    status = path.lstat()
    info = tarfile.TarInfo(name)
    info.mtime = time
    if stat.S_ISDIR(status.st_mode):
        info.type, info.mode = tarfile.DIRTYPE, 0o755
    elif stat.S_ISREG(status.st_mode):
        info.size = status.st_size
        info.mode = 0o755 if status.st_mode & stat.S_IXUSR else 0o644
    else:
        sys.exit(f"{path} is neither a file nor a folder")
    return info


def pack(folder: Path, archive: Path, time: int) -> None:
    # One thread: with more, the number of cores would decide where blocks end.
    compressor = zstandard.ZstdCompressor(level=LEVEL, threads=0, write_checksum=True)
    with (
        archive.open("wb") as file,
        compressor.stream_writer(file) as compressed,
        tarfile.open(fileobj=compressed, mode="w|", format=tarfile.USTAR_FORMAT) as tar,
    ):
        for path in [folder, *sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).parts)]:
            info = entry(path, str(path.relative_to(folder.parent)), time)
            if info.isdir():
                tar.addfile(info)
            else:
                with path.open("rb") as content:
                    tar.addfile(info, content)


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]), int(os.environ["SOURCE_DATE_EPOCH"]))
