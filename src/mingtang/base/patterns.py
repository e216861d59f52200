"""Patterns: a part of pages that is asked for again and again is drawn by its template once for
each way that it looks, with slots in the place of its words; after that only words are put in.
base.prepared does the same for statements.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

EDGE = "\x1a"  # of a slot: no template has it, and words come in when slots are gone
MOST = 400  # ways to look that are kept of one pattern
COMPARED = "was_compared"
TOKEN = "csrf_token"  # noqa: S105  the name of a slot that Django itself compares, with a mark


class Decided(TypeError):
    """A template decides by a word that it should only show: all would look like the first."""


class Slot(str):
    """Where a word will stand: it may be shown, or asked whether it is there. Whoever compares it
    is found out afterwards: `{% if %}` passes over what is raised."""

    was_compared: bool

    def __hash__(self) -> int:
        self.was_compared = True
        return super().__hash__()

    def __eq__(self, other: object) -> bool:
        self.was_compared = True
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        self.was_compared = True
        return super().__ne__(other)


class Pattern:
    """A template and the names that it knows. `slots`: words that it shows as they are, escaped
    where they are not safe; `looks`: all else that it asks for, hashable and of few values. No
    word of a reader or of a case is kept: those are slots.

    >>> Pattern("base/line.html", slots=("number",), looks=("tone",)).drawn({"number": …})
    """

    def __init__(
        self, template: str, *, slots: Iterable[str] = (), looks: Iterable[str] = ()
    ) -> None:
        self._template, self._slots, self._looks = template, tuple(slots), tuple(looks)
        self._kept = lru_cache(maxsize=MOST)(self._drawn_once)

    @property
    def names(self) -> tuple[str, ...]:
        return (*self._slots, *self._looks)

    def drawn(self, told: Mapping[str, Any]) -> SafeString:
        """With these words; of what has another name nothing is shown."""
        return SafeString(self._woven(told, get_language()))

    def lines(self, rows: Iterable[Mapping[str, Any]]) -> SafeString:
        """One after the other."""
        language = get_language()
        return SafeString("".join([self._woven(row, language) for row in rows]))

    def _woven(self, told: Mapping[str, Any], language: str | None) -> str:
        words = [told[name] for name in self._slots]
        looks = tuple([told[name] for name in self._looks])
        texts, order = self._kept(language, looks, tuple([not word for word in words]))
        shown = [escape(word) if type(word) is str else conditional_escape(word) for word in words]
        woven = list(texts)
        woven[1::2] = [shown[place] for place in order]
        return "".join(woven)

    def _drawn_once(
        self, _language: str | None, looks: tuple[Any, ...], blank: tuple[bool, ...]
    ) -> tuple[list[str], list[int]]:
        """The texts around the slots, with room for their words, and which slot is where."""
        told: dict[str, Any] = dict(zip(self._looks, looks, strict=True))
        for place, name in enumerate(self._slots):
            stands = "" if blank[place] else f"{EDGE}{place}{EDGE}"
            told[name] = stands if name == TOKEN else Slot(stands)
        drawn = render_to_string(self._template, dict(told))
        if decided := [name for name, slot in told.items() if hasattr(slot, COMPARED)]:
            raise Decided(", ".join(decided))
        texts = re.split(f"{EDGE}([0-9]+){EDGE}", drawn)
        return texts, [int(place) for place in texts[1::2]]
