"""Search: the list of everyday words, a table that an office edits."""

import re
from collections.abc import Iterable

from django.db import transaction

from mingtang.base.ids import next_id
from mingtang.base.kept import Kept
from mingtang.base.models import Synonym
from mingtang.base.search.tokens import normal, runs, spoken

Words = tuple[tuple[str, str, str], ...]  # word, meaning, how it is said; in the order of the list
_list: Kept[None, Words] = Kept(Synonym._meta.db_table)


def _listed() -> Words:
    rows = Synonym.objects.order_by("id").values_list("word", "means", "said")
    return _list.one(None, lambda _: tuple(rows)) or ()


def synonyms_in(text: str) -> dict[str, list[str]]:
    """The listed words that stand in a text, and what each means, in the order of the list.

    A text that is all pinyin may be a listed word as it is said.
    """
    typed = normal(text)
    is_said = typed.isascii() and typed.isalpha()
    found: dict[str, list[str]] = {}
    for word, means, said in _listed():
        if word in typed or (is_said and said == typed):
            key = word if word in typed else typed
            found.setdefault(key, []).extend([means] if means else [])
    return found


def replace_synonyms(rows: Iterable[tuple[str, str]]) -> int:
    """Put a list in place of the one that was there. A blank meaning: the word is ignored."""
    kept = dict.fromkeys((normal(word.strip()), normal(means.strip())) for word, means in rows)
    sought = [(word, means) for word, means in kept if runs(word) and (runs(means) or not means)]
    with transaction.atomic():
        Synonym.objects.all().delete()
        made = [
            Synonym(id=next_id(), word=word, means=means, said=_said(word))
            for word, means in sought
        ]
        Synonym.objects.bulk_create(made, batch_size=200)
    return len(made)


def _said(word: str) -> str:
    return re.sub("[ /]", "", spoken(word)) if len(word) > 1 else ""


def synonym_count() -> int:
    return Synonym.objects.count()
