"""Reads: the codes of a scheme, those that we bring along with what this place has set."""

from importlib import resources

from mingtang.exchange.models import CodeChange
from mingtang.exchange.rules.codes import Code, CodeBook, merged, read_codes
from mingtang.exchange.rules.schemes import family


def shipped(scheme: str) -> list[Code]:
    folder = resources.files("mingtang.exchange") / "data"
    texts = ((folder / f"{one}_codes.csv").read_text("utf-8") for one in family(scheme))
    return [code for text in texts for code in read_codes(text)]


def book_of(scheme: str) -> CodeBook:
    """Two sources, one book: a code of ours ends the one that came along, from its day on."""
    own = [
        Code(one.list, one.ours, one.code, one.label, one.valid_from, None, one.source)
        for one in CodeChange.objects.filter(scheme__in=family(scheme)).order_by("valid_from", "id")
    ]
    return CodeBook(merged(shipped(scheme), own))
