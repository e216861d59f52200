"""Forms: one page of questions as a form of the framework, and what was typed as answers."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from mingtang.base.errors import DomainError
from mingtang.base.words import said
from mingtang.questions.rules import (
    Answers,
    Condition,
    Fault,
    Form,
    Kind,
    Question,
    as_typed,
    check,
    in_words,
    offered,
    read,
    yes_and_no,
)

Places = Sequence[tuple[str, Sequence[tuple[str, str]]]]  # township, its villages with their codes

FEW = 7  # so many options stand open; more of them fold into a list
KEYBOARDS = {
    Kind.PHONE: {"inputmode": "tel", "autocomplete": "tel"},
    Kind.WHOLE: {"inputmode": "numeric", "autocomplete": "off"},
    Kind.DECIMAL: {"inputmode": "decimal", "autocomplete": "off"},
    Kind.CITIZEN_NUMBER: {"autocomplete": "off", "autocapitalize": "characters"},
    Kind.CREDIT_CODE: {"autocomplete": "off", "autocapitalize": "characters"},
    Kind.PLATE: {"autocomplete": "off", "autocapitalize": "characters"},
}


class _Typed(forms.Field):
    """Takes what was typed as it is: the rules of the question read it."""

    def clean(self, value: Any) -> Any:
        return value


class QuestionsForm(forms.Form):
    """The questions of some sections. `answers` holds all that is known of the whole form.

    After `is_valid()` — or without asking — `typed` holds all answers, those of this page as they
    were typed where they cannot be read: nothing is lost. `places` are the choices of addresses.
    """

    use_required_attribute = False

    def __init__(
        self,
        form: Form,
        keys: Collection[str],
        *,
        data: Any = None,
        answers: Mapping[str, Any],
        on: date,
        places: Places = (),
        may_lack: bool = False,
    ) -> None:
        super().__init__(None if data is None else data.copy())  # rows that moved are set in it
        self.form, self.keys, self.on, self.places = form, keys, on, places
        self.may_lack, self.faults = may_lack, list[Fault]()
        self.place_names = {code: name for _town, some in places for code, name in some}
        self.offered = offered(form, answers, keys)
        self.typed: Answers = {key: dict(value) for key, value in answers.items()}
        self._placed: dict[tuple[str, int | None], list[str]] = {}
        self.sent = frozenset(data or ())
        if data is not None:
            self._take(data)
        self._build()

    # ── what was typed ────────────────────────────────────────────────────────────────────────

    def _asked(self) -> Iterator[tuple[str, Question]]:
        for section in self.form.sections:
            for question in section.questions:
                if question.path in self.offered:
                    yield section.key, question

    def _inside(self, question: Question) -> list[Question]:
        """What is asked in each row; of the rest, earlier answers say that it is not."""
        return [inner for inner in question.rows if inner.path in self.offered]

    def _take(self, data: Any) -> None:
        for key, question in self._asked():
            name = _name(question)
            value: Any
            if question.kind is Kind.ROWS:
                value = self._rows(question, name, data)
            else:
                value = self._value(question, name, data)
            kept = self.typed.setdefault(key, {})
            kept.pop(question.key, None)
            if value is not None:
                kept[question.key] = value

    def _rows(self, question: Question, name: str, data: Any) -> list[Any] | None:
        """The rows typed; one more or one less where its button was pressed."""
        try:
            count = min(max(int(data.get(f"{name}-count", 0)), 0), question.most)
        except ValueError:
            count = 0
        found = []
        for number in range(count):
            if data.get("row") == f"remove {name} {number}":
                continue
            line = {}
            for inner in self._inside(question):
                value = self._value(inner, f"{name}-{number}-{inner.key}", data)
                if value is not None:
                    line[inner.key] = value
            found.append(line)
        if data.get("row") == f"add {name}":
            return [*found, {}][: question.most]
        return [line for line in found if line] or None

    def _value(self, question: Question, name: str, data: Any) -> Any:
        raw: Any
        if question.kind is Kind.ADDRESS:
            region = data.get(f"{name}-region") or ""
            raw = {
                "region": region,
                "place": self.place_names.get(region, ""),
                "detail": data.get(f"{name}-detail") or "",
            }
            if not (raw["region"] or raw["detail"]):
                return None
        elif question.kind is Kind.SEVERAL:
            raw = data.getlist(name) if hasattr(data, "getlist") else data.get(name)
        else:
            raw = data.get(name)
        try:
            return read(question, raw, on=self.on)
        except DomainError:
            return as_typed(raw)

    @property
    def is_sent(self) -> bool:
        """Whether these questions were on the page that was sent at all."""
        return self.is_bound and any(name in self.sent for name in self.fields)

    @property
    def is_row_change(self) -> bool:
        """A button for one row more or less was pressed, not the one that goes on."""
        return bool(self.is_bound and self.data.get("row"))

    def clean(self) -> dict[str, Any]:
        self.faults = [
            fault
            for fault in check(self.form, self.typed, on=self.on)
            if fault.path.partition(".")[0] in self.keys
        ]
        for fault in self.faults:
            if not (self.may_lack and fault.is_missing):
                self.add_error(self._place_of(fault), fault.text)
        return self.cleaned_data

    @property
    def lacking(self) -> list[str]:
        """What is still to be answered, where it may be lacking: titles, in order."""
        return [fault.title for fault in self.faults if fault.is_missing]

    def _place_of(self, fault: Fault) -> str | None:
        names = self._placed.get((fault.path, fault.row), [])
        if len(names) == 2 and self.data.get(names[0]):
            return names[1]  # the place was chosen: the fault is in the street
        return names[0] if names else None

    # ── fields ────────────────────────────────────────────────────────────────────────────────

    def _build(self) -> None:
        for key, question in self._asked():
            value = self.typed.get(key, {}).get(question.key)
            if question.kind is Kind.ROWS:
                self._build_rows(question, value)
            else:
                self._add(question, _name(question), value)

    def _build_rows(self, question: Question, value: Any) -> None:
        name = _name(question)
        rows = value if isinstance(value, list) else []
        if not rows and question.is_required:
            rows = [{}]
        hidden = forms.HiddenInput(attrs={"id": f"id_{name}_rows"})  # the rows bear the usual id
        self.fields[f"{name}-count"] = _Typed(widget=hidden, label=question.title)
        self._set(f"{name}-count", len(rows))
        self._placed[question.path, None] = [f"{name}-count"]
        for number, line in enumerate(rows):
            for inner in self._inside(question):
                given = line.get(inner.key) if isinstance(line, Mapping) else None
                self._add(inner, f"{name}-{number}-{inner.key}", given, number)

    def _set(self, name: str, value: Any) -> None:
        """What the field shows: after rows moved, no longer what was sent under its name."""
        self.initial[name] = value
        if self.is_bound:
            if isinstance(value, list) and hasattr(self.data, "setlist"):
                self.data.setlist(name, value)
            else:
                self.data[name] = "" if value is None else value  # type: ignore[index]

    def _add(self, question: Question, name: str, value: Any, row: int | None = None) -> None:
        for suffix, label, widget in _inputs(question, self.places):
            self.fields[name + suffix] = _Typed(
                label=label,
                required=question.is_required,
                widget=widget,
                help_text=_help(question) if suffix != "-detail" else "",
            )
            self._set(name + suffix, _initial(question, value, suffix))
            self._placed.setdefault((question.path, row), []).append(name + suffix)

    # ── for the page ──────────────────────────────────────────────────────────────────────────

    def blocks(self) -> list[dict[str, Any]]:
        """Sections with their questions, as the template walks over them."""
        found = []
        for section in self.form.sections:
            shown = [one for one in section.questions if one.path in self.offered]
            if shown:
                found.append(
                    {
                        "title": section.title if len(self.keys) > 1 else "",  # the page bears it
                        "help": section.help,
                        "items": [self._item(one) for one in shown],
                        "purposes": _purposes(shown),
                    }
                )
        return found

    def _item(self, question: Question) -> dict[str, Any]:
        here = self.offered[question.path]
        item = {
            "when": in_words(self.form, here),
            "test": _as_test(here),
            "bounds": self._bounds(question.path, None),
        }
        return item | self._rows_item(question) if question.kind is Kind.ROWS else item

    def _rows_item(self, question: Question) -> dict[str, Any]:
        name = _name(question)
        count = int(self.initial[f"{name}-count"])
        rows = [
            {
                "number": number + 1,
                "remove": f"remove {name} {number}",
                "items": [self._row_item(inner, name, number) for inner in self._inside(question)],
            }
            for number in range(count)
        ]
        return {
            "title": question.title,
            "help": _help(question),
            "errors": self.errors.get(f"{name}-count", []) if self.is_bound else [],
            "id": self[f"{name}-count"].auto_id,
            "rows": rows,
            "add": f"add {name}" if count < question.most else "",
            "is_required": question.is_required,
        }

    def _row_item(self, inner: Question, name: str, number: int) -> dict[str, Any]:
        here = self.offered[inner.path]
        return {
            "when": in_words(self.form, here),
            "test": _as_test(here, f"{name}-{number}"),
            "bounds": self._bounds(inner.path, number),
        }

    def _bounds(self, path: str, row: int | None) -> list[Any]:
        return [self[name] for name in self._placed[path, row]]


def _name(question: Question) -> str:
    return question.path.replace(".", "-")


def _help(question: Question) -> str:
    example = _("例如：%(example)s") % {"example": question.example} if question.example else ""
    unit = _("单位：%(unit)s。") % {"unit": question.unit} if question.unit else ""
    return " ".join(part for part in (question.help, unit, example) if part)


def _purposes(questions: Sequence[Question]) -> list[tuple[str, str]]:
    """Why each is asked (《个人信息保护法》第十七条)."""
    return [
        (one.title, one.purpose) for question in questions for one in (question, *question.rows)
    ]


def _inputs(question: Question, places: Places) -> list[tuple[str, str, forms.Widget]]:
    """Suffix of the name, label and control of each input that a question takes."""
    title = question.title
    if question.kind is Kind.ADDRESS:
        choices: list[Any] = [("", _("请选择乡镇（街道）、村（社区）"))]
        choices += [(town, list(some)) for town, some in places]
        select = forms.Select(choices=choices)
        street = forms.TextInput(attrs={"autocomplete": "street-address"})
        return [
            ("-region", _("%(title)s：在哪个村（社区）") % {"title": title}, select),
            ("-detail", _("%(title)s：街路和门牌号") % {"title": title}, street),
        ]
    return [("", title, _widget(question))]


def _widget(question: Question) -> forms.Widget:
    kind = question.kind
    if kind is Kind.LONG:
        return forms.Textarea(attrs={"rows": 4})
    if kind is Kind.DAY:
        return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    if kind is Kind.YES_NO:
        yes, no = yes_and_no(question.title)
        return forms.RadioSelect(choices=[("yes", said(yes)), ("no", said(no))])
    if kind is Kind.SEVERAL:
        return forms.CheckboxSelectMultiple(choices=list(question.options.items()))
    if kind is Kind.ONE and len(question.options) <= FEW:
        return forms.RadioSelect(choices=list(question.options.items()))
    if kind is Kind.ONE:
        return forms.Select(choices=[("", _("请选择")), *question.options.items()])
    return forms.TextInput(attrs=KEYBOARDS.get(kind, {}))


def _initial(question: Question, value: Any, suffix: str) -> Any:
    if question.kind is Kind.ADDRESS:
        return value.get(suffix[1:], "") if isinstance(value, Mapping) else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def _as_test(conditions: Sequence[Condition], row: str = "") -> str:
    """Conditions for the script of the page, as JSON; "" for none."""
    told = [
        {"name": _input_name(one.path, row), "test": one.test, "value": _as_typed(one.value)}
        for one in conditions
    ]
    return json.dumps(told, ensure_ascii=False) if told else ""


def _input_name(path: str, row: str) -> str:
    if path.count(".") == 2:  # a question of the same row
        return f"{row}-{path.rpartition('.')[2]}"
    return path.replace(".", "-")


def _as_typed(value: Any) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else value
