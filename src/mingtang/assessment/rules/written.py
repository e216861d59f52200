"""Rules of assessment: a scheme as text keeps it, and back. Pure.

Every value is a string there: a number read as a float would no longer be the number written.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from mingtang.assessment.rules.schemes import BadScheme, Indicator, RedFlag, Scheme, Star, Step

Written = dict[str, Any]
_NUMBERS = ("weight", "per", "worst", "best")
_TEXTS = ("key", "name", "kind", "direction", "source", "empty", "basis")
_STEP = ("since", "below", "points")
_SCHEME_TEXTS = ("code", "name", "cycle", "target", "basis", "note")
_SCHEME_NUMBERS = ("base", "full", "floor", "cap", "head_share")


def written(scheme: Scheme) -> Written:
    """A scheme as mappings, lists and strings. What is as usual is left out."""
    texts = {name: getattr(scheme, name) for name in _SCHEME_TEXTS if getattr(scheme, name)}
    numbers = {name: spelt(getattr(scheme, name)) for name in _SCHEME_NUMBERS}
    found: Written = {**texts, **numbers, "objection_days": str(scheme.objection_days)}
    if scheme.bands:
        found["bands"] = [str(one) for one in scheme.bands]
    if scheme.stars:
        found["stars"] = [_star(one) for one in scheme.stars]
    if scheme.red_flag is not None:
        flag = scheme.red_flag
        found["red_flag"] = {"top": str(flag.top), "at_least": spelt(flag.at_least)}
    found["indicators"] = [_indicator(one) for one in scheme.indicators]
    return found


def spelt(number: Decimal) -> str:
    """The shortest spelling: 95.5, 0.30 as 0.3."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _star(one: Star) -> Written:
    found = {"stars": str(one.stars), "at_least": spelt(one.at_least)}
    return found if one.top is None else {**found, "top": str(one.top)}


def _indicator(one: Indicator) -> Written:
    blank = Indicator(key="", name="", kind="")
    found: Written = {"key": one.key, "name": one.name, "kind": one.kind}
    for name in _TEXTS[3:]:
        if getattr(one, name) != getattr(blank, name):
            found[name] = getattr(one, name)
    for name in (*_NUMBERS, "floor", "cap"):
        if getattr(one, name) != getattr(blank, name):
            found[name] = spelt(getattr(one, name))
    if one.steps:
        found["steps"] = [_step(step) for step in one.steps]
    return found


def _step(step: Step) -> Written:
    found = {"since": spelt(step.since)}
    if step.below is not None:
        found["below"] = spelt(step.below)
    return {**found, "points": spelt(step.points)}


def read(text: Any) -> Scheme:
    """The scheme that mappings, lists and strings describe. Raises BadScheme naming every place
    that cannot be read; whether it contradicts itself is for `faults` to say."""
    reader = _Reader()
    scheme = reader.scheme(text)
    if reader.faults:
        raise BadScheme(reader.faults)
    return scheme


class _Reader:
    """Reads on after a fault, so that all are told at once."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def scheme(self, text: Any) -> Scheme:
        given = self._mapping(text, "整个文件")
        lists = {"bands", "stars", "red_flag", "indicators", "objection_days"}
        self._unknown(given, {*_SCHEME_TEXTS, *_SCHEME_NUMBERS, *lists}, "考核办法")
        told: Written = {name: str(given.get(name, "")) for name in _SCHEME_TEXTS}
        told |= {name: self._number(given[name], name) for name in _SCHEME_NUMBERS if name in given}
        bands = self._list(given.get("bands", []), "bands")
        return Scheme(
            **told,
            bands=tuple(self._whole(one, "bands") for one in bands),
            stars=tuple(self._star(one) for one in self._list(given.get("stars", []), "stars")),
            red_flag=self._red_flag(given["red_flag"]) if given.get("red_flag") else None,
            indicators=tuple(
                self._indicator(one) for one in self._list(given.get("indicators", []), "指标")
            ),
            objection_days=self._whole(given.get("objection_days", "3"), "objection_days"),
        )

    def _indicator(self, text: Any) -> Indicator:
        given = self._mapping(text, "指标")
        where = f"指标“{given.get('name') or given.get('key') or '?'}”"
        self._unknown(given, {*_TEXTS, *_NUMBERS, "floor", "cap", "steps"}, where)
        numbers = (*_NUMBERS, "floor", "cap")
        steps = self._list(given.get("steps", []), f"{where}的 steps")
        told: Written = {name: str(given[name]) for name in _TEXTS if name in given}
        told |= {name: self._number(given[name], where) for name in numbers if name in given}
        return Indicator(
            **{"key": "", "name": "", "kind": "", **told},
            steps=tuple(self._step(one, where) for one in steps),
        )

    def _step(self, text: Any, where: str) -> Step:
        given = self._mapping(text, f"{where}的分档")
        self._unknown(given, set(_STEP), f"{where}的分档")
        below = given.get("below", "")
        return Step(
            self._number(given.get("since", ""), where),
            None if below == "" else self._number(below, where),
            self._number(given.get("points", ""), where),
        )

    def _star(self, text: Any) -> Star:
        given = self._mapping(text, "星级")
        self._unknown(given, {"stars", "at_least", "top"}, "星级")
        top = given.get("top", "")
        return Star(
            self._whole(given.get("stars", ""), "星级"),
            self._number(given.get("at_least", ""), "星级"),
            None if top == "" else self._whole(top, "星级"),
        )

    def _red_flag(self, text: Any) -> RedFlag:
        given = self._mapping(text, "红旗")
        self._unknown(given, {"top", "at_least"}, "红旗")
        return RedFlag(
            self._whole(given.get("top", ""), "红旗"),
            self._number(given.get("at_least", ""), "红旗"),
        )

    def _mapping(self, value: Any, where: str) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        self.faults.append(f"{where}应是一组“名称: 内容”")
        return {}

    def _list(self, value: Any, where: str) -> list[Any]:
        if isinstance(value, list):
            return value
        self.faults.append(f"{where}应是一列，每项以“- ”开头")
        return []

    def _unknown(self, given: Mapping[str, Any], known: set[str], where: str) -> None:
        self.faults += [f"{where}里不认识的名称“{name}”" for name in given if name not in known]

    def _number(self, value: Any, where: str) -> Decimal:
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite() and abs(number) <= 10_000 and number == round(number, 4):
            return number
        self.faults.append(f"{where}的“{value}”不是数字，或者超过四位小数")
        return Decimal(0)

    def _whole(self, value: Any, where: str) -> int:
        text = str(value)
        if text.isascii() and text.isdecimal() and len(text) <= 9:
            return int(text)
        self.faults.append(f"{where}的“{value}”不是整数")
        return 0
