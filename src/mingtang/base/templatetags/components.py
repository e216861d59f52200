"""Template tags: the components every page is built from. `{% load components %}`."""

import functools
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import get_template, render_to_string
from django.utils.dateformat import format as date_in
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingtang.base import words
from mingtang.base.clock import LEGAL_ZONE
from mingtang.base.patterns import Pattern

register = template.Library()

ICONS = frozenset({
    "bang", "book", "brand", "building", "calendar", "chat", "check", "clip", "clock", "document",
    "dot", "folder", "person", "phone", "pin", "search", "triangle",
})  # fmt: skip
STATUS_ICONS = {"ok": "check", "info": "dot", "warn": "bang", "bad": "triangle"}
LIGHTS = {
    "green": ("ok", gettext_lazy("绿灯")),
    "yellow": ("warn", gettext_lazy("黄灯")),
    "red": ("bad", gettext_lazy("红灯")),
}


@register.filter
def said(text: Any) -> Any:
    """A word of the rules in the reader's language; all else passes through."""
    return words.said(text) if isinstance(text, str) else text


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative picture; the words beside it carry the meaning."""
    return _icon(name if name in ICONS else "document")


@register.simple_tag
def status(label: str, tone: str = "info") -> SafeString:
    """A state as colour, icon and word at once. Tones: ok, info, warn, bad."""
    return _status(said(str(label)), tone if tone in STATUS_ICONS else "info", "")


@register.simple_tag
def light(colour: str, label: str = "") -> SafeString:
    """A light (green, yellow, red), alone or before the words of a time limit."""
    tone, word = LIGHTS.get(colour, ("info", ""))
    return _status(said(str(label or word)), tone, str(word) if label else "")


# A page has dozens of these, and few that differ: each is drawn once in a process.
@functools.cache
def _icon(name: str) -> SafeString:
    return render_to_string("base/components/icon.html", {"name": name})


@functools.lru_cache(maxsize=1000, typed=True)  # a text that is safe and one that is not are two
def _status(label: str, tone: str, spoken: str) -> SafeString:
    told = {"label": label, "tone": tone, "icon_name": STATUS_ICONS[tone], "spoken": spoken}
    return render_to_string("base/components/status.html", told)


@register.inclusion_tag("base/components/preference.html", takes_context=True)
def preference(context: template.Context, name: str, value: str, label: str) -> dict[str, Any]:
    """A button that changes how pages look and comes back to this one."""
    back = context.get("page_address") or "/"
    return {"name": name, "value": value, "label": label, "next": back}


@register.inclusion_tag("base/components/when.html")
def when(value: datetime | date | str | None) -> dict[str, Any]:
    """An instant or a day as people read it where the law counts; text passes through."""
    if isinstance(value, datetime):
        local = value.astimezone(LEGAL_ZONE)
        return {"machine": local.isoformat(timespec="minutes"), "text": _moment(local)}
    if isinstance(value, date):
        return {"machine": value.isoformat(), "text": _day(value)}
    return {"machine": "", "text": value or ""}


def _day(day: date) -> str:
    return date_in(day, _("Y年n月j日"))


@register.filter
def day(value: date) -> str:
    """A day inside a sentence."""
    return _day(value)


@register.filter
def month(day: date) -> str:
    """The month of a day, with its year."""
    return date_in(day, _("Y年n月"))


def _moment(local: datetime) -> str:
    return f"{_day(local)} {local:%H:%M}"


@register.inclusion_tag("base/components/prose.html")
def prose(value: str | Iterable[str] | None, empty: str = "") -> dict[str, Any]:
    """Running text or a list of sentences; a blank one says so instead of vanishing."""
    if value is None or isinstance(value, str):
        return {"text": said((value or "").strip()), "lines": [], "empty": empty}
    return {"text": "", "lines": [said(str(line)) for line in value], "empty": empty}


@register.inclusion_tag("base/components/breadcrumbs.html")
def breadcrumbs(*parts: str) -> dict[str, Any]:
    """`{% breadcrumbs label url label url … label-of-this-page %}`; the home page is added."""
    pairs = list(zip(parts[:-1:2], parts[1:-1:2], strict=True))
    return {"crumbs": pairs, "here": parts[-1]}


@register.inclusion_tag("base/components/timeline.html")
def timeline(entries: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Entries with title, status (done, current, todo), at, who, text."""
    return {"entries": [_entry(number, entry) for number, entry in enumerate(entries, 1)]}


def _entry(number: int, entry: dict[str, Any]) -> dict[str, Any]:
    blank = {"title": "", "status": "todo", "at": None, "who": "", "text": ""}
    told = {name: said(value) for name, value in entry.items()}
    return blank | told | {"number": number}


@register.inclusion_tag("base/components/limit.html")
def limit(heading: str, facts: dict[str, Any]) -> dict[str, Any]:
    """A time limit as a card: headline, due, note, light, provisional, explain."""
    blank = {"headline": "", "due": None, "note": "", "light": "", "provisional": False}
    return {"heading": said(heading), "limit": blank | {"explain": []} | facts}


