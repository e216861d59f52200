"""Schemas of forms for tests: one with every kind of question, and any that may be thought of."""

from copy import deepcopy
from datetime import date
from typing import Any

from hypothesis import strategies as st

ON = date(2013, 9, 17)
OPTIONS = [{"const": "new", "title": "新办"}, {"const": "change", "title": "变更"}]
EVERY: dict[str, Any] = {
    "type": "object",
    "title": "取水许可申请表",
    "description": "照实填写。",
    "properties": {
        "matter": {
            "type": "object",
            "title": "申请什么",
            "properties": {
                "sort": {
                    "type": "string",
                    "oneOf": OPTIONS,
                    "title": "办理类型",
                    "x-purpose": "分清新办和变更。",
                },
                "old_number": {
                    "type": "string",
                    "title": "原证号",
                    "pattern": r"取水\d{4}-[A-Z]?\d{1,6}",
                    "x-pattern-help": "如 取水2013-A12",
                    "x-purpose": "找到原来的许可。",
                    "x-when": {"question": "matter.sort", "is": "change"},
                },
                "reason": {
                    "type": "string",
                    "format": "long",
                    "title": "理由",
                    "x-purpose": "审查用。",
                    "maxLength": 500,
                },
                "uses": {
                    "type": "array",
                    "items": {"type": "string", "oneOf": OPTIONS},
                    "title": "用途",
                    "x-purpose": "审查用。",
                },
                "is_dry": {"type": "boolean", "title": "是否枯水期取水", "x-purpose": "审查用。"},
            },
            "required": ["sort"],
        },
        "works": {
            "type": "object",
            "title": "取水工程",
            "description": "工程的情况。",
            "properties": {
                "amount": {
                    "type": "integer",
                    "title": "年取水量",
                    "x-unit": "m³",
                    "minimum": 0,
                    "maximum": 100000,
                    "x-purpose": "核定水量。",
                },
                "area": {
                    "type": "string",
                    "format": "decimal",
                    "title": "灌溉面积",
                    "x-unit": "亩",
                    "x-decimals": 1,
                    "x-purpose": "核定水量。",
                    "x-when": {"question": "works.amount", "at_least": 1000},
                },
                "start": {
                    "type": "string",
                    "format": "date",
                    "title": "开工日期",
                    "x-purpose": "安排检查。",
                },
                "end": {
                    "type": "string",
                    "format": "date",
                    "title": "完工日期",
                    "x-not-before": "works.start",
                    "x-purpose": "安排检查。",
                },
                "place": {
                    "type": "object",
                    "format": "address",
                    "title": "取水地点",
                    "x-purpose": "踏勘用。",
                },
                "wells": {
                    "type": "array",
                    "title": "水井",
                    "x-purpose": "登记水井。",
                    "maxItems": 5,
                    "items": {
                        "type": "object",
                        "properties": {
                            "depth": {
                                "type": "integer",
                                "title": "井深",
                                "x-purpose": "登记水井。",
                            },
                            "driller": {
                                "type": "string",
                                "title": "打井单位",
                                "x-purpose": "登记水井。",
                                "x-when": {"question": "depth", "at_least": 30},
                            },
                            "change": {
                                "type": "string",
                                "title": "变更情况",
                                "x-purpose": "登记水井。",
                                "x-when": {"question": "matter.sort", "is": "change"},
                            },
                        },
                        "required": ["depth"],
                    },
                },
            },
        },
        "person": {
            "type": "object",
            "title": "联系人",
            "x-when": [{"question": "matter.sort", "in": ["new", "change"]}],
            "properties": {
                "phone": {
                    "type": "string",
                    "format": "phone",
                    "title": "电话",
                    "x-purpose": "联系用。",
                    "x-known-as": "phone",
                },
                "number": {
                    "type": "string",
                    "format": "citizen-number",
                    "title": "身份证号",
                    "x-purpose": "核对身份。",
                },
                "firm": {
                    "type": "string",
                    "format": "credit-code",
                    "title": "单位代码",
                    "x-purpose": "核对单位。",
                },
                "car": {
                    "type": "string",
                    "format": "plate",
                    "title": "车牌",
                    "x-purpose": "进场用。",
                },
            },
        },
    },
}
GOOD: dict[str, Any] = {
    "matter": {
        "sort": "change",
        "old_number": "取水2013-A12",
        "reason": "灌溉。\n天旱。",
        "uses": ["new", "change"],
        "is_dry": False,
    },
    "works": {
        "amount": 1000,
        "area": "12.5",
        "start": "2013-09-01",
        "end": "2013-10-01",
        "place": {"region": "330881100200", "place": "峡口镇广渡村", "detail": "3号"},
        "wells": [{"depth": 40, "driller": "江山打井队", "change": "加深"}, {"depth": 5}],
    },
    "person": {
        "phone": "13800000001",
        "number": "33088119000101004X",
        "firm": "91330000MA0000007W",
        "car": "浙H12345",
    },
}


