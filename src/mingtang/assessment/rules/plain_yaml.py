"""Rules of assessment: the small part of YAML that a scheme needs, written and read. Pure.

Mappings and lists by indentation, strings plain or in double quotes, comments. Every value is a
string. No anchors, tags, flow lists or folded texts: what they could do nobody here wants done,
and what is not understood is refused with its line. (What is written, every YAML reader reads.)
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from mingtang.base.errors import DomainError

# Text that means itself without quotes; all else is quoted.
_PLAIN = re.compile(r"[^\W\d_][\w（）〔〕、。，；．.·—-]*|\d+(?:\.\d+)?|-\d+(?:\.\d+)?")
_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
_SINGLE = re.compile(r"'((?:[^']|'')*)'\s*(?:#.*)?$")
_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_]*):(?:\s+(.*))?$")


class BadYaml(DomainError):
    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"YAML 第 {line} 行：{reason}。")


def dump(value: Any, indent: int = 0) -> str:
    """Mappings, lists and strings as YAML."""
    return "\n".join(_lines(value, indent)) + "\n"


def _lines(value: Any, indent: int) -> Iterator[str]:
    gap = " " * indent
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, dict | list):
                yield f"{gap}{key}:"
                yield from _lines(inner, indent + 2)
            else:
                yield f"{gap}{key}: {_scalar(inner)}"
        return
    for inner in value:
        if isinstance(inner, dict | list):
            first, *rest = _lines(inner, indent + 2)
            yield f"{gap}- {first.lstrip()}"
            yield from rest
        else:
            yield f"{gap}- {_scalar(inner)}"


def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return "".join(map(_seen, json.dumps(text, ensure_ascii=False)))


def _seen(char: str) -> str:
    """What cannot be seen (some of it ends lines elsewhere) is spelt out."""
    return char if char.isprintable() or ord(char) > 0xFFFF else f"\\u{ord(char):04x}"


class _Line:
    def __init__(self, number: int, indent: int, text: str) -> None:
        self.number, self.indent, self.text = number, indent, text


LONGEST = 100_000


def load(text: str) -> Any:
    """What a text says. Raises BadYaml with the line that is not understood."""
    if len(text) > LONGEST:
        raise BadYaml(1, f"文件超过 {LONGEST} 个字")
    lines = list(_significant(text))
    if not lines:
        raise BadYaml(1, "文件是空的")
    value, rest = _block(lines, lines[0].indent, 0)
    if rest:
        raise BadYaml(rest[0].number, "缩进不对")
    return value


def _significant(text: str) -> Iterator[_Line]:
    for number, line in enumerate(text.lstrip("\ufeff").replace("\r\n", "\n").split("\n"), 1):
        bare = line.strip(" ")
        if "\t" in line[: len(line) - len(line.lstrip())]:
            raise BadYaml(number, "缩进用了制表符，请改成空格")
        if bare and not bare.startswith("#") and not (bare == "---" and number == 1):
            yield _Line(number, len(line) - len(line.lstrip(" ")), bare)


DEEPEST = 8


def _block(lines: list[_Line], indent: int, depth: int) -> tuple[Any, list[_Line]]:
    if depth > DEEPEST:
        raise BadYaml(lines[0].number, "层次太深")
    if lines[0].text == "-" or lines[0].text.startswith("- "):
        return _items(lines, indent, depth)
    return _pairs(lines, indent, depth)


def _items(lines: list[_Line], indent: int, depth: int) -> tuple[list[Any], list[_Line]]:
    found: list[Any] = []
    value: Any
    while lines and lines[0].indent == indent and lines[0].text[:2] in {"-", "- "}:
        head, rest = lines[0], lines[1:]
        inner = head.text[1:].lstrip(" ")
        if not inner:
            raise BadYaml(head.number, "“-”后面没有内容")
        if _KEY.match(inner):
            deeper = indent + len(head.text) - len(inner)
            value, lines = _pairs([_Line(head.number, deeper, inner), *rest], deeper, depth + 1)
        else:
            value, lines = _text(inner, head.number), rest
        found.append(value)
    return found, lines


def _pairs(lines: list[_Line], indent: int, depth: int) -> tuple[dict[str, Any], list[_Line]]:
    found: dict[str, Any] = {}
    while lines and lines[0].indent == indent:
        head, lines = lines[0], lines[1:]
        match = _KEY.match(head.text)
        if match is None:
            raise BadYaml(head.number, "应写成“名称: 内容”")
        key, inline = match[1], match[2]
        if key in found:
            raise BadYaml(head.number, f"“{key}”写了两次")
        if inline and not inline.startswith("#"):
            found[key] = _text(inline, head.number)
        elif lines and _is_inside(lines[0], indent):
            found[key], lines = _block(lines, lines[0].indent, depth + 1)
        else:
            found[key] = ""
    return found, lines


def _is_inside(line: _Line, indent: int) -> bool:
    """A list may stand as far left as the name that it belongs to."""
    return line.indent > indent or (line.indent == indent and line.text[:2] in {"-", "- "})


def _text(text: str, number: int) -> str:
    if text.startswith('"'):
        try:
            value, end = json.JSONDecoder().raw_decode(text)
        except ValueError:
            raise BadYaml(number, "引号里的文字没有写完") from None
        if (after := text[end:].strip()) and not after.startswith("#"):
            raise BadYaml(number, "引号后面还有文字")
        return str(value)
    if match := _SINGLE.match(text):
        return match[1].replace("''", "'")
    if text[0] in "'[]{}&*!|>%@`":
        raise BadYaml(number, f"不支持以“{text[0]}”开头的写法，文字请用英文双引号括起")
    return text.split(" #")[0].rstrip()
