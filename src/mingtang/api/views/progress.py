"""Views: the applicant's side of a case: where it stands, correct, withdraw, collect, rate."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, create_model

from mingtang.accounts.policy import scope
from mingtang.accounts.queries import actor_of
from mingtang.api import shapes, shapes_desks
from mingtang.api.bodies import as_typed, body_of, check, read_json, shaped, typed
from mingtang.api.doors import everybody
from mingtang.api.interface import once, reads, writes
from mingtang.api.views.acts import told
from mingtang.api.views.common import Code, Key, Name, applicant, applicants_case, papers
from mingtang.base.clock import now, today
from mingtang.cases import present, queries, services
from mingtang.cases.forms import CitizenBringForm, DeliveryForm, WithdrawForm
from mingtang.cases.rules import State
from mingtang.cases.views.common import short_names, unit_of
from mingtang.interaction import queries as rated
from mingtang.interaction import services as ratings
from mingtang.interaction.forms import RatingForm
from mingtang.interaction.present import public_rows
from mingtang.interaction.rules import RatingChannel, indicators_of
from mingtang.interaction.views.open import PERIOD
from mingtang.ledger import queries as ledger

router = Router(tags=["进度"])


@reads(router, "/progress/{number}", everybody(), shapes.Progress, "查进度")
def progress(request: HttpRequest, number: Name, code: Code = "") -> dict[str, Any]:
    """Where a case stands, for who has its query code, or filed it signed in."""
    case = applicants_case(request, number, code)
    situation, events = queries.Situation(case), ledger.history(case.stream)
    stations = present.timeline(case, events, situation.steps)
    return {
        **present.public_case(case, unit_of(case)),
        "next_step": present.next_step(case),
        "stations": [{"at": None, **one} for one in stations],
        "corrections": present.corrections(situation.corrections),
        "outcome": present.outcome(case),
        "documents": papers(situation.documents),
    }


@cache
def correct_body() -> type[BaseModel]:
    answers = dict[str, dict[str, Any]] | None
    made: type[BaseModel] = create_model(
        "Correct", __base__=body_of(CitizenBringForm), answers=(answers, None)
    )
    return made


def withdraw_body() -> type[BaseModel]:
    return body_of(WithdrawForm)


def delivery_body() -> type[BaseModel]:
    return body_of(DeliveryForm)


def rating_body() -> type[BaseModel]:
    return body_of(RatingForm, is_open=True)


def _done(number: str, result: dict[str, Any]) -> dict[str, Any]:
    return told(number, State(queries.filed_case(number).state), result)


@writes(router, "/progress/{number}/correct", everybody(), shapes.Done, "补正", body=correct_body)
def correct(request: HttpRequest, number: Name, key: Key, code: Code = "") -> dict[str, Any]:
    """Bring what the notice asked for; `answers`: the whole form as it now reads."""
    said = shaped(correct_body(), read_json(request)).model_dump(exclude_none=True)
    answers = said.pop("answers", None)
    data = check(CitizenBringForm(as_typed(said, key)))

    def do() -> dict[str, Any]:
        case = applicants_case(request, number, code)
        by = {"actor": applicant(request), "at": now(), "command_id": key}
        return _done(
            number, services.supply(case_id=case.id, note=data["note"], answers=answers, **by)
        )

    return once(request, key, do)


@writes(router, "/progress/{number}/withdraw", everybody(), shapes.Done, "撤回", body=withdraw_body)
def withdraw(request: HttpRequest, number: Name, key: Key, code: Code = "") -> dict[str, Any]:
    """Take the application back."""
    data = check(WithdrawForm(typed(request, WithdrawForm, key)))

    def do() -> dict[str, Any]:
        case = applicants_case(request, number, code)
        by = {"actor": applicant(request), "at": now(), "command_id": key}
        return _done(number, services.withdraw(case_id=case.id, reason=data["reason"], **by))

    return once(request, key, do)


@writes(
    router, "/progress/{number}/delivery", everybody(), shapes.Done, "怎么领取", body=delivery_body
)
def collect(request: HttpRequest, number: Name, key: Key, code: Code = "") -> dict[str, Any]:
    """Say how the result should come."""
    data = check(DeliveryForm(typed(request, DeliveryForm, key)))

    def do() -> dict[str, Any]:
        case = applicants_case(request, number, code)
        by = {"actor": applicant(request), "at": now(), "command_id": key}
        chosen = {"way": data["way"], "address": data["address"]}
        return _done(number, services.choose_delivery(case_id=case.id, **chosen, **by))

    return once(request, key, do)


@writes(router, "/progress/{number}/rating", everybody(), shapes.Done, "评价", body=rating_body)
def rate(request: HttpRequest, number: Name, key: Key, code: Code = "") -> dict[str, Any]:
    """Rate the service, once it is done."""
    data = typed(request, RatingForm, key, is_open=True)

    def do() -> dict[str, Any]:
        case = applicants_case(request, number, code)
        form = RatingForm(data, indicators=indicators_of(case.channel == "online"))
        said, reader = check(form), scope(request)
        channel = RatingChannel.ACCOUNT if reader.person_id else RatingChannel.CODE
        result = ratings.submit(
            number=number,
            level=said["level"],
            text=said["text"],
            channel=channel.value,
            details=form.details,
            actor=actor_of(reader),
            at=now(),
            command_id=key,
        )
        return _done(number, result)

    return once(request, key, do)


@reads(
    router, "/statistics/ratings", everybody(), shapes.Page[shapes_desks.UnitRate], "一年的好差评"
)
def rates(request: HttpRequest) -> dict[str, Any]:
    """How content people were with each unit over a year."""
    on, least = today(), settings.MINGTANG_RATING_LEAST
    units = rated.by_unit(on - PERIOD, on)
    names = short_names(row.organisation_id for row in units)
    return {"rows": public_rows(units, names, least, rated.published_counts()), "next": None}
