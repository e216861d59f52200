"""Rules: a form as somebody writes it: parts with words as they were typed, and the schema that
they make. What a schema says comes back from its parts. Pure."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mingtang.questions.rules.compiling.words import FORMATS, KEY, Schema
from mingtang.questions.rules.form import Kind, yes_and_no
from mingtang.questions.rules.order import in_order

Words = dict[str, str]
ON = "on"  # a ticked box
KEPT = "kept"  # a condition that the list of conditions cannot say stays as it is
CODE = re.compile(r"([A-Za-z0-9_-]{1,40})\s+(\S.*)")

# Words that are one keyword each, on every question.
PLAIN_WORDS = {
    "title": "title",
    "help": "description",
    "purpose": "x-purpose",
    "known_as": "x-known-as",
}
# Words that some kinds have, as the keyword of each.
KIND_WORDS: Mapping[Kind, Mapping[str, str]] = {
    Kind.TEXT: {"pattern": "pattern", "pattern_help": "x-pattern-help"},
    Kind.WHOLE: {"unit": "x-unit"},
    Kind.DECIMAL: {"unit": "x-unit"},
    Kind.DAY: {"not_before": "x-not-before", "not_after": "x-not-after"},
}
_LENGTH, _COUNT = ("minLength", "maxLength"), ("minItems", "maxItems")
NUMBERS: Mapping[Kind, Mapping[str, str]] = {
    Kind.TEXT: dict(zip(("least", "most"), _LENGTH, strict=True)),
    Kind.LONG: dict(zip(("least", "most"), _LENGTH, strict=True)),
    Kind.WHOLE: {"least": "minimum", "most": "maximum"},
    Kind.DECIMAL: {"least": "x-minimum", "most": "x-maximum", "decimals": "x-decimals"},
    Kind.SEVERAL: dict(zip(("least", "most"), _COUNT, strict=True)),
    Kind.ROWS: dict(zip(("least", "most"), _COUNT, strict=True)),
}
SHAPES: Mapping[Kind, Schema] = {
    Kind.TEXT: {"type": "string"},
    **{kind: {"type": "string", "format": name} for name, kind in FORMATS.items()},
    Kind.WHOLE: {"type": "integer"},
    Kind.YES_NO: {"type": "boolean"},
    Kind.ONE: {"type": "string"},
    Kind.SEVERAL: {"type": "array"},
    Kind.ADDRESS: {"type": "object", "format": "address"},
    Kind.ROWS: {"type": "array"},
}
NUMBER_TESTS = ("at_least", "at_most")


@dataclass
class Part:
    """The form, a section, a question or a question of rows: its key, what was typed, its parts."""

    key: str = ""
    words: Words = field(default_factory=dict)
    parts: list["Part"] = field(default_factory=list)

    def at(self, place: tuple[int, ...]) -> "Part":
        """The part at a place such as (0, 3). Raises LookupError for none."""
        part = self
        for number in place:
            part = part.parts[number]
        return part

    def walk(self, place: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], "Part"]]:
        yield place, self
        for number, part in enumerate(self.parts):
            yield from part.walk((*place, number))

    def paths(self) -> dict[tuple[int, ...], str]:
        """The path of each part, as conditions and faults name it."""
        found: dict[tuple[int, ...], str] = {}
        for place, part in self.walk():
            above = found.get(place[:-1], "")
            found[place] = f"{above}.{part.key}" if above else part.key
        return found


# ── moves ─────────────────────────────────────────────────────────────────────────────────────


def add(root: Part, place: tuple[int, ...]) -> tuple[int, ...]:
    """One more part below the one at a place, with a key of its own; where it stands."""
    above = root.at(place)
    words = {"kind": Kind.TEXT.value} if place else {}
    above.parts.append(Part(_new_key(root, "q" if place else "section"), words))
    return (*place, len(above.parts) - 1)


def remove(root: Part, place: tuple[int, ...]) -> None:
    del root.at(place[:-1]).parts[place[-1]]


def move(root: Part, place: tuple[int, ...], by: int) -> tuple[int, ...]:
    """The part one up or down among its own; where it stands now."""
    parts, here = root.at(place[:-1]).parts, place[-1]
    there = min(max(here + by, 0), len(parts) - 1)
    parts.insert(there, parts.pop(here))
    return (*place[:-1], there)


def _new_key(root: Part, name: str) -> str:
    """A key that no part has, and that none had which is still referred to."""
    numbers = [
        int(found[1])
        for _place, part in root.walk()
        for text in (part.key, part.words.get("when", ""), part.words.get(KEPT, ""))
        for found in re.finditer(rf"\b{name}_(\d{{1,6}})\b", text)
    ]
    return f"{name}_{max(numbers, default=0) + 1}"


def keyed(root: Part) -> Part:
    """The same parts; one whose key is none, or that of another beside it, gets a new one."""
    for _place, above in list(root.walk()):
        taken: set[str] = set()
        for part in above.parts:
            if not KEY.fullmatch(part.key) or part.key in taken:
                part.key = _new_key(root, "section" if above is root else "q")
            taken.add(part.key)
    return root


# ── from a schema ─────────────────────────────────────────────────────────────────────────────


def parts_of(schema: Schema) -> Part:
    """The parts of a sound schema, with words that make it again."""
    schema = in_order(schema)
    words = {"title": schema.get("title", ""), "help": schema.get("description", "")}
    sections = [_section(key, part) for key, part in schema["properties"].items()]
    return Part("", words, sections)


def _section(key: str, part: Schema) -> Part:
    words = {"title": part["title"], "help": part.get("description", "")}
    return Part(key, words | _when_words(part), _questions(part))


def _questions(part: Schema) -> list[Part]:
    required = part.get("required") or []
    return [_question(key, one, key in required) for key, one in part["properties"].items()]


def _question(key: str, one: Schema, is_required: bool) -> Part:
    kind = kind_of(one)
    named = {**PLAIN_WORDS, **KIND_WORDS.get(kind, {}), **NUMBERS.get(kind, {})}
    words = {word: str(one[keyword]) for word, keyword in named.items() if keyword in one}
    words |= {"kind": kind.value, "example": str((one.get("examples") or [""])[0])}
    words |= _when_words(one) | ({"is_required": ON} if is_required else {})
    if kind in {Kind.ONE, Kind.SEVERAL}:
        listed = one["oneOf"] if kind is Kind.ONE else one["items"]["oneOf"]
        words["options"] = "\n".join(f"{line['const']} {line['title']}" for line in listed)
    return Part(key, words, _questions(one["items"]) if kind is Kind.ROWS else [])


def kind_of(one: Schema) -> Kind:
    """The kind of a sound question."""
    if one["type"] == "array":
        return Kind.ROWS if one["items"]["type"] == "object" else Kind.SEVERAL
    if "oneOf" in one:
        return Kind.ONE
    bare = {keyword: one[keyword] for keyword in ("type", "format") if one.get(keyword)}
    plain = {kind: shape for kind, shape in SHAPES.items() if kind is not Kind.ONE}
    return next(kind for kind, shape in plain.items() if shape == bare)


def _when_words(one: Schema) -> Words:
    """A condition as the list of conditions says it; others are kept as they are."""
    listed = one.get("x-when") or []
    listed = [listed] if isinstance(listed, Mapping) else listed
    if not listed:
        return {}
    said = _said(listed[0]) if len(listed) == 1 else None
    return said or {"when": KEPT, KEPT: json.dumps(listed, ensure_ascii=False)}


def _said(condition: Schema) -> Words | None:
    question = condition["question"]
    [test] = set(condition) - {"question"}
    value = condition[test]
    if test in NUMBER_TESTS:
        return {"when": f"{question} {test}", "when_number": str(value)}
    if test == "filled":
        return {"when": f"{question} {'filled' if value else 'blank'}"}
    if isinstance(value, bool):
        return {"when": f"{question} {'yes' if value else 'no'}"}
    if test in {"is", "has"} and isinstance(value, str) and re.fullmatch(r"[\w-]+", value):
        return {"when": f"{question} {test} {value}"}
    return None


# ── to a schema ───────────────────────────────────────────────────────────────────────────────


def schema_of(root: Part) -> dict[str, Any]:
    """The schema that the words make, sound or not: compiling it tells what is wrong."""
    made: dict[str, Any] = {"type": "object", "title": root.words.get("title", "")}
    made |= _filled({"description": root.words.get("help", "")})
    made["properties"] = {part.key: _section_schema(part) for part in root.parts}
    return made


def _section_schema(part: Part) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "object", "title": part.words.get("title", "")}
    made |= _filled({"description": part.words.get("help", ""), "x-when": _when(part.words)})
    return made | _properties(part)


def _properties(part: Part) -> dict[str, Any]:
    required = [one.key for one in part.parts if one.words.get("is_required")]
    return {"properties": {one.key: question_schema(one) for one in part.parts}} | _filled(
        {"required": required}
    )


def question_schema(part: Part) -> dict[str, Any]:
    """A question; of what was typed only that which its kind has."""
    words = part.words
    kind = Kind(words["kind"])
    made: dict[str, Any] = dict(SHAPES[kind])
    named = {**PLAIN_WORDS, **KIND_WORDS.get(kind, {})}
    made |= _filled({keyword: words.get(word, "") for word, keyword in named.items()})
    numbers = NUMBERS.get(kind, {}).items()
    made |= _filled({keyword: _number(words.get(word, "")) for word, keyword in numbers})
    example = words.get("example", "")
    made |= _filled({"examples": [example] if example else [], "x-when": _when(words)})
    if kind is Kind.ONE:
        made["oneOf"] = options_of(words.get("options", ""))
    if kind is Kind.SEVERAL:
        made["items"] = {"type": "string", "oneOf": options_of(words.get("options", ""))}
    if kind is Kind.ROWS:
        made["items"] = {"type": "object"} | _properties(part)
    return made


def options_of(text: str) -> list[dict[str, str]]:
    """Options, one a line: a code and a name, or a name alone, which then gets a code."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    coded = [CODE.fullmatch(line) for line in lines]
    taken = {found[1] for found in coded if found}
    free = (f"o_{number}" for number in range(1, 10_000) if f"o_{number}" not in taken)
    return [
        {"const": found[1], "title": found[2]} if found else {"const": next(free), "title": line}
        for line, found in zip(lines, coded, strict=True)
    ]


