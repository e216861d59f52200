"""What was typed into a form that could not be taken, to be sent once more from the page that says
why: the database is away, the session is over, the page stood open for too long."""

from dataclasses import dataclass

from django.http import HttpRequest

FIELD = "proof_of_self"  # who it is, asked once more
TOKEN = "csrfmiddlewaretoken"  # noqa: S105
LEFT_OUT = frozenset({FIELD, TOKEN})
# Everywhere; others a view names (base.web.secret_fields).
SECRETS = frozenset({"password", "old_password", "new_password", "new_again", FIELD})


@dataclass(frozen=True)
class Typed:
    """The fields that may be sent again (none: there is nothing to send, or files came along),
    whether secrets were left out of them, whether the form counts once however often it is sent."""

    fields: list[tuple[str, str]]
    asks_anew: bool
    counts_once: bool

    @property
    def without_token(self) -> list[tuple[str, str]]:
        """For a page that has a token of its own."""
        return [one for one in self.fields if one[0] != TOKEN]


def typed_in(request: HttpRequest) -> Typed:
    """What a form brought. Files cannot be sent again from another page."""
    fields, has_files = _posted(request)
    secrets = _secrets(request)
    kept = [one for one in fields if one[0] not in secrets]
    if has_files or all(name in LEFT_OUT for name, _text in kept):
        kept = []
    return Typed(
        kept,
        asks_anew=any(name in secrets - {FIELD} for name, _text in fields),
        counts_once=any(name == "command_id" for name, _text in fields),
    )


def _posted(request: HttpRequest) -> tuple[list[tuple[str, str]], bool]:
    """The fields of a form, and whether files came along, which cannot be sent again."""
    if request.method != "POST" or request.resolver_match is None:
        return [], False
    try:
        fields = [(name, text) for name in request.POST for text in request.POST.getlist(name)]
        return fields, bool(request.FILES)
    except OSError:  # the line broke while it was read
        return [], False


def _secrets(request: HttpRequest) -> frozenset[str]:
    """Fields that are typed once more."""
    view = request.resolver_match.func if request.resolver_match else None
    return SECRETS | getattr(view, "secret_fields", frozenset())
