"""Operations that go through a page itself: what is sent is what its form would have sent, what is
answered is what the page shows. Who may is asked by the policy of the page and in its view."""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django import forms
from django.contrib.messages import ERROR, SUCCESS
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import resolve
from django.utils.datastructures import MultiValueDict
from ninja import Router

from mingtang.accounts.policy import lacks_factor
from mingtang.accounts.proof import speaks_for_a_system
from mingtang.accounts.rules import NotProved
from mingtang.api.bodies import faults_of
from mingtang.api.doors import Door
from mingtang.api.interface import reads
from mingtang.api.rules import BodyWrong, Fault, NotSignedIn
from mingtang.api.views.acts import Asked, deed, with_names
from mingtang.base.errors import NotFound
from mingtang.base.ids import parse_id
from mingtang.base.shown import show_to

BAD, FORBIDDEN, CONFLICT, UNFIT = 400, 403, 409, 422
UNSOUND = "请更正下面标出的内容。"
Page = Callable[..., HttpResponseBase]
Told = Callable[[dict[str, Any]], Any]


@dataclass
class Notes:
    """What a page says at its top: stands where the messages of a session would."""

    said: list[tuple[int, str]] = field(default_factory=list)

    def add(self, level: int, message: Any, extra_tags: str = "") -> None:
        self.said.append((level, str(message)))

    def refusals(self) -> list[str]:
        """Why nothing was done; of several things some of which were done, none."""
        if any(level == SUCCESS for level, _text in self.said):
            return []
        return [text for level, text in self.said if level >= ERROR]


@dataclass(frozen=True)
class Visit:
    """A page that was opened, or whose button was pressed: what it showed, what it said."""

    answer: HttpResponseBase
    shown: dict[str, Any]
    notes: Notes

    @property
    def led_to(self) -> str:
        return str(getattr(self.answer, "url", ""))


def visit(
    request: HttpRequest, page: Page, sent: MultiValueDict[str, str] | None = None, **named: Any
) -> Visit:
    """Open a page, or send its form. Raises what the page raises."""
    if lacks_factor(request):
        raise NotSignedIn
    shown, notes = show_to(request), Notes()
    speaks_for_a_system(request)
    if sent is not None:
        assert request.FILES is not None  # read before: reading them would undo what follows
        request.POST = sent  # type: ignore[assignment]
    of_session = request._messages  # type: ignore[attr-defined]
    request._messages = notes  # type: ignore[attr-defined]
    try:
        return Visit(page(request, **_fitting(page, named)), shown, notes)
    finally:
        request._messages = of_session  # type: ignore[attr-defined]


