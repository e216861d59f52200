"""Views: the cards of supervision, and what is done about them."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from mingtang.accounts.policy import scope
from mingtang.api import shapes, shapes_desks
from mingtang.api.doors import staff
from mingtang.api.interface import reads
from mingtang.api.views.acts import Asked, Desk, acts
from mingtang.api.views.common import After, Name, next_of
from mingtang.base.clock import today
from mingtang.base.ids import parse_id
from mingtang.base.paging import DateCursor
from mingtang.supervision import present, queries
from mingtang.supervision.forms import FORMS
from mingtang.supervision.rules import READERS, State
from mingtang.supervision.views.card import COMMANDS, said_of

router = Router(tags=["监察"])


@reads(router, "/cards", staff(*READERS), shapes.Page[shapes.CardLine], "提醒、黄牌和红牌")
def cards(request: HttpRequest, after: After = "") -> dict[str, Any]:
    """The cards that the reader's posts open, the latest first."""
    page = queries.cards(scope(request), queries.Filters(), DateCursor.read(after))
    shown = zip(page.cards, present.rows(page.cards, today()), strict=True)
    return {"rows": [_line(card, row) for card, row in shown], "next": next_of(page.next)}


def _line(card: queries.Card, row: dict[str, Any]) -> dict[str, Any]:
    more = {"colour": row["colour"]["value"], "state": str(row["state"]["label"])}
    return {**row, **more, "id": str(card.id)}


@reads(router, "/cards/{id}", staff(*READERS), shapes_desks.CardFile, "一张牌")
def card(request: HttpRequest, id: Name) -> dict[str, Any]:
    """One card: what, when, why, its history, and what the reader may do."""
    found = _found(request, id)
    (row,) = present.rows([found], today())
    state = State(found.state)
    return {
        **_line(found, row),
        "title": row["rule"],
        "state": state.value,
        "state_label": str(state.label),
        "due_date": None,
        "acts": [
            {"verb": deed.value, "label": str(deed.label), "about": {}}
            for deed in queries.deeds_of(scope(request), found, today())
        ],
        "history": present.history(found),
    }


def _found(request: HttpRequest, key: str) -> queries.Card:
    return queries.card_of(parse_id(key) or 0, scope(request))


def _stands(found: queries.Card) -> tuple[str, State]:
    found.refresh_from_db(fields=["state"])
    return found.number, State(found.state)


def _act(asked: Asked) -> Any:
    """An office speaks for itself, an inspector about it, as on the page."""
    found, deed = asked.about, asked.verb
    ask = queries.office_actor if deed.is_of_office else queries.inspector_actor
    actor = ask(asked.reader, found)
    form = asked.sound(FORMS[deed])
    said = said_of(asked.request, deed, found, form)
    return COMMANDS[deed](found, said, asked.by(actor))


acts(
    router,
    "/cards/{id}",
    staff(*READERS),
    Desk(
        forms={deed: FORMS[deed] for deed in COMMANDS},
        find=_found,
        do=_act,
        stands=_stands,
        is_open=False,
    ),
)
