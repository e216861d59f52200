"""A disk between a process and the real one: what was written in which order, and how much fits."""

import os
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEAD = struct.Struct("<cQQQ")


def built(folder: Path) -> Path:
    """The library that stands between (disk.c), compiled. Needs a C compiler."""
    library, source = folder / "disk.so", Path(__file__).with_name("disk.c")
    line = ["cc", "-O1", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl", "-lpthread"]
    subprocess.run(line, check=True)
    return library


def environment(library: Path, folder: Path, log: Path | None = None) -> dict[str, str]:
    """Of a process that writes under `folder` through it; with `log` all is written down there."""
    watched = {"LD_PRELOAD": str(library), "MT_DISK": str(folder.resolve())}
    return {**os.environ, **watched, **({"MT_LOG": str(log)} if log else {})}


@dataclass(frozen=True)
class Record:
    """Kinds: W bytes at an offset, T cut to a length, S synced, A a line of the process."""

    kind: str
    file: str
    offset: int
    content: bytes


def records(log: Path) -> Iterator[Record]:
    names = {0: ""}
    with log.open("rb") as file:
        while head := file.read(HEAD.size):
            kind, number, offset, length = HEAD.unpack(head)
            content = file.read(length) if kind in b"NWA" else b""
            if kind == b"N":
                names[number] = Path(content.decode()).name
            else:
                yield Record(kind.decode(), names[number], offset, content)