def _fitting(page: Page, named: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of an address as those of the page have them: numbers are numbers."""
    wanted = inspect.signature(page).parameters
    found: dict[str, Any] = {}
    for name, value in named.items():
        is_number = wanted[name].annotation is int
        found[name] = parse_id(str(value)) if is_number else value
        if found[name] is None:
            raise NotFound
    return found


# ── acts ──────────────────────────────────────────────────────────────────────────────────────


def presses(
    router: Router,
    path: str,
    page: Page,
    form: type[forms.Form],
    said: str,
    *,
    told: Callable[[Asked, Visit], dict[str, Any]] | None = None,
    sends: Mapping[str, str] | None = None,
    **fixed: Any,
) -> None:
    """Declare the act of a button. `form`: its shape; `sends`: what the button itself says;
    `fixed`: parts of the page's address that are not in `path`; `told`: what is answered besides
    the ids of the page that it leads to and what that one says at its top."""

    def do(asked: Asked) -> dict[str, Any]:
        for name, value in (sends or {}).items():
            asked.data[name] = value
        made = visit(asked.request, page, asked.data, **{**asked.about, **fixed})
        check_done(made)
        more = told(asked, made) if told else {}
        return {**ids_in(made.led_to), "said": [text for _level, text in made.notes.said], **more}

    deed(router, path, door_of(page), form, do, said)


def door_of(page: Page) -> Door:
    """Open to those to whom the page is."""
    return Door(page.policy)  # type: ignore[attr-defined]


def check_done(made: Visit) -> None:
    """Raises why a page did not do what it was asked: BodyWrong with its sentences, NotProved;
    NotFound where it was shown once more as to one who may not: what is done leads elsewhere."""
    status, refusals = made.answer.status_code, made.notes.refusals()
    faults, sentence = list(faults_shown(made.shown)), _sentence(made.shown)
    if status == FORBIDDEN and not faults and not sentence:
        raise NotProved
    if status < BAD and not faults and not refusals:
        if made.shown:
            raise NotFound
        return
    general = [one.message for one in faults if not one.field]
    error = BodyWrong(faults, next(iter([*refusals, *general, *sentence]), UNSOUND))
    error.status = status if status >= BAD else UNFIT if faults else CONFLICT
    raise error


def faults_shown(shown: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with what was sent, as the page shows it."""
    summary = shown.get("errors")
    if isinstance(summary, Mapping):  # of a page with tables, which tells where
        yield from (Fault("", str(one)) for one in summary["general"])
        for line in summary["lines"]:
            yield Fault(line["target"].removeprefix("id_"), f"{line['label']}：{line['error']}")
        return
    for name in ("faults", "mistakes", "problems"):
        yield from (_row_fault(one) for one in shown.get(name) or ())
    for form in forms_in(shown.values()):
        yield from faults_of(form)


def _row_fault(one: Any) -> Fault:
    if row := getattr(one, "row", ""):
        return Fault(str(row), str(getattr(one, "text", one)))
    return Fault("", str(one))


def forms_in(values: Iterable[Any]) -> Iterator[forms.BaseForm]:
    """The forms of a page: by themselves, and one for each act that is on offer."""
    for value in values:
        if isinstance(value, forms.BaseForm):
            yield value
        elif isinstance(value, BaseFormSet):
            yield from value.forms
        elif isinstance(value, list):
            rows = [one for one in value if isinstance(one, Mapping)]
            yield from forms_in(row["form"] for row in rows if "form" in row)


def _sentence(shown: Mapping[str, Any]) -> list[str]:
    return [str(shown[name]) for name in ("error", "message") if shown.get(name)]


def ids_in(url: str) -> dict[str, str]:
    """What a page of ours is about, from its address."""
    if not url:
        return {}
    return {name: str(value) for name, value in resolve(urlsplit(url).path).kwargs.items()}


# ── sights ────────────────────────────────────────────────────────────────────────────────────


def shows(
    router: Router,
    path: str,
    page: Page,
    answer: Any,
    said: str,
    told: Told = dict,
    **asked: Any,
) -> None:
    """Declare what a page shows as an operation that reads. `told` makes the answer of the page's
    context; `asked`: what may stand in the address, with its type, as the page reads it."""

    def sight(request: HttpRequest, **named: Any) -> Any:
        about = {name: value for name, value in named.items() if f"{{{name}}}" in path}
        made = visit(request, page, **about)
        if made.led_to:
            raise NotFound
        return told(made.shown)

    sight.__name__ = "see_" + re.sub(r"[^a-z]+", "_", path).strip("_")
    reads(router, path, door_of(page), answer, said)(with_names(sight, path, asked))


def listed(shown: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of a page that has several, and where the next one begins."""
    return paged(shown["rows"], shown.get("next_url"))


def paged(rows: Iterable[Any], next_url: Any) -> dict[str, Any]:
    marks = parse_qs(urlsplit(str(next_url or "")).query)
    found = [*marks.get("after", ()), *marks.get("before", ())]
    return {"rows": list(rows), "next": found[0] if found else None}


def written(form: forms.BaseForm) -> dict[str, Any]:
    """What stands in the fields of a form: sent back as it is, it changes nothing."""
    return {
        name: form[name].value()
        for name, one in form.fields.items()
        if name not in {"command_id", "ORDER", "DELETE"} and not isinstance(one, forms.FileField)
    }
