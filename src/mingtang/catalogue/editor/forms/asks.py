"""The form that applicants fill in, as its editor shows it: sections and questions to write."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingtang.questions.rules import Kind, as_typed
from mingtang.questions.rules.compiling.words import KNOWN_OF_PERSONS, MOST_QUESTIONS
from mingtang.questions.rules.editing import KEPT, Part, comparisons, earlier, keyed

Place = tuple[int, ...]
Faults = Sequence[tuple[str, str]]

KNOWN_LABELS = {
    "name": gettext_lazy("本人姓名（单位名称）"),
    "phone": gettext_lazy("本人电话"),
    "identity_number": gettext_lazy("本人身份证号（信用代码）"),
}
NUMBERED = {"inputmode": "numeric", "autocomplete": "off"}
KINDS = [(kind.value, kind.label) for kind in Kind]
NEAREST = 30  # earlier questions that a condition is chosen from; others are named in the source
DEEPEST = 3  # section, question, question of rows
# Which settings are for which kinds: a script puts away the others, without one all stand there.
SETTINGS: Mapping[str, tuple[Kind, ...]] = {
    "options": (Kind.ONE, Kind.SEVERAL),
    "unit": (Kind.WHOLE, Kind.DECIMAL),
    "least": (Kind.TEXT, Kind.LONG, Kind.WHOLE, Kind.DECIMAL, Kind.SEVERAL, Kind.ROWS),
    "most": (Kind.TEXT, Kind.LONG, Kind.WHOLE, Kind.DECIMAL, Kind.SEVERAL, Kind.ROWS),
    "decimals": (Kind.DECIMAL,),
    "not_before": (Kind.DAY,),
    "not_after": (Kind.DAY,),
    "pattern": (Kind.TEXT,),
    "pattern_help": (Kind.TEXT,),
}


def _line(label: Any, help_text: Any = "", **attrs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, help_text=help_text, required=False, widget=widget)


def _long(label: Any, help_text: Any = "", rows: int = 2) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=False, widget=widget)


class QuickSelect(forms.Select):
    """A list of choices written at one go: a form of 200 questions has tens of thousands."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        named = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        return format_html("<select{}>{}</select>", flatatt(named), self._written(value))

    def _written(self, value: Any) -> SafeString:
        parts = []
        for code, label in self.choices:
            if isinstance(label, list | tuple):
                some = _options(label, value)
                parts.append(format_html('<optgroup label="{}">{}</optgroup>', code, some))
            else:
                parts.append(_options([(code, label)], value))
        return format_html_join("", "{}", ((part,) for part in parts))


def _options(choices: Any, value: Any) -> SafeString:
    marked = (
        (code, SafeString(" selected") if str(code) == str(value or "") else "", label)
        for code, label in choices
    )
    return format_html_join("", '<option value="{}"{}>{}</option>', marked)


def _choice(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, required=False, widget=QuickSelect)


def _kept() -> forms.CharField:
    return forms.CharField(required=False, widget=forms.HiddenInput)


class TopWords(forms.Form):
    title = _line(gettext_lazy("表名"), gettext_lazy("如：取水许可申请表。"))
    help = _long(gettext_lazy("总的说明"))


class _Conditional(forms.Form):
    """What hangs on earlier answers; the choices come from the questions before it."""

    def offer(self, name: str, groups: list[Any], gone: Any) -> None:
        """Offer choices; one that was chosen and is no longer among them is offered as gone."""
        value = self.initial.get(name, "")
        known = {code for _label, some in groups if isinstance(some, list) for code, _word in some}
        known |= {code for code, word in groups if not isinstance(word, list)}
        if value not in known:
            groups = [*groups, (value, gone)]
        self.fields[name].widget.choices = groups


class SectionWords(_Conditional):
    title = _line(gettext_lazy("部分的名称"))
    help = _long(gettext_lazy("说明"))
    when = _choice(gettext_lazy("什么时候问这一部分"))
    when_number = _line(gettext_lazy("比较的数"), **NUMBERED)
    kept = _kept()
    key = _kept()


