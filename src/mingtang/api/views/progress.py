"""Views: the applicant's side of a case: where it stands, correct, withdraw, collect, rate."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, create_model

from mingtang.accounts.queries import actor_of
from mingtang.api import shapes, shapes_desks, shapes_pages
from mingtang.api.bodies import as_typed, body_of, check, read_json, shaped
from mingtang.api.doors import everybody
from mingtang.api.interface import once, reads, writes
from mingtang.api.views.acts import Asked, Mine, own_act, told
from mingtang.api.views.common import Code, Key, Name, applicant, applicants_case, papers
from mingtang.base.clock import now, today
from mingtang.cases import present, queries, services
from mingtang.cases.forms import CitizenBringForm, DeliveryForm, WithdrawForm
from mingtang.cases.rules import State
from mingtang.cases.views.common import short_names, unit_of
from mingtang.interaction import queries as rated
from mingtang.interaction import services as ratings
from mingtang.interaction.forms import LevelForm, RatingForm
from mingtang.interaction.present import public_rows, shown
from mingtang.interaction.rules import RatingChannel, StaffMayNotRate, indicators_of
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


def _stands(case: Any) -> tuple[str, State]:
    return case.number, State(queries.filed_case(case.number).state)


def _withdraw(asked: Asked) -> Any:
    reason = asked.sound(WithdrawForm).cleaned_data["reason"]
    by = asked.by(applicant(asked.request))
    return services.withdraw(case_id=asked.about.id, reason=reason, **by)


def _collect(asked: Asked) -> Any:
    said = asked.sound(DeliveryForm).cleaned_data
    chosen, by = (
        {"way": said["way"], "address": said["address"]},
        asked.by(applicant(asked.request)),
    )
    return services.choose_delivery(case_id=asked.about.id, **chosen, **by)


def _rate(command: Any) -> Any:
    def do(asked: Asked) -> Any:
        case, reader = asked.about, asked.reader
        form = asked.sound(RatingForm, indicators=indicators_of(case.channel == "online"))
        channel = RatingChannel.ACCOUNT if reader.person_id else RatingChannel.CODE
        said = {name: form.cleaned_data[name] for name in ("level", "text")}
        about = {"number": case.number, "channel": channel.value, "details": form.details}
        return command(**about, **said, **asked.by(actor_of(reader)))

    return do


def _rerate(asked: Asked) -> Any:
    if asked.reader.is_staff:
        raise StaffMayNotRate
    level = asked.sound(LevelForm).cleaned_data["level"]
    by = asked.by(actor_of(asked.reader))
    return ratings.rerate(subject=asked.about.stream, level=level, **by)


MINE, ONE = Mine(applicants_case, _stands), "/progress/{number}"
own_act(router, f"{ONE}/withdraw", WithdrawForm, MINE, _withdraw, "撤回")
own_act(router, f"{ONE}/delivery", DeliveryForm, MINE, _collect, "怎么领取")
own_act(router, f"{ONE}/rating", RatingForm, MINE, _rate(ratings.submit), "评价", is_open=True)
own_act(
    router,
    f"{ONE}/rating/correct",
    RatingForm,
    MINE,
    _rate(ratings.correct),
    "改评价",
    is_open=True,
)
own_act(router, f"{ONE}/rating/again", LevelForm, MINE, _rerate, "整改以后再评")


@reads(router, f"{ONE}/rating", everybody(), shapes_pages.OwnRating, "评过什么、怎么答复的")
def rating(request: HttpRequest, number: Name, code: Code = "") -> dict[str, Any]:
    """What was said of a case, what was answered, and whether the answer may be rated."""
    stream = applicants_case(request, number, code).stream
    service = rated.service_of(stream)
    ticket = rated.ticket_of(stream, service) if service else None
    return {
        "ratings": [shown(one) for one in rated.ratings_of(stream)],
        "may_correct": service is not None and rated.is_correctable(stream, service, now()),
        "answer": ticket.answer if ticket else "",
        "may_rate_again": rated.answered_ticket(stream) is not None,
    }


@reads(
    router, "/statistics/ratings", everybody(), shapes.Page[shapes_desks.UnitRate], "一年的好差评"
)
def rates(request: HttpRequest) -> dict[str, Any]:
    """How content people were with each unit over a year."""
    on, least = today(), settings.MINGTANG_RATING_LEAST
    units = rated.by_unit(on - PERIOD, on)
    names = short_names(row.organisation_id for row in units)
    return {"rows": public_rows(units, names, least, rated.published_counts()), "next": None}
