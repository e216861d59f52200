"""Followers of disclosure: decisions, editions, fees and clean-ups become lines of a day's list.

The ledger holds no names of applicants; so neither do the lists.
"""

from collections.abc import Callable, Iterator

from django.conf import settings

from mingtang.catalogue.queries import editions as catalogue
from mingtang.disclosure import queries
from mingtang.disclosure.rules.auto import AutoKind
from mingtang.disclosure.services.auto import note_fact
from mingtang.ledger.followers import Follower
from mingtang.ledger.queries import Event, first_facts

PERMIT = "permit"
Cells = tuple[AutoKind, str, tuple[str, ...]]  # kind, organisation, cells


def _licence(event: Event) -> Iterator[Cells]:
    """《条例》第二十条第五项：行政许可的办理结果. Of other kinds of items results stay private."""
    filed = first_facts(event.stream)
    edition = int(filed.get("edition_id") or 0)
    if catalogue.kind_of_edition(edition) != PERMIT:
        return
    if filed["item_code"] in settings.MINGTANG_NOTICE_NEVER_ITEMS:
        return
    result = "不予许可" if event.kind == "case.refused" else "准予许可"
    cells = (
        str(event.facts.get("document", {}).get("number", "")),
        str(filed["item_name"]),
        result,
        event.effective_on.isoformat(),
    )
    yield AutoKind.LICENCE, str(event.facts["organisation_id"]), cells


def _item(event: Event) -> Iterator[Cells]:
    """A guide in force has changed; where fees changed, that is a list of its own."""
    code, unit = str(event.facts["code"]), str(event.facts["department_id"])
    name = str(event.facts.get("name") or catalogue.name_of_item(code))
    day = event.effective_on.isoformat()
    said = {"item.abolished": "取消", "item.suspended": "暂停受理", "item.resumed": "恢复受理"}
    change = said.get(event.kind) or f"更新到第 {event.facts['number']} 版"
    yield AutoKind.CATALOGUE, unit, (code, name, change, day)
    edition = int(event.facts.get("edition_id") or 0)
    if edition and catalogue.fees_differ(edition):
        yield AutoKind.FEE, unit, (code, name, catalogue.fee_of_edition(edition), day)


def _cleanup(event: Event) -> Iterator[Cells]:
    """A clean-up was announced: its sum in one line; its items are on the page of the result."""
    told = event.facts
    words = {"retain": "保留", "abolish": "取消", "delegate": "下放"}
    words |= {"convert": "调整", "merge": "合并"}
    counts = told["decided"]
    parts = [f"{word} {counts[one]}" for one, word in words.items() if counts.get(one)]
    result = f"{told['inventory_count']} 项：{'，'.join(parts)}"
    day = event.effective_on.isoformat()
    yield AutoKind.CLEANUP, told["lead_id"], (told["document_number"], told["title"], result, day)


READ: dict[str, Callable[[Event], Iterator[Cells]]] = {
    "case.granted": _licence,
    "case.refused": _licence,
    "case.deemed_granted": _licence,
    "item.published": _item,
    "item.abolished": _item,
    "item.suspended": _item,
    "item.resumed": _item,
    "campaign.announced": _cleanup,
}


def _note(event: Event) -> None:
    on = {kind for kind, is_on in queries.switches().items() if is_on}
    if not on:
        return
    for kind, unit, cells in READ[event.kind](event):
        if kind in on:
            note_fact(
                kind,
                organisation_id=int(unit),
                day=event.effective_on,
                stream=event.stream,
                seq=event.seq,
                cells=cells,
            )


AUTO_DRAFTS = Follower("disclosure_drafts", tuple(READ), _note)
