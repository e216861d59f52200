"""Rules: what a schema may say, how much of it, and what it is called. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from mingtang.questions.rules.form import Kind
from mingtang.questions.rules.order import ORDER

Schema = Mapping[str, Any]

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_SECTIONS, MOST_QUESTIONS, MOST_OPTIONS, MOST_ROWS = 20, 200, 60, 30
MOST_LINE, MOST_LONG = 200, 4000
MOST_NUMBER = 10**12
TESTS: Mapping[str, str] = {
    "is": "等于",
    "in": "是其中之一",
    "has": "选了",
    "at_least": "不小于",
    "at_most": "不大于",
    "filled": "已填写",
}
_NUMBERS = ("filled", "is", "in", "at_least", "at_most")
_WORDS = ("filled", "is", "in")
# Which tests each kind of answer can pass; decimals are compared as numbers, never as text.
TESTS_OF: Mapping[Kind, tuple[str, ...]] = {
    **dict.fromkeys(Kind, _WORDS),
    Kind.WHOLE: _NUMBERS,
    Kind.DECIMAL: ("filled", "at_least", "at_most"),
    Kind.YES_NO: ("filled", "is"),
    Kind.SEVERAL: ("filled", "has"),
    Kind.LONG: ("filled",),
    Kind.ADDRESS: ("filled",),
    Kind.ROWS: ("filled",),
}
NAMES = {
    "title": "名称",
    "description": "说明",
    "x-purpose": "收集目的",
    "x-unit": "单位",
    "x-pattern-help": "格式提示",
    "x-known-as": "通用名称",
    "minLength": "最少字数",
    "maxLength": "最多字数",
    "minimum": "最小值",
    "maximum": "最大值",
    "x-minimum": "最小值",
    "x-maximum": "最大值",
    "minItems": "最少个数",
    "maxItems": "最多个数",
    "x-decimals": "小数位数",
}
FORMATS: Mapping[str, Kind] = {
    "long": Kind.LONG,
    "decimal": Kind.DECIMAL,
    "date": Kind.DAY,
    "phone": Kind.PHONE,
    "citizen-number": Kind.CITIZEN_NUMBER,
    "credit-code": Kind.CREDIT_CODE,
    "plate": Kind.PLATE,
}
# What a form may know of a person beforehand.
KNOWN_OF_PERSONS = ("name", "phone", "identity_number")

OF_QUESTIONS = {"title", "description", "type", "examples"}
OF_QUESTIONS |= {f"x-{name}" for name in ("purpose", "when", "known-as")}
OF_SECTIONS = {"type", "title", "description", "properties", "required", "x-when", ORDER}
OF_KINDS: Mapping[Kind, set[str]] = {
    Kind.TEXT: {"maxLength", "minLength", "pattern", "x-pattern-help"},
    Kind.LONG: {"format", "maxLength", "minLength"},
    Kind.WHOLE: {"minimum", "maximum", "x-unit"},
    Kind.DECIMAL: {"format", "x-decimals", "x-unit", "x-minimum", "x-maximum"},
    Kind.DAY: {"format", "x-not-before", "x-not-after"},
    Kind.YES_NO: set(),
    Kind.ONE: {"oneOf"},
    Kind.SEVERAL: {"items", "uniqueItems", "minItems", "maxItems"},
    Kind.ADDRESS: {"format"},
    Kind.ROWS: {"items", "minItems", "maxItems"},
}

PLAIN: Schema = {
    "type": "object",
    "title": "申请表",
    "properties": {
        "matter": {
            "type": "object",
            "title": "申请什么",
            "properties": {
                "summary": {
                    "type": "string",
                    "format": "long",
                    "title": "申请内容",
                    "description": "用自己的话说明要办什么、用在哪里。",
                    "maxLength": 2000,
                    "x-purpose": "让窗口知道您要办的事。",
                }
            },
            "required": ["summary"],
        }
    },
}
