"""Services: the steps of a case laid out, made ready, redone; their clocks with them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import NotFound
from mingtang.base.rows import find_rows, insert_rows, update_row
from mingtang.cases.models import Case, Step
from mingtang.cases.queries.referring import first_level
from mingtang.cases.rules import (
    AFTER_THE_DECISION,
    BELOW,
    RUNNING,
    State,
    StepKind,
    StepStatus,
    in_force,
    now_ready,
    step_clock,
)
from mingtang.cases.services.common import Facts
from mingtang.catalogue import queries as catalogue
from mingtang.regions import queries as regions
from mingtang.timing import queries as timing_queries
from mingtang.timing import services as timing


def lay_out(case: Case, at: datetime) -> tuple[list[Step], list[Facts]]:
    """The steps of the edition's route, the first of them ready. Returns steps and clocks.

    A step of another unit is worked on there; one of a unit that is no more, at the item's own.
    Paying and making the licence come after the decision: they are moves of the case, no steps.
    What a lower level examines first is a step of the unit that has the case now, before all.
    """
    whole = catalogue.steps_of(case.edition)
    plan = [one for one in whole if one["kind"] not in AFTER_THE_DECISION] or whole
    units = regions.ids_of_codes({one["organisation"] for one in plan})
    below = _below(case)
    own = case.item.department_id if below else case.organisation_id
    steps = below + [
        Step(
            case=case,
            key=one["key"],
            name=one["name"],
            kind=one["kind"],
            stage=one["stage"],
            needs=one["needs"],
            limit_days=one["days"] or None,
            organisation_id=units.get(one["organisation"], own),
            status=StepStatus.NOT_READY.value,
        )
        for one in plan
    ]
    ready = now_ready(steps)
    for step in ready:
        step.status = StepStatus.READY.value
    insert_rows(steps)
    return steps, _start(case, ready, at)


def _below(case: Case) -> list[Step]:
    """Its limit is the case's own clock of the pre-examination, so that it has none as a step."""
    if first_level(case) is None:
        return []
    return [
        Step(
            case=case,
            key=StepKind.PRE_EXAMINATION.value,
            name="初审",
            kind=StepKind.PRE_EXAMINATION.value,
            stage=BELOW,
            organisation_id=case.organisation_id,
            status=StepStatus.NOT_READY.value,
        )
    ]


def advance(case: Case, at: datetime, steps: Sequence[Step] | None = None) -> list[Facts]:
    """Make ready what waits for nothing any more. Returns what was done to the clocks.

    `steps`: all of the case as they are now, from who has them at hand."""
    ready = now_ready(all_steps(case) if steps is None else steps)
    for step in ready:
        step.status = StepStatus.READY.value
        update_row(step, "status")
    return _start(case, ready, at)


def _start(case: Case, steps: Iterable[Step], at: datetime) -> list[Facts]:
    """Clocks of steps that have a limit. One that ran before goes on: the time adds up.

    While a special procedure holds the limits, those of steps stand still as well.
    """
    clocks: list[Facts] = []
    timed = [step for step in steps if step.limit_days]
    known = timing_queries.stopped_kinds(case.stream) if timed else set()
    for step in timed:
        clocks.append(_start_one(case, step, step_clock(step.key) in known, at))
        if State(case.state) is State.PAUSED:
            clocks.append(
                timing.pause_clock(stream=case.stream, kind=step_clock(step.key), on=legal_date(at))
            )
    return clocks


def _start_one(case: Case, step: Step, ran_before: bool, at: datetime) -> Facts:
    kind, on = step_clock(step.key), legal_date(at)
    if ran_before:
        return timing.restart_clock(stream=case.stream, kind=kind, on=on)
    assert step.limit_days is not None
    return timing.start_clock(
        stream=case.stream, kind=kind, start=on, amount=step.limit_days, unit="working_day"
    )


def stop(case: Case, steps: Iterable[Step], at: datetime) -> list[Facts]:
    """Stop the clocks of steps that were running."""
    return [
        timing.stop_clock(stream=case.stream, kind=step_clock(step.key), on=legal_date(at))
        for step in steps
        if step.limit_days and step.status in RUNNING
    ]


def all_steps(case: Case) -> list[Step]:
    """Those that were done again too."""
    return find_rows(Step, order="id", case=case.id)


def steps_in_force(case: Case) -> list[Step]:
    return in_force(all_steps(case))


def step_of(case: Case, key: str) -> Step:
    """The instance of a step that counts. Raises NotFound."""
    return step_among(all_steps(case), key)


def step_among(steps: Iterable[Step], key: str) -> Step:
    found = next((step for step in in_force(steps) if step.key == key), None)
    if found is None:
        raise NotFound
    return found


def next_attempt(step: Step, status: StepStatus, note: str = "") -> Step:
    """A step once more; the row before it stays as it was."""
    again = Step(
        case_id=step.case_id,
        key=step.key,
        attempt=step.attempt + 1,
        name=step.name,
        kind=step.kind,
        stage=step.stage,
        needs=step.needs,
        limit_days=step.limit_days,
        organisation_id=step.organisation_id,
        assigned_to_id=step.assigned_to_id,
        status=status.value,
        note=note[:300],
    )
    insert_rows([again])
    return again


def laid_out_facts(step: Step) -> Facts:
    """A step as it is planned: so the ledger alone tells what waits for what."""
    return {
        "key": step.key,
        "name": step.name,
        "organisation_id": str(step.organisation_id),
        "kind": step.kind,
        "stage": step.stage,
        "needs": list(step.needs),
        "days": step.limit_days,
    }


def step_facts(step: Step) -> Facts:
    return {
        "step_id": str(step.id),
        "step_key": step.key,
        "step_name": step.name,
        "step_organisation_id": str(step.organisation_id),
    }
