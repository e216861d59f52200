"""Commands: what stands in a project's way is raised, and solved."""

from datetime import date, datetime

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command
from mingtang.projects.models import Problem
from mingtang.projects.rules.moves import Deed
from mingtang.projects.rules.states import ProblemCategory
from mingtang.projects.services.common import Facts, held, person_of, said, tell
from mingtang.timing.rules import ClockKind
from mingtang.timing.services import start_clock_until, stop_clock


def clock_of(problem: Problem) -> str:
    return f"{ClockKind.PROBLEM}:{problem.id}"


@command("project.raise_problem")
def raise_problem(
    *,
    project_id: int,
    category: str,
    text: str,
    owner_id: int,
    due_date: date,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Raise a problem: which unit is to clear it, and by when. Returns {"problem_id"}."""
    project = held(project_id, Deed.RAISE_PROBLEM)
    on = legal_date(at)
    if due_date < on:
        raise DomainError(f"解决期限 {due_date} 早于今天，请更正。")
    problem = Problem.objects.create(
        project=project,
        category=ProblemCategory(category).value,
        text=said(text, "存在什么问题"),
        owner_id=owner_id,
        raised_at=at,
        raised_by_id=person_of(actor),
        due_date=due_date,
    )
    clock = start_clock_until(
        stream=project.stream, kind=clock_of(problem), start=on, due_date=due_date
    )
    facts = {
        "problem": str(problem.id),
        "category": category,
        "text": problem.text,
        "step_key": str(problem.id),  # whose limit it is: see supervision
        "step_organisation_id": str(owner_id),
        "due": due_date.isoformat(),
        "clocks": [clock],
    }
    tell(project, "problem_raised", facts, actor, at, command_id)
    return {"problem_id": str(problem.id)}


@command("project.solve_problem")
def solve_problem(
    *, problem_id: int, solution: str, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Say how a problem was solved; late or in time is told. Raises Conflict when it is solved."""
    found = Problem.objects.filter(id=problem_id).first()
    if found is None:
        raise NotFound
    project = held(found.project_id, Deed.SOLVE_PROBLEM)
    problem = Problem.objects.select_for_update(of=("self",)).get(id=problem_id)
    if problem.solved_at is not None:
        raise Conflict("这个问题已经登记为解决了。")
    problem.solution = said(solution, "怎样解决的")
    problem.solved_at, problem.solved_by_id = at, person_of(actor)
    problem.save(update_fields=["solution", "solved_at", "solved_by"])
    on = legal_date(at)
    facts = {
        "problem": str(problem.id),
        "solution": problem.solution,
        "is_late": on > problem.due_date,
        "clocks": [stop_clock(stream=project.stream, kind=clock_of(problem), on=on)],
    }
    tell(project, "problem_solved", facts, actor, at, command_id)
    return {"problem_id": str(problem.id)}