def _when(words: Words) -> Any:
    said = words.get("when", "").split(" ")
    if said == [KEPT]:
        return _kept(words.get(KEPT) or "[]")
    if len(said) < 2:
        return []
    question, test = said[:2]
    if test in {"yes", "no"}:
        return {"question": question, "is": test == "yes"}
    if test in {"filled", "blank"}:
        return {"question": question, "filled": test == "filled"}
    value = _number(words.get("when_number", "")) if test in NUMBER_TESTS else " ".join(said[2:])
    return {"question": question, test: value}


def _kept(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text  # no condition: compiling says so


def _number(text: str) -> int | str:
    """A number where it is one; other words stay, to be refused with their place."""
    narrow = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    return int(narrow) if re.fullmatch(r"-?[0-9]{1,15}", narrow) else text.strip()


def _filled(said: dict[str, Any]) -> dict[str, Any]:
    return {keyword: value for keyword, value in said.items() if value not in ("", [])}


# ── what may be chosen ────────────────────────────────────────────────────────────────────────


def earlier(root: Part, place: tuple[int, ...]) -> list[tuple[str, Part]]:
    """The questions that one at a place may look back on, as its condition names them."""
    paths = root.paths()
    found = [
        (paths[there], part)
        for there, part in root.walk()
        if len(there) == 2 and there < place[:2]  # those of rows only from inside
    ]
    if len(place) == 3:
        found += [(part.key, part) for part in root.at(place[:2]).parts[: place[2]]]
    return found


def comparisons(part: Part) -> list[tuple[str, str]]:
    """The ways to compare a question that a list can say: code and words."""
    kind = Kind(part.words.get("kind", Kind.TEXT.value))
    options = [(line["const"], line["title"]) for line in options_of(part.words.get("options", ""))]
    found: list[tuple[str, str]] = []
    if kind is Kind.ONE:
        found = [(f"is {code}", f"选“{title}”") for code, title in options]
    if kind is Kind.SEVERAL:
        found = [(f"has {code}", f"选了“{title}”") for code, title in options]
    if kind is Kind.YES_NO:
        yes, no = yes_and_no(part.words.get("title", ""))
        found = [("yes", f"选“{yes}”"), ("no", f"选“{no}”")]
    if kind in {Kind.WHOLE, Kind.DECIMAL}:
        found = [("at_least", "不小于…"), ("at_most", "不大于…")]
    return [*found, ("filled", "已填写"), ("blank", "没有填写")]