def every(path: str = "", **changes: Any) -> dict[str, Any]:
    """The schema with every kind; `path` names a question or section to change. "x_when" stands
    for x-when; None takes a keyword away."""
    schema = deepcopy(EVERY)
    part = schema
    for key in path.split(".") if path else ():
        inside = part.get("items", part)
        part = inside["properties"][key]
    for key, value in changes.items():
        key = key.replace("x_", "x-").replace("_", "-") if key.startswith("x_") else key
        part[key] = value
        if value is None:
            del part[key]
    return schema


# ── any form ──────────────────────────────────────────────────────────────────────────────────

WORDS = st.text("甲乙丙丁申请表水井abc12", min_size=1, max_size=8)
SORTS: list[dict[str, Any]] = [
    {"type": "string"},
    {"type": "string", "minLength": 1, "maxLength": 9},
    {"type": "string", "format": "long"},
    {"type": "integer", "minimum": -3, "maximum": 12, "x-unit": "亩"},
    {"type": "string", "format": "decimal", "x-decimals": 1},
    {"type": "string", "format": "date", "x-not-after": "today"},
    {"type": "boolean"},
    {"type": "string", "oneOf": OPTIONS},
    {"type": "array", "items": {"type": "string", "oneOf": OPTIONS}, "minItems": 1},
    {"type": "string", "format": "phone"},
    {"type": "string", "format": "plate"},
    {"type": "object", "format": "address"},
]


def _tests(question: dict[str, Any]) -> list[dict[str, Any]]:
    """Conditions that the answer of a question may pass."""
    found: list[dict[str, Any]] = [{"filled": True}, {"filled": False}]
    if question["type"] == "integer" or question.get("format") == "decimal":
        found += [{"at_least": 3}, {"at_most": 3}]
    if question["type"] == "boolean":
        found += [{"is": True}, {"is": False}]
    if "oneOf" in question:
        found += [{"is": "new"}, {"in": ["new", "change"]}]
    if question["type"] == "array" and question["items"]["type"] == "string":
        found += [{"has": "change"}]
    return found


@st.composite
def _question(draw: st.DrawFn, earlier: dict[str, Any]) -> dict[str, Any]:
    made = dict(draw(st.sampled_from(SORTS)))
    made |= {"title": draw(WORDS), "x-purpose": draw(WORDS)}
    if earlier and draw(st.booleans()):
        path = draw(st.sampled_from(sorted(earlier)))
        made["x-when"] = {"question": path, **draw(st.sampled_from(_tests(earlier[path])))}
    return made


@st.composite
def _rows(draw: st.DrawFn, earlier: dict[str, Any]) -> dict[str, Any]:
    seen, inside = dict(earlier), {}
    for number in range(draw(st.integers(1, 3))):
        inside[f"r_{number}"] = seen[f"r_{number}"] = draw(_question(seen))
    items = {"type": "object", "properties": inside, "required": ["r_0"]}
    return {"type": "array", "items": items, "title": draw(WORDS), "x-purpose": draw(WORDS)}


@st.composite
def schemas(draw: st.DrawFn) -> dict[str, Any]:
    """Any sound schema: conditions hang on earlier questions of the form or of the row."""
    earlier: dict[str, Any] = {}
    sections = {}
    for number in range(draw(st.integers(1, 3))):
        before = dict(earlier)
        questions: dict[str, Any] = {}
        for at in range(draw(st.integers(1, 4))):
            made = draw(_question(earlier) | _rows(earlier))
            questions[f"q_{at}"] = earlier[f"s_{number}.q_{at}"] = made
        section = {"type": "object", "title": draw(WORDS), "properties": questions}
        section["required"] = draw(st.lists(st.sampled_from(sorted(questions)), unique=True))
        if before and draw(st.booleans()):
            path = draw(st.sampled_from(sorted(before)))
            section["x-when"] = {"question": path, **draw(st.sampled_from(_tests(before[path])))}
        sections[f"s_{number}"] = section
    return {"type": "object", "title": draw(WORDS), "properties": sections}


# ── any answers ───────────────────────────────────────────────────────────────────────────────

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 2000)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "new", "change", "3", "12.5", "2013-09-17", "甲", "\x00", "浙H12345"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["r_0", "r_1", "q_0", "region"]), inner, max_size=3)
    ),
    max_leaves=4,
)
_HONEST: dict[str, st.SearchStrategy[Any]] = {
    "integer": st.integers(-3, 12),
    "boolean": st.booleans(),
    "string": st.sampled_from(["甲", "3.5", "2013-09-17", "new", "change", "13800000001"]),
    "array": st.lists(st.sampled_from(["new", "change"]), min_size=1, unique=True),
    "object": st.just(GOOD["works"]["place"]),
}


def _value(question: dict[str, Any]) -> st.SearchStrategy[Any]:
    items = question.get("items", {})
    if "properties" in items:
        line = {key: _value(one) for key, one in items["properties"].items()}
        return st.lists(st.fixed_dictionaries({}, optional=line), max_size=3) | JSON
    return _HONEST[question["type"]] | JSON


def answers(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Any JSON as answers of a form, mostly such as somebody might mean."""
    sections = {
        key: st.fixed_dictionaries(
            {}, optional={name: _value(one) for name, one in part["properties"].items()}
        )
        | JSON
        for key, part in schema["properties"].items()
    }
    return st.fixed_dictionaries({}, optional=sections)
