"""Reads: the codes of a scheme, those that we bring along with what this place has set."""

from importlib import resources

from mingtang.exchange.models import CodeChange
from mingtang.exchange.rules.codes import Code, CodeBook, merged, read_codes


def shipped(scheme: str) -> list[Code]:
    path = resources.files("mingtang.exchange") / "data" / f"{scheme}_codes.csv"
    return read_codes(path.read_text(encoding="utf-8"))


def book_of(scheme: str) -> CodeBook:
    """Two sources, one book: a code of ours ends the one that came along, from its day on."""
    own = [
        Code(one.list, one.ours, one.code, one.label, one.valid_from, None, one.source)
        for one in CodeChange.objects.filter(scheme=scheme).order_by("valid_from", "id")
    ]
    return CodeBook(merged(shipped(scheme), own))
