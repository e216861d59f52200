"""Pages for machines: what a page would show is handed over, and nothing is drawn."""

from typing import Any

from django.http import HttpRequest
from django.template.backends.django import DjangoTemplates, Template
from django.utils.safestring import SafeString

SHOWN = "_mingtang_shown"  # on a request: where what a page shows is put


class Page(Template):
    """A template. Asked to draw for a machine it puts down its context instead."""

    def render(self, context: Any = None, request: HttpRequest | None = None) -> SafeString:
        shown = getattr(request, SHOWN, None)
        if shown is None:
            return SafeString(super().render(context, request))
        shown.update(context or {})
        return SafeString("")


class Pages(DjangoTemplates):
    """The templates of Django, of which each can be asked for its context alone."""

    def get_template(self, template_name: str) -> Page:
        return Page(super().get_template(template_name).template, self)


def show_to(request: HttpRequest) -> dict[str, Any]:
    """From now on nothing is drawn for this request. Returns what will hold what is shown."""
    shown: dict[str, Any] = {}
    setattr(request, SHOWN, shown)
    return shown
