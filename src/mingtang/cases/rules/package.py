"""Rules: the package of an archived case, read without a database: does it hold? Pure but for
reading the files it is given.

    manifest.sha256   a line a file, as `sha256sum -c` reads it
    package.jsonl     the ledger's record of this package: it names the manifest's digest
    receipt.json      that record's place in the ledger, under a signed head
    index.html        everything in words; case.json, forms/, papers/, files/ what it is made of
    records.jsonl     the case's own history, spelt as it was hashed; proof.json its receipt

The four properties of an electronic record (四性: 真实、完整、可用、安全, DA/T 70) are each looked
at. What is found here is about these bytes: whether what was written was true, no digest says.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from mingtang.files.rules.uploads import BY_EXTENSION
from mingtang.ledger.verify_ledger import (
    GENESIS,
    LEAF,
    Bad,
    Digest,
    check_signer,
    digest_of,
    read_receipt,
    spelt,
)

MANIFEST, PACKAGE, RECEIPT = "manifest.sha256", "package.jsonl", "receipt.json"
INDEX, CASE, RECORDS, PROOF = "index.html", "case.json", "records.jsonl", "proof.json"
VERIFIER = "verify_ledger.py"
UNLISTED = {MANIFEST, PACKAGE, RECEIPT}
NEEDED = (INDEX, CASE, RECORDS, PROOF, VERIFIER)
TEXTS = {".html", ".json", ".jsonl", ".py"}


class Property(StrEnum):
    AUTHENTIC = "真实"
    COMPLETE = "完整"
    USABLE = "可用"
    SAFE = "安全"


@dataclass(frozen=True)
class Flaw:
    """What does not hold, and of which property."""

    of: Property
    text: str


def manifest_of(folder: Path, names: Iterable[str]) -> bytes:
    """The manifest of these files of a folder, by name."""
    lines = (f"{_digest(folder / name)}  {name}\n" for name in sorted(names))
    return "".join(lines).encode()


def sha256_of(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_package(folder: Path, key: str = "", keys: Iterable[bytes] = ()) -> list[Flaw]:
    """All that does not hold of a package; nothing, for a good one. `key`: the ledger's public key
    in hexadecimal as it was published; without it any signer is taken."""
    odd = [path for path in folder.rglob("*") if path.is_symlink() or not _is_plain(path)]
    if odd:
        return [Flaw(Property.SAFE, f"{odd[0].name} 不是普通文件")]
    if not folder.is_dir() or not (folder / MANIFEST).exists():
        return [Flaw(Property.COMPLETE, f"{folder} 里没有 {MANIFEST}，不是归档包")]
    flaws = [*_incomplete(folder), *_unusable(folder), *_unsafe(folder)]
    try:
        _check_package_record(folder, key, keys)
        _check_history(folder)
    except (Bad, OSError, ValueError, KeyError, TypeError) as error:
        flaws.append(Flaw(Property.AUTHENTIC, f"与账本对不上：{error}"))
    return flaws


def _is_plain(path: Path) -> bool:
    return path.is_dir() or path.is_file()


def _names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def _listed(folder: Path) -> dict[str, str]:
    lines = (folder / MANIFEST).read_text("utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _incomplete(folder: Path) -> Iterator[Flaw]:
    listed, there = _listed(folder), _names(folder) - UNLISTED
    for name in sorted({*NEEDED, *listed} - there):
        yield Flaw(Property.COMPLETE, f"缺少 {name}")
    for name in sorted(there - listed.keys()):
        yield Flaw(Property.COMPLETE, f"多出 {name}，清单里没有")
    for name in sorted(there & listed.keys()):
        if _digest(folder / name) != listed[name]:
            yield Flaw(Property.COMPLETE, f"{name} 被改动过")


def _unusable(folder: Path) -> Iterator[Flaw]:
    """Whether each file begins as its kind does, and texts can be read."""
    for name in sorted(_names(folder)):
        path = folder / name
        kind = BY_EXTENSION.get(path.suffix[1:].lower())
        with path.open("rb") as file:
            begins = file.read(16)
        if not begins or (kind and not begins.startswith(kind.signature)):
            yield Flaw(Property.USABLE, f"{name} 打不开：不是它的后缀所说的格式")
        elif path.suffix in TEXTS and not _is_text(path):
            yield Flaw(Property.USABLE, f"{name} 打不开：不是 UTF-8 文字")


def _is_text(path: Path) -> bool:
    try:
        text = path.read_text("utf-8")
        if path.suffix == ".json":
            json.loads(text)
    except ValueError:
        return False
    return True


def _unsafe(folder: Path) -> Iterator[Flaw]:
    """Only kinds that the house takes in, and a page that runs nothing."""
    for name in sorted(_names(folder)):
        path = folder / name
        known = path.suffix in TEXTS if "files/" not in name else path.suffix[1:] in BY_EXTENSION
        if not known and name not in UNLISTED:
            yield Flaw(Property.SAFE, f"{name} 不是可以归档的格式")
    page = folder / INDEX
    if page.exists() and b"<script" in page.read_bytes().lower():
        yield Flaw(Property.SAFE, f"{INDEX} 里有脚本")
    for told in _told(folder).get("files", ()):
        if told.get("scan") not in {"clean", "not_scanned"}:
            yield Flaw(Property.SAFE, f"{told.get('name')} 没有通过病毒检查")


def _told(folder: Path) -> dict[str, Any]:
    try:
        told = json.loads((folder / CASE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _leaf(line: bytes, digest: Digest) -> str:
    return digest(LEAF + line.rstrip(b"\n")).hex()


def _check_package_record(folder: Path, key: str, keys: Iterable[bytes]) -> None:
    """The ledger knows just this manifest. Raises Bad."""
    line = (folder / PACKAGE).read_bytes()
    receipt = read_receipt((folder / RECEIPT).read_bytes())
    if key:
        check_signer(receipt["head"], key, keys)
    if _leaf(line, digest_of(receipt["head"])) != receipt["leaf"]:
        raise Bad("凭证不是这个归档包的")
    if json.loads(line)["facts"]["manifest"] != _digest(folder / MANIFEST):
        raise Bad("账本里记的清单不是这一份")


def _check_history(folder: Path) -> None:
    """The case's records follow each other from the first, the last stands in the ledger, and each
    paper is the one that a record speaks of. Raises Bad."""
    proof = read_receipt((folder / PROOF).read_bytes())
    digest, previous, records = digest_of(proof["head"]), GENESIS, []
    for number, line in enumerate((folder / RECORDS).read_bytes().splitlines(), 1):
        record = json.loads(line)
        if (record["seq"], record["previous_leaf"]) != (number, previous):
            raise Bad(f"第 {number} 条办理记录接不上前一条")
        previous = _leaf(line, digest)
        records.append(record)
    if proof["leaf"] != previous:
        raise Bad("最后一条办理记录不是入账的那一条")
    told = {
        one["id"]: one["commitment"]
        for record in records
        for one in record["facts"].values()
        if isinstance(one, dict) and "commitment" in one
    }
    for path in sorted((folder / "papers").glob("*.json")):
        paper = json.loads(path.read_text("utf-8"))
        content = digest(bytes.fromhex(paper["salt"]) + spelt(paper["content"]))
        if told.pop(paper["id"], None) != content.hex():
            raise Bad(f"文书 {path.name} 不是账本里记的那一份")
    if told:
        raise Bad(f"账本里记有的 {len(told)} 份文书不在包里")
