"""Views: licences: one's own, anybody's by its code, those of the office and their end."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from mingtang.api import shapes
from mingtang.api import shapes_pages as told
from mingtang.api.doors import everybody
from mingtang.api.interface import reads
from mingtang.api.views.common import After, Choice, Name
from mingtang.api.views.pages import listed, presses, shows
from mingtang.base.clock import now
from mingtang.base.codes import normalise_code
from mingtang.base.web import source_of
from mingtang.licences import present, services, views
from mingtang.licences.forms import FORMS

router = Router(tags=["证照"])
ALL, ONE = "/desk/licences", "/desk/licences/{licence_id}"


def _one(shown: dict[str, Any]) -> dict[str, Any]:
    return {**shown["one"], "asked": shown["asked"], "acts": shown["acts"]}


shows(router, "/licences", views.mine, shapes.Page[told.LicenceLine], "本人的证照", listed)


@reads(router, "/licences/{code}", everybody(), told.LicenceSeen, "核验证照")
def seen(request: HttpRequest, code: Name) -> dict[str, Any]:
    """How the licence that bears a code stands today."""
    found = services.licence_by_code(code=normalise_code(code), source=source_of(request), at=now())
    return present.verified(found)


shows(
    router,
    ALL,
    views.licences,
    shapes.Page[told.LicenceLine],
    "发出的证照",
    listed,
    number=Choice,
    waits=Choice,
    after=After,
)
shows(router, ONE, views.licence, told.LicenceFile, "一份证照", _one)
for _verb, _form in FORMS.items():
    presses(router, f"{ONE}/acts/{_verb}", views.act, _form, str(views.LABELS[_verb]), verb=_verb)