@register.inclusion_tag("base/components/bars.html")
def bars(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Lying bars: label, parts [(amount, tone)], text. The longest fills the width; the numbers
    stand in the text, and in a table beside it."""
    listed = list(rows)
    longest = max((sum(amount for amount, _tone in row["parts"]) for row in listed), default=0)
    return {"rows": [row | {"parts": _parts(row["parts"], longest)} for row in listed]}


def _parts(parts: Iterable[tuple[float, str]], longest: float) -> list[dict[str, str]]:
    """Where each part begins and how long it is, in hundredths of the longest bar."""
    found, x = [], 0.0
    for amount, tone in parts:
        width = 100 * amount / longest if longest else 0.0
        found.append({"x": f"{x:.2f}", "width": f"{width:.2f}", "tone": tone})
        x += width
    return found


@register.inclusion_tag("base/components/pager.html")
def pager(next_url: str | None, first_url: str = "") -> dict[str, Any]:
    """Onward only: lists are read in order, from a key, not by page number."""
    return {"next_url": next_url or "", "first_url": first_url}


@register.inclusion_tag("base/components/empty.html")
def empty(title: str, help_text: str = "") -> dict[str, Any]:
    """What a list says when it holds nothing, and what to do about it."""
    return {"title": title, "help_text": help_text}


@register.inclusion_tag("base/components/field.html")
def field(bound: BoundField, **attributes: str | bool) -> dict[str, Any]:
    """A form field: label, help, error and input, tied together. Keywords become attributes."""
    attributes = {name.replace("_", "-"): value for name, value in attributes.items()}
    return {
        "field": bound,
        "kind": _kind(bound),
        "described_by": bound.aria_describedby or "",
        "control": "" if bound.use_fieldset else bound.as_widget(attrs=attributes),
        "must_choose_again": _kind(bound) == "file" and bool(bound.data),
    }


def _kind(bound: BoundField) -> str:
    if bound.use_fieldset:
        return "choices"
    return str(getattr(bound.field.widget, "input_type", "text"))


@register.inclusion_tag("base/components/error_summary.html")
def error_summary(form: BaseForm, heading: str = "") -> dict[str, Any]:
    """The list at the top of a refused form, under a `heading` where nothing was to be sent yet;
    each line leads to its field. A field that is `told`
    by another name than its label, one of many alike, goes by that."""
    lines = [
        {
            "target": _target(bound),
            "label": getattr(bound.field, "told", bound.label),
            "error": error,
            "names_itself": f"“{bound.label}”" in error,
        }
        for bound in form.visible_fields()
        for error in bound.errors
    ]
    hidden = [error for bound in form.hidden_fields() for error in bound.errors]
    general = [*form.non_field_errors(), *hidden]
    return {"lines": lines, "general": general, "heading": heading}


def _target(bound: BoundField) -> str:
    return f"{bound.auto_id}_0" if bound.use_fieldset else bound.id_for_label or bound.auto_id


@register.inclusion_tag("base/components/action.html")
def action(act: dict[str, Any]) -> dict[str, Any]:
    """One verb as a POST form: url, label, tone (primary, plain, danger), form or None, help."""
    form = act.get("form")
    if form is not None and form.auto_id == "id_%s":
        form.auto_id = f"id_{act['verb']}_%s"  # several forms share the page and its ids
    asks = bool(form is not None and form.visible_fields())
    refused = bool(form is not None and form.is_bound)
    return {
        "act": {"help": "", "tone": "plain", "shortcut": ""} | act,
        "form": form,
        "asks": asks,
        "is_open": refused or act.get("tone") == "primary",
    }


HEADER = Pattern(
    "base/parts/header.html",
    slots=("site_name", "page_address", "user_name", "unread", "csrf_token"),
    looks=("preferences", "has_english", "is_signed_in", "nav", "nav_further", "subnav"),
)
OF_ONE = {"user_name": "", "unread": "", "csrf_token": ""}  # of whoever did not sign in
FOOTER = Pattern(
    "base/parts/footer.html",
    slots=("centre_name", "hotline", "page_address", "page_quoted"),
    looks=("preferences", "foot_links", "report"),
)


@register.simple_tag(takes_context=True)
def frame(context: template.Context, part: str) -> SafeString:
    """`{% frame "header" %}`: a part of what stands around every page; a hole where it is drawn
    apart (base.framed)."""
    if hole := context.get("frame_hole"):
        return SafeString(hole)
    if part == "messages":
        found: Any = get_template("base/parts/messages.html")
        return SafeString(found.template.render(context))
    if part == "looks":
        return format_html('data-type="{}" data-contrast="{}"', *context["preferences"])
    pattern = HEADER if part == "header" else FOOTER
    told = {name: context.get(name, "") for name in pattern.names if name not in OF_ONE}
    is_of_one = part == "header" and told["is_signed_in"]
    return pattern.drawn(told | (_of_one(context) if is_of_one else OF_ONE))


def _of_one(context: template.Context) -> dict[str, str]:
    """What is asked for only where somebody signed in: a token once asked for belongs to a page."""
    count = context["unread_count"]()
    unread = ("99+" if count > 99 else str(count)) if count else ""
    token = str(context.get("csrf_token", ""))
    return {"user_name": str(context["user"]), "unread": unread, "csrf_token": token}


@register.simple_block_tag
def card(content: SafeString, heading: str = "", modifier: str = "") -> SafeString:
    """`{% card _("标题") %}…{% endcard %}`: a white panel with a heading."""
    context = {"content": content, "heading": heading, "modifier": modifier}
    return render_to_string("base/components/card.html", context)


@register.simple_block_tag
def notice(content: SafeString, tone: str = "info") -> SafeString:
    """`{% notice "warn" %}…{% endnotice %}`: a sentence that should not be missed."""
    tone = tone if tone in STATUS_ICONS else "info"
    context = {"content": content, "tone": tone, "icon_name": STATUS_ICONS[tone]}
    return render_to_string("base/components/notice.html", context)


@register.inclusion_tag("base/components/fact.html")
def fact(term: str, value: Any) -> dict[str, Any]:
    """A term and what it is, inside `<dl class="facts">`."""
    return {"term": said(term), "value": "" if value is None else said(value)}


@register.inclusion_tag("base/components/day_span.html")
def day_span(since: date, until: date, label: str = "") -> dict[str, Any]:
    """From which day to which, inside a form that asks a page for another span."""
    return {"since": since, "until": until, "label": said(label or _("从"))}
