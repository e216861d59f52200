"""Commands: directives about cards (督办单), and inspection tasks beyond cards (督查件、批示)."""

from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.serials import next_serial
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record
from mingtang.supervision.models import Directive, InspectionTask
from mingtang.supervision.rules import (
    Act,
    NotThisCard,
    State,
    TaskSource,
    after,
    check_text,
    check_two,
)
from mingtang.supervision.services.life import Facts, locked, people_of, person_of, tell
from mingtang.supervision.services.notices import draw_directive
from mingtang.timing import queries as timing_queries
from mingtang.timing import services as timing
from mingtang.timing.rules import ClockKind


def _check_due(due_date: date, at: datetime) -> None:
    if due_date <= legal_date(at):
        raise DomainError(f"期限 {due_date} 须晚于今天，请更正。")


@command("card.order")
def order(
    *,
    card_id: int,
    detail: str,
    due_date: date,
    suggestion: str = "",
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Order the office of a card to act and report by a day. Unanswered then: a red card.

    One directive at a time. Returns {"directive_id", "number"}.
    """
    card = locked(card_id)
    after(Act.ORDER, State(card.state))
    _check_due(due_date, at)
    if card.directives.filter(answered_at=None).exists():
        raise NotThisCard("这张牌已有一份没有反馈的督办单，反馈以后才能再发。")
    year = legal_date(at).year
    made = Directive.objects.create(
        number=f"督{year}{next_serial(f'directive:{year}'):07d}",
        card=card,
        ordering_unit_id=int(actor.organisation_id) if actor.organisation_id else None,
        ordered_unit_id=card.organisation_id,
        ordered_person_id=card.person_id,
        detail=check_text(detail, "督办的内容"),
        suggestion=suggestion.strip(),
        due_date=due_date,
        ordered_at=at,
        ordered_by_id=person_of(actor),
    )
    clock = timing.start_clock_until(
        stream=card.stream, kind=ClockKind.DIRECTIVE, start=legal_date(at), due_date=due_date
    )
    facts: Facts = {"directive": made.number, "due": due_date.isoformat(), "clocks": [clock]}
    facts |= _drawn(made, at)
    tell("card.ordered", card, facts, actor, at, command_id)
    return {"directive_id": str(made.id), "number": made.number}


def _drawn(made: Directive, at: datetime) -> Facts:
    """Draw the directive up as a numbered paper; what the event says of it."""
    made.document = draw_directive(made, at)
    made.save(update_fields=["document"])
    return {"document": made.document.facts()} if made.document else {}


@command("card.answer_order")
def answer_order(
    *, directive_id: int, answer: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """The office reports what it has done. Late: the report is taken, the red card stays."""
    found = Directive.objects.filter(id=directive_id).first()
    if found is None:
        raise NotFound
    card = locked(found.card_id)
    made = Directive.objects.select_for_update(of=("self",)).get(id=directive_id)
    if made.answered_at is not None:
        raise NotThisCard(f"督办单 {made.number} 已经反馈过了。")
    made.answer = check_text(answer, "办理的结果")
    made.answered_at, made.answered_by_id = at, person_of(actor)
    made.save(update_fields=["answer", "answered_at", "answered_by"])
    on = legal_date(at)
    clocks = []
    if timing_queries.open_clock(card.stream, ClockKind.DIRECTIVE) is not None:
        clocks = [timing.stop_clock(stream=card.stream, kind=ClockKind.DIRECTIVE, on=on)]
    facts = {"directive": made.number, "is_late": on > made.due_date, "clocks": clocks}
    tell("card.order_answered", card, facts, actor, at, command_id)
    return {"directive_id": str(made.id), "number": made.number}


# ── inspection tasks ──────────────────────────────────────────────────────────────────────────


@command("task.assign")
def assign_task(
    *,
    source: TaskSource,
    title: str,
    detail: str,
    owner_unit_id: int,
    owner_person_id: int | None = None,
    due_date: date,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Something to look into, by whom, until when. Returns {"task_id", "number"}."""
    _check_due(due_date, at)
    year = legal_date(at).year
    task = InspectionTask.objects.create(
        number=f"查{year}{next_serial(f'task:{year}'):07d}",
        source=source.value,
        title=check_text(title, "督查的事项"),
        detail=check_text(detail, "督查的要求"),
        owner_unit_id=owner_unit_id,
        owner_person_id=owner_person_id,
        due_date=due_date,
        assigned_at=at,
        assigned_by_id=person_of(actor),
    )
    clock = timing.start_clock_until(
        stream=task.stream, kind=ClockKind.INSPECTION, start=legal_date(at), due_date=due_date
    )
    facts = {"source": task.source, "due": due_date.isoformat(), "clocks": [clock]}
    _tell("task.assigned", task, facts, actor, at, command_id)
    return {"task_id": str(task.id), "number": task.number}


def _task(task_id: int) -> InspectionTask:
    task = InspectionTask.objects.select_for_update(of=("self",)).filter(id=task_id).first()
    if task is None:
        raise NotFound
    return task


def _tell(
    kind: str, task: InspectionTask, facts: Facts, actor: Actor, at: datetime, command_id: str
) -> None:
    common = {
        "number": task.number,
        "title": task.title,
        "organisation_id": str(task.owner_unit_id),
        "person_id": str(task.owner_person_id) if task.owner_person_id else None,
    }
    record(
        stream=task.stream,
        kind=kind,
        facts={**common, **facts},
        actor=actor,
        at=at,
        command_id=command_id,
    )


@command("task.report")
def report_task(*, task_id: int, report: str, actor: Actor, at: datetime, command_id: str) -> Facts:
    """What was found and done. A report stays as it was made."""
    task, on = _task(task_id), legal_date(at)
    if task.reported_at is not None:
        raise NotThisCard(f"督查件 {task.number} 已经报告过了。")
    task.report = check_text(report, "办理的报告")
    task.reported_at, task.reported_by_id = at, person_of(actor)
    task.save(update_fields=["report", "reported_at", "reported_by"])
    clock = timing.stop_clock(stream=task.stream, kind=ClockKind.INSPECTION, on=on)
    facts = {"is_late": on > task.due_date, "clocks": [clock]}
    _tell("task.reported", task, facts, actor, at, command_id)
    return {"task_id": str(task.id), "number": task.number}


@command("task.close")
def close_task(
    *, task_id: int, conclusion: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """The report is accepted, by another person than who made it."""
    task = _task(task_id)
    if task.reported_at is None:
        raise NotThisCard(f"督查件 {task.number} 还没有报告，不能了结。")
    if task.closed_at is not None:
        raise NotThisCard(f"督查件 {task.number} 已经了结。")
    for one in people_of(actor):
        check_two(one, task.reported_by_id)
    task.conclusion = check_text(conclusion, "结论")
    task.closed_at, task.closed_by_id = at, person_of(actor)
    task.save(update_fields=["conclusion", "closed_at", "closed_by"])
    _tell("task.closed", task, {}, actor, at, command_id)
    return {"task_id": str(task.id), "number": task.number}
