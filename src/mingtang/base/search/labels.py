"""Search: labels of facets and their ids. An id is the digest of its label, so that what a process
has once read of them stays true for ever, whatever is written meanwhile."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache

from mingtang.base.models import SearchFacets

KEPT = 50_000
_known: dict[int, str] = {}


@lru_cache(maxsize=KEPT)
def facets_id(label: str) -> int:
    """The id of a label, always the same: 63 bits of its digest."""
    return int.from_bytes(hashlib.sha256(label.encode()).digest()[:8]) >> 1


def write_labels(labels: Iterable[str]) -> None:
    """Make sure that these labels have their rows."""
    rows = [SearchFacets(id=facets_id(label), label=label) for label in sorted(set(labels))]
    SearchFacets.objects.bulk_create(rows, ignore_conflicts=True)


def by_label(counts: Mapping[int, int]) -> dict[str, int]:
    """Counts by id as counts by label. Reads only when one of them is not known yet."""
    try:
        return {_known[one]: count for one, count in counts.items()}
    except KeyError:
        if len(_known) > KEPT:
            _known.clear()
        _known.update(SearchFacets.objects.order_by("id").values_list("id", "label"))
        return {_known[one]: count for one, count in counts.items()}
