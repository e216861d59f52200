"""Reads: the codes of a scheme, those that we bring along with what this place has set."""

from django.conf import settings

from mingtang.exchange.models import CodeChange
from mingtang.exchange.rules.codes import Code, CodeBook, merged, read_codes
from mingtang.exchange.rules.own_schemes import codes_of
from mingtang.exchange.rules.schemes import family


def shipped(scheme: str) -> list[Code]:
    texts = codes_of(scheme, settings.MINGTANG_SCHEMES)
    return [code for text in texts for code in read_codes(text)]


def book_of(scheme: str) -> CodeBook:
    """Two sources, one book: a code of ours ends the one that came along, from its day on."""
    names = family(scheme, settings.MINGTANG_SCHEMES)
    own = [
        Code(one.list, one.ours, one.code, one.label, one.valid_from, None, one.source)
        for one in CodeChange.objects.filter(scheme__in=names).order_by("valid_from", "id")
    ]
    return CodeBook(merged(shipped(scheme), own))
