"""`mingtang witness`: a second party that has seen each head, and that each holds all of the last.

    mingtang witness FROM --folder FOLDER --key HEX [--keys FILE]

It needs no installation and no database, only a folder of its own on a machine of its own. FROM is
the file of extensions that stands beside the anchors, or an address in which `{size}` stands for
how many records were witnessed last: `https://HOST/ledger/extension/{size}/`. A head that extends
the last one is signed with the witness's own key and appended to `witnessed.jsonl`; another one is
refused (exit code 1) and kept in `refused.jsonl`: with two heads that exclude each other, both
signed, anybody can be shown that history was written anew.
"""

import argparse
import json
import os
import sys
import urllib.request
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mingtang.base.clock import now
from mingtang.base.errors import DomainError
from mingtang.base.speech import HELP_OF_FORMAT, add_language
from mingtang.ledger.signing import signer_of
from mingtang.ledger.verify_ledger import (
    ALGORITHM,
    EXTENSION_FIELDS,
    GM,
    KEY_DIGITS,
    Bad,
    check_signer,
    digest_of,
    is_signed,
    read_extension,
    read_head,
    read_line,
    spelt,
)

HELP = "作为另一方见证账本：核对新树头延续上一个，联署后另存；有改写就拒绝。不用数据库。"
FORMAT = "mingtang-witness-1"
FIELDS = ("at", "format", "head", "public_key", "signature")
Head = dict[str, Any]
MOST_BYTES = 1 << 26  # of what is read from an address: a line is under 10 kB


def read_witnessed(line: bytes, key: str) -> Head:
    """The head that the witness with this public key has signed. Raises Bad."""
    told = read_line(line, "line of a witness", FIELDS)
    if (told["format"], told["public_key"]) != (FORMAT, key):
        raise Bad("the line is of another witness than the one given")
    unsigned = {name: value for name, value in told.items() if name != "signature"}
    if not is_signed(spelt(unsigned), str(told["signature"]), key):
        raise Bad("the signature of the witness does not hold")
    return read_head(spelt(told["head"]) + b"\n")


class Witness:
    """A folder with a key and what was witnessed with it. `key`: the ledger's public key; one that
    is made here is of its kind."""

    def __init__(self, folder: Path, key: str) -> None:
        self.file, self.refused = folder / "witnessed.jsonl", folder / "refused.jsonl"
        is_gm = len(key) == KEY_DIGITS[GM]
        self._signer = signer_of(folder / "witness.key", GM if is_gm else ALGORITHM)
        self.public_key = self._signer.public
        seen = [read_witnessed(line, self.public_key) for line in lines_of(self.file)]
        self.roots = {one["size"]: one["root"] for one in seen}
        self.size = max(self.roots, default=0)

    def take(self, lines: Iterable[bytes], key: str, keys: Iterable[bytes], at: datetime) -> int:
        """Sign the heads that go on from the last one. Returns how many. Raises Bad at the first
        that tells of another history, or where the last line is of less than was witnessed."""
        signed, last = 0, 0
        keys = list(keys)
        for line in lines:
            try:
                head, is_new = self._next(line, key, keys)
            except Bad:
                _append(self.refused, line)
                raise
            last = max(last, head["size"])
            if is_new:
                self._sign(head, at)
                signed += 1
        if last < self.size:
            raise Bad(f"it ends with {last} records, but {self.size} were witnessed")
        return signed

    def _next(self, line: bytes, key: str, keys: list[bytes]) -> tuple[Head, bool]:
        """The head of a line, and whether it goes on from the last: others are known already."""
        told = read_line(line, "extension", EXTENSION_FIELDS)
        head = read_head(spelt(told["head"]) + b"\n")
        check_signer(head, key, keys)
        if head["size"] <= self.size:
            if self.roots.get(head["size"], head["root"]) != head["root"]:
                raise Bad(f"{head['size']} records had another root when they were witnessed")
            return head, False
        if self.size and told["size"] != self.size:
            raise Bad(f"it leads from {told['size']} records on, but {self.size} were witnessed")
        if not self.size and told["size"]:
            return head, True  # the first that is seen at all: taken as it is
        root = self.roots.get(self.size, digest_of(head)(b"").hex())
        return read_extension(line, self.size, root), True

    def _sign(self, head: Head, at: datetime) -> None:
        told = {
            "format": FORMAT,
            "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
            "head": head,
            "public_key": self.public_key,
        }
        signature = self._signer.sign(spelt(told))
        _append(self.file, spelt(told | {"signature": signature}) + b"\n")
        self.size, self.roots[head["size"]] = head["size"], head["root"]


def lines_of(path: Path) -> Iterator[bytes]:
    """The whole lines of a file that is only appended to; the last may be cut off."""
    for line in path.read_bytes().splitlines(keepends=True) if path.exists() else ():
        if line.endswith(b"\n") and line.strip():
            yield line


def _append(path: Path, line: bytes) -> None:
    with path.open("ab") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _read(source: str, size: int) -> list[bytes]:
    if not source.startswith(("https://", "http://")):
        if not Path(source).exists():
            raise Bad(f"there is no file {source}")
        return list(lines_of(Path(source)))
    with urllib.request.urlopen(source.replace("{size}", str(size)), timeout=60) as answer:  # noqa: S310 – of the two kinds above
        return [answer.read(MOST_BYTES)]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="FROM", help="账本的延续证明：文件，或带 {size} 的网址")
    parser.add_argument("--folder", type=Path, required=True, help="见证方自己的文件夹")
    parser.add_argument("--key", required=True, help="账本公布的公钥")
    parser.add_argument("--keys", type=Path, help="公钥历次交接的证明（ledger keys 的输出）")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="mingtang witness", description=HELP)
    add_arguments(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help=HELP_OF_FORMAT)
    add_language(parser, arguments)
    given = parser.parse_args(arguments)
    try:
        witness = Witness(given.folder, given.key)
        keys = lines_of(given.keys) if given.keys else ()
        count = witness.take(_read(given.source, witness.size), given.key, keys, now())
    except (Bad, DomainError, OSError) as error:
        _tell(given.format, f"REFUSED 拒绝见证: {error}", ok=False, exit=1, error=str(error))
        return 1
    said = (
        f"WITNESSED 已见证: {count} heads, {witness.size} records\nby the key {witness.public_key}"
    )
    told = {"heads": count, "records": witness.size, "key": witness.public_key}
    _tell(given.format, said, ok=True, exit=0, **told)
    return 0


def _tell(form: str, said: str, **facts: Any) -> None:
    told = json.dumps({"command": "witness", **facts}, ensure_ascii=False)
    sys.stdout.write((told if form == "json" else said) + "\n")
