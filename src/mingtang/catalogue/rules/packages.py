"""Rules: packages of life events: rows of a table, one materials list without doubles."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mingtang.base.errors import DomainError

KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")
COLUMNS = ("key", "name", "icon", "summary", "items")


class PackageUnreadable(DomainError):
    """A table of life events that cannot be taken; the text names the row."""


@dataclass(frozen=True)
class Package:
    key: str
    name: str
    icon: str
    summary: str
    item_codes: tuple[str, ...]


def read_packages(rows: Sequence[Mapping[str, str]]) -> list[Package]:
    """One row for each life event, in the order of the page. Raises PackageUnreadable."""
    found: dict[str, Package] = {}
    for number, row in enumerate(rows, start=2):
        package = _package(number, row)
        if package.key in found:
            raise PackageUnreadable(f"第{number}行：标识“{package.key}”重复，每个标识只能有一行。")
        found[package.key] = package
    if not found:
        raise PackageUnreadable("表里没有主题，请核对后重试。")
    return list(found.values())


def _package(number: int, row: Mapping[str, str]) -> Package:
    key, name, icon, summary, items = ((row.get(column) or "").strip() for column in COLUMNS)
    if not KEY.fullmatch(key):
        raise PackageUnreadable(
            f"第{number}行：标识“{key}”只能用小写字母、数字和连字符，以字母开头，至多40个字符。"
        )
    codes = tuple(code for part in re.split(r"[;；\n]", items) if (code := part.strip()))
    faults = [
        (not name or len(name) > 40, "名称没有填写或超过40个字"),
        (len(summary) > 100, "说明超过100个字"),
        (len(icon) > 20, "图标名超过20个字符"),
        (not codes, "没有列出事项编码"),
        (len(set(codes)) < len(codes), "有事项编码重复"),
    ]
    for is_wrong, text in faults:
        if is_wrong:
            raise PackageUnreadable(f"第{number}行（{key}）：{text}，请改正后重试。")
    return Package(key, name, icon, summary, codes)


@dataclass(frozen=True)
class Want:
    """That an item asks for a material, and how."""

    item: str
    form: str = ""
    copies: int | None = None
    need: str = ""
    note: str = ""


@dataclass
class SharedMaterial:
    """One material, with all the items of the package that ask for it."""

    name: str
    wants: list[Want] = field(default_factory=list)

    @property
    def is_shared(self) -> bool:
        return len(self.wants) > 1

    @property
    def forms(self) -> list[str]:
        return list(dict.fromkeys(want.form for want in self.wants if want.form))

    @property
    def copies(self) -> int | None:
        """How many to bring in all; None where one of the items does not say."""
        counts = [want.copies for want in self.wants]
        return None if None in counts else sum(count or 0 for count in counts)

    @property
    def needs(self) -> list[str]:
        return list(dict.fromkeys(want.need for want in self.wants if want.need))


def same_material(name: str) -> str:
    """What two spellings of one material share: width of signs, spaces and letter case aside."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def merge_materials(
    items: Iterable[tuple[str, Iterable[Mapping[str, Any]]]],
) -> list[SharedMaterial]:
    """One list for several items: what more than one asks for first, each in order of asking.

    Only the same name is the same material: a person's own identity card is not a guardian's.
    """
    found: dict[str, SharedMaterial] = {}
    for item, lines in items:
        for line in lines:
            name = str(line["name"])
            material = found.setdefault(same_material(name), SharedMaterial(name))
            _want(material, item, line)
    return sorted(found.values(), key=lambda material: not material.is_shared)


def _want(material: SharedMaterial, item: str, line: Mapping[str, Any]) -> None:
    material.wants.append(
        Want(
            item=item,
            form=line.get("form") or "",
            copies=line.get("copies"),
            need=line.get("need") or "",
            note=line.get("note") or "",
        )
    )
