"""Rules: plain parts of a schema, read with every fault noted in its place. Pure."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from mingtang.questions.rules.compiling.words import KEY, MOST_NUMBER, NAMES, Schema
from mingtang.questions.rules.form import Question
from mingtang.questions.rules.order import ORDER


class Plain:
    """Reads one schema, front to back, and remembers what was asked so far."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, str]] = []
        self.path = ""  # of the part that is being read
        self.asked: dict[str, Question] = {}

    def wrong(self, place: str, text: str) -> None:
        self.faults.append((self.path, f"“{place}”{text}"))

    def place(self, key: str, part: Any) -> str:
        title = part.get("title") if isinstance(part, Mapping) else None
        return title.strip() if isinstance(title, str) and title.strip() else key

    def properties(self, part: Schema, place: str) -> dict[str, Any]:
        found = part.get("properties")
        if not isinstance(found, Mapping) or not found:
            self.wrong(place, "里面还没有内容。")
            return {}
        for key in found:
            if not KEY.fullmatch(str(key)):
                self.wrong(place, f"里的名字“{key}”应是小写字母开头的字母、数字、下划线。")
        order = part.get(ORDER)
        if order is None:
            return dict(found)
        if not isinstance(order, list) or sorted(map(str, order)) != sorted(map(str, found)):
            self.wrong(place, f"的顺序（{ORDER}）应正好列出里面的每个名字。")
            return dict(found)
        return {str(key): found[str(key)] for key in order}

    def required(self, part: Schema, place: str) -> set[str]:
        listed = part.get("required") or []
        if not isinstance(listed, list):
            self.wrong(place, "的必填清单（required）应是列表。")
            return set()
        properties = part.get("properties")
        known = list(properties) if isinstance(properties, Mapping) else []
        unknown = [str(one)[:40] for one in listed if one not in known]
        if unknown:
            self.wrong(place, f"的必填清单里没有“{'、'.join(unknown)}”这个问题。")
        return {str(one) for one in listed}

    def text(self, one: Schema, key: str, place: str, most: int, may_lack: bool = False) -> str:
        value = one.get(key, "")
        name = NAMES.get(key, key)
        if not isinstance(value, str) or len(value) > most:
            self.wrong(place, f"的{name}（{key}）应是不超过 {most} 个字的文字。")
            return ""
        if not value.strip() and not may_lack:
            self.wrong(place, f"没有写{name}（{key}）。")
        return value.strip()

    def whole(self, one: Schema, key: str, place: str, least: int, most: int) -> int | None:
        value = one.get(key)
        if value is None:
            return None
        if type(value) is not int or not least <= value <= most:
            name = NAMES[key]
            span = "不超过一万亿" if most == MOST_NUMBER else f" {least} 到 {most} "
            self.wrong(place, f"的{name}（{key}）应是{span}的整数。")
            return None
        return value

    def is_object(self, one: Schema, place: str) -> None:
        if one.get("type", "object") != "object":
            self.wrong(place, "的类型（type）应写 object。")

    def only(self, one: Schema, place: str, allowed: set[str]) -> None:
        unknown = sorted(str(key) for key in one if key not in allowed)
        if unknown:
            self.wrong(place, f"里的“{'、'.join(unknown)}”不在可用的写法内，请看 docs/forms.md。")


def leaves(value: Any) -> Iterator[Any]:
    """Every key and value inside, without recursion: what comes may be as deep as it likes."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, Mapping):
            left += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            left += one
        else:
            yield one


def is_strange(value: Any) -> bool:
    """Text that a database would refuse."""
    return isinstance(value, str) and any(
        unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\r\n\t" for sign in value
    )
