"""Rules: schemes that a place adds by itself, as files in a folder: what is wrong with them, where.

`NAME.toml` is written as ours are, `NAME_codes.csv` holds its code lists.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mingtang.base.errors import DomainError
from mingtang.exchange.rules.codes import read_codes
from mingtang.exchange.rules.schemes import (
    NAMES,
    Scheme,
    UnreadableScheme,
    family,
    folder_of,
    load,
)

CODES = "_codes.csv"
ENVELOPE = frozenset({"guid", "operation", "changed_at", "batch", "data_source"})


@dataclass(frozen=True)
class Listed:
    """A scheme that is there. `fault`: why it cannot be used; blank: it can."""

    name: str
    label: str
    version: str
    is_ours: bool
    path: str = ""
    fault: str = ""


def all_schemes(folder: Path | None) -> list[Listed]:
    """Those that we bring along, then those of the folder by name, sound or not."""
    found = [Listed(one.name, one.label, one.version, True) for one in map(load, NAMES)]
    if folder is None:
        return found
    if not folder.is_dir():
        fault = "MINGTANG_SCHEMES 指定的目录不存在，请核对。"
        return [*found, Listed("", "", "", False, str(folder), fault)]
    return [*found, *(_listed(path, folder) for path in sorted(folder.glob("*.toml")))]


def _listed(path: Path, folder: Path) -> Listed:
    name = path.stem
    if name in NAMES:
        fault = f"文件 {path.name}：自带的方案已经叫 {name}，没有采用这个文件；请改用别的文件名。"
        return Listed(name, "", "", False, str(path), fault)
    try:
        one = load_checked(name, folder)
    except DomainError as error:
        return Listed(name, "", "", False, str(path), error.message)
    return Listed(name, one.label, one.version, False, str(path))


def load_checked(name: str, folder: Path | None) -> Scheme:
    """A scheme, fit for use: ours as it is, one of the place once all of it was looked at.

    Raises NotFound; UnreadableScheme, which says file, line, what and how it is mended.
    """
    if name in NAMES:
        return load(name)
    path = folder_of(name, folder) / f"{name}.toml"
    try:
        scheme = load(name, folder)
        for where, told in _faults(name, scheme, folder):
            raise UnreadableScheme(told, where)
    except UnreadableScheme as error:
        line = _line(path.read_bytes().decode(errors="replace"), error.where)
        place = f"文件 {path.name}" + (f" 第 {line} 行" if line else "")
        raise UnreadableScheme(f"{place}：{error.message}", error.where) from None
    except UnicodeDecodeError:
        raise UnreadableScheme(f"{name} 的文件不是 UTF-8 编码，请另存为 UTF-8 再放进来。") from None
    except (OSError, TypeError, ValueError, AttributeError) as error:
        said = f"文件 {path.name} 的写法不对（{error}），请对照随附的方案更正。"
        raise UnreadableScheme(said) from None
    return scheme


def _line(text: str, where: str) -> int:
    """The first line that begins with a word or names it as a table; 0: none."""
    for number, line in enumerate(text.splitlines(), 1):
        plain = line.strip()
        if where and (plain.split("=")[0].strip() == where or plain == f"[tables.{where}]"):
            return number
    return 0


def _faults(name: str, scheme: Scheme, folder: Path | None) -> Iterator[tuple[str, str]]:
    if scheme.name != name:
        yield "name", f"name 写的是 {scheme.name}，应与文件名相同：{name}。"
    homes = _homes()
    for table in scheme.tables:
        if table.each not in homes:
            yield table.name, f"each = {table.each} 不认识，可用的有：{'、'.join(sorted(homes))}。"
            continue
        for field in table.fields:
            if field.home not in homes[table.each] | ENVELOPE:
                known = "、".join(sorted(homes[table.each]))
                yield field.name, f"home = {field.home} 不认识，这张表可用的有：{known}。"
    held = {one.list for text in codes_of(name, folder) for one in read_codes(text)}
    for table in scheme.tables:
        for field in table.fields:
            if field.list and field.list not in held:
                told = f"代码表 {field.list} 一行也没有，请写进 {name}{CODES}。"
                yield field.name, told


def _homes() -> dict[str, set[str]]:
    """Which words of ours fill the rows of each kind: those that our own schemes name."""
    found: dict[str, set[str]] = {}
    for table in (table for one in NAMES for table in load(one).tables):
        found.setdefault(table.each, set()).update(field.home for field in table.fields)
    return found


def codes_of(name: str, folder: Path | None) -> Iterator[str]:
    """The code lists of a scheme and of those that it extends, as their files say them."""
    for one in family(name, folder):
        codes = folder_of(one, folder) / f"{one}{CODES}"
        if codes.is_file():
            yield codes.read_text("utf-8")