class QuestionWords(_Conditional):
    title = _line(gettext_lazy("问题"))
    kind = _choice(gettext_lazy("怎么填"))
    is_required = forms.BooleanField(label=gettext_lazy("必须填写"), required=False)
    purpose = _line(
        gettext_lazy("为什么要收集"),
        gettext_lazy("一句话，申请人看得到，如：用来核定水量。写不出的，就不该问。"),
    )
    options = _long(
        gettext_lazy("选项（单选、多选用）"),
        gettext_lazy("一行一个。名称前面可以写代码和空格，不写就自动编。"),
        rows=4,
    )
    help = _long(gettext_lazy("填写说明"))
    example = _line(gettext_lazy("例子"))
    unit = _line(gettext_lazy("单位"), gettext_lazy("如：亩、元。"))
    least = _line(
        gettext_lazy("最少"), gettext_lazy("数字的大小、文字的字数、行数或项数。"), **NUMBERED
    )
    most = _line(gettext_lazy("最多"), **NUMBERED)
    decimals = _line(gettext_lazy("小数位数"), gettext_lazy("1 到 4，不写是 2。"), **NUMBERED)
    not_before = _choice(gettext_lazy("不能早于"))
    not_after = _choice(gettext_lazy("不能晚于"))
    when = _choice(
        gettext_lazy("什么时候问"), gettext_lazy("只能看前面问题的答案；选了就只在那时才问。")
    )
    when_number = _line(
        gettext_lazy("比较的数"), gettext_lazy("上面选“不小于…”“不大于…”时写。"), **NUMBERED
    )
    known_as = _choice(gettext_lazy("预先填上"))
    pattern = _line(
        gettext_lazy("格式（懂的人写）"), gettext_lazy(r"字符和次数，如 取水\d{4}-\d{1,6}。")
    )
    pattern_help = _line(gettext_lazy("格式不对时的提示"))
    kept = _kept()
    key = _kept()


FORMS = (TopWords, SectionWords, QuestionWords, QuestionWords)


def _prefix(place: Place) -> str:
    return "-".join(("part", *map(str, place)))


# ── what was sent ─────────────────────────────────────────────────────────────────────────────


def part_from(data: Mapping[str, Any], place: Place = ()) -> Part:
    """The parts that were sent, in their places; keys that none could have are replaced."""
    prefix = _prefix(place)
    names = FORMS[len(place)].base_fields
    words = {name: str(as_typed(data.get(f"{prefix}-{name}", ""))).strip() for name in names}
    key = words.pop("key", "")
    if "kind" in words and words["kind"] not in dict(KINDS):
        words["kind"] = Kind.TEXT.value
    parts = [part_from(data, (*place, number)) for number in range(_count(data, place))]
    found = Part(key, {name: word for name, word in words.items() if word}, parts)
    return found if place else keyed(found)


def _count(data: Mapping[str, Any], place: Place) -> int:
    if len(place) == DEEPEST:
        return 0
    text = str(data.get(f"{_prefix(place)}-count", ""))
    return min(int(text), MOST_QUESTIONS + 1) if text.isascii() and text.isdigit() else 0


def place_from(text: str) -> Place:
    """A place such as "0-3" as a button says it. Raises LookupError for none."""
    parts = text.split("-") if text else []
    if not all(part.isascii() and part.isdigit() for part in parts) or len(parts) > DEEPEST:
        raise LookupError(text)
    return tuple(int(part) for part in parts)


# ── what the page shows ───────────────────────────────────────────────────────────────────────


