"""Views: bad ratings and how they are set right; a rating said anew; words made public."""

from typing import Any, Literal

from django import forms
from ninja import Router

from mingtang.api import shapes
from mingtang.api import shapes_pages as told
from mingtang.api.views.common import After, Day
from mingtang.api.views.pages import ids_in, paged, presses, shows
from mingtang.interaction import views
from mingtang.interaction.forms import TicketForm
from mingtang.interaction.rules import MOVE_OF, TicketVerb
from mingtang.messages.forms import CommandForm

router = Router(tags=["差评和评价"])
ALL, ONE = "/desk/bad-ratings", "/desk/bad-ratings/{ticket_id}"


class ConfirmForm(TicketForm):
    """What is confirmed says how hard it is to set right."""

    kind = forms.ChoiceField(
        label="整改难易", choices=[("simple", "简单事项"), ("complex", "复杂事项")]
    )


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "id": ids_in(row["url"])["ticket_id"]}


def _rows(shown: dict[str, Any]) -> dict[str, Any]:
    return paged((_line(one) for one in shown["rows"]), shown["next_url"])


def _one(shown: dict[str, Any]) -> dict[str, Any]:
    return {**_line(shown["ticket"]), "acts": shown["acts"]}


shows(
    router,
    ALL,
    views.bad_ratings,
    shapes.Page[told.TicketLine],
    "差评",
    _rows,
    show=Literal["", "ended"],
    after=After,
)
shows(router, ONE, views.bad_rating, told.TicketFile, "一件差评", _one)
for _verb in TicketVerb:
    _form = ConfirmForm if _verb is TicketVerb.CONFIRM else TicketForm
    _path, _said = f"{ONE}/acts/{_verb.value}", str(MOVE_OF[_verb].label)
    presses(router, _path, views.act_on_bad_rating, _form, _said, verb=_verb.value)

shows(router, "/desk/ratings/words", views.rates, told.Words, "评价留言", since=Day, until=Day)
presses(router, "/desk/ratings/{rating_id}/publish", views.publish, CommandForm, "公开一条留言")