class AsksPage:
    """The outline: each part with its settings, its faults and what may be done with it."""

    def __init__(self, root: Part, faults: Faults = (), fresh: Place | None = None) -> None:
        self.root, self.fresh = root, fresh
        self._paths = root.paths()
        self._tests: dict[int, list[tuple[str, str]]] = {}
        places = {path: place for place, path in self._paths.items()}
        self.faults: dict[Place, list[str]] = {}
        for path, sentence in faults:
            place = places.get(path, ())
            self.faults.setdefault(place, []).append(self._named(path, place, sentence))

    def top(self) -> forms.Form:
        return self._form((), self.root)

    def sections(self) -> list[dict[str, Any]]:
        return self._below((), self.root)

    def errors(self) -> dict[str, list[Any]]:
        """For the summary: what is wrong with the whole, and lines that lead to their places."""
        lines = [
            {"target": _prefix(place), "label": _number(place), "error": sentence}
            for place, some in sorted(self.faults.items())
            for sentence in some
            if place
        ]
        return {"general": self.faults.get((), []), "lines": lines}

    def _named(self, path: str, place: Place, sentence: str) -> str:
        """A part without a title is called by its number: nobody need know its key."""
        if place and not self.root.at(place).words.get("title"):
            return sentence.replace(f"“{path}”", f"“{_number(place)}”", 1)
        return sentence

    def told(self) -> list[str]:
        """All faults as sentences, in the order of the page."""
        return [sentence for _place, some in sorted(self.faults.items()) for sentence in some]

    def _below(self, place: Place, part: Part) -> list[dict[str, Any]]:
        last = len(part.parts) - 1
        return [
            self._shown((*place, number), one, number == last)
            for number, one in enumerate(part.parts)
        ]

    def _shown(self, place: Place, part: Part, is_last: bool) -> dict[str, Any]:
        kind = part.words.get("kind", "")
        return {
            "id": _prefix(place),
            "at": "-".join(map(str, place)),
            "name": _name(part),
            "number": _number(place),
            "kind": Kind(kind).label if kind else "",
            "is_rows": kind == Kind.ROWS.value,
            "takes_parts": len(place) == 1 or kind == Kind.ROWS.value,
            "is_required": bool(part.words.get("is_required")),
            "has_condition": bool(part.words.get("when")),
            "form": (form := self._form(place, part)),
            "settings": [
                {"bound": form[name], "kinds": " ".join(kinds)} for name, kinds in SETTINGS.items()
            ]
            if kind
            else [],
            "faults": self.faults.get(place, []),
            "is_open": self._is_open(place),
            "is_first": place[-1] == 0,
            "is_last": is_last,
            "is_fresh": place == self.fresh,
            "count_name": f"{_prefix(place)}-count",
            "parts": self._below(place, part),
        }

    def _is_open(self, place: Place) -> bool:
        inside = [where for where in self.faults if where[: len(place)] == place]
        is_fresh = self.fresh is not None and self.fresh[: len(place)] == place
        return bool(inside) or is_fresh

    def _form(self, place: Place, part: Part) -> forms.Form:
        made = FORMS[len(place)](
            initial=part.words | {"key": part.key}, prefix=_prefix(place), auto_id="ask_%s"
        )
        if isinstance(made, _Conditional):
            self._offer(made, place, part)
        return made

    def _offer(self, form: _Conditional, place: Place, part: Part) -> None:
        chosen = part.words.get("when", "").partition(" ")[0]
        every = earlier(self.root, place)
        before = [one for one in every[:-NEAREST] if one[0] == chosen] + every[-NEAREST:]
        always = [("", _("总是问"))]
        if part.words.get("when") == KEPT:
            always.append((KEPT, _("照源码里写的条件（保持不变）")))
        groups = [(_name(one), self._compared(path, one)) for path, one in before]
        form.offer("when", [*always, *groups], _("（引用的问题已经不在前面，请重选）"))
        if isinstance(form, QuestionWords):
            self._offer_words(form, place, before)

    def _compared(self, path: str, part: Part) -> list[tuple[str, str]]:
        if id(part) not in self._tests:
            self._tests[id(part)] = comparisons(part)
        name = _name(part)
        return [(f"{path} {test}", f"“{name}”{words}") for test, words in self._tests[id(part)]]

    def _offer_words(
        self, form: QuestionWords, place: Place, before: list[tuple[str, Part]]
    ) -> None:
        days = [
            (path, _("“%(name)s”") % {"name": _name(one)})
            for path, one in before
            if one.words.get("kind") == Kind.DAY.value
        ]
        for name in ("not_before", "not_after"):
            given = form.initial.get(name, "")
            form.offer(name, [("", _("不限")), ("today", _("填表当天")), *days], given)
        known = [(name, KNOWN_LABELS[name]) for name in KNOWN_OF_PERSONS]
        form.offer("known_as", [("", _("不预填")), *known], form.initial.get("known_as", ""))
        kinds = [one for one in KINDS if len(place) < DEEPEST or one[0] != Kind.ROWS.value]
        form.offer("kind", kinds, Kind.ROWS.label)


def _number(place: Place) -> str:
    return ".".join(str(number + 1) for number in place)


def _name(part: Part) -> str:
    return part.words.get("title") or _("（还没有写）")
