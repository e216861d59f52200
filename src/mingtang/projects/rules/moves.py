"""Rules: what may be done with a project in which state, and who may. Pure and table-driven."""

from dataclasses import dataclass
from enum import StrEnum

from mingtang.accounts.rules import Role
from mingtang.base.errors import Conflict
from mingtang.projects.rules.states import ProjectState as S


class Deed(StrEnum):
    """An act on a project. The values are parts of addresses."""

    CHANGE = "change"
    ADMIT = "admit"
    PLAN_YEAR = "plan-year"
    REPORT = "report"
    AMEND = "amend"
    RAISE_PROBLEM = "raise-problem"
    SOLVE_PROBLEM = "solve-problem"
    ADD_PAPER = "add-paper"
    CHOOSE_ROUTE = "choose-route"
    ADD_MILESTONE = "add-milestone"
    PLAN_NODE = "plan-node"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    SUSPEND = "suspend"
    RESUME = "resume"
    COMPLETE = "complete"
    ARCHIVE = "archive"

    @property
    def label(self) -> str:
        return DEEDS[self].label


OFFICE = frozenset({Role.PROJECT_OFFICE})
UNIT = frozenset({Role.HANDLER, Role.APPROVER, Role.CHIEF_REPRESENTATIVE})  # of its unit
AGENTS = frozenset({Role.AGENT})
WATCHING = frozenset({Role.CENTRE_MANAGER, Role.INSPECTOR, Role.REFORM_OFFICE, Role.STEERING_GROUP})
READERS = OFFICE | UNIT | AGENTS | WATCHING
WORKING = frozenset({S.IN_LIBRARY})
RUNNING = frozenset({S.IN_LIBRARY, S.SUSPENDED})
KNOWN = RUNNING | {S.COMPLETED}


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    label: str
    sources: frozenset[S]
    roles: frozenset[Role]
    target: S | None = None  # None: the state stays


DEEDS = {
    Deed.CHANGE: Row("变更项目信息", frozenset({S.DRAFT}) | RUNNING, OFFICE),
    Deed.ADMIT: Row("审议入库", frozenset({S.DRAFT}), OFFICE, S.IN_LIBRARY),
    Deed.PLAN_YEAR: Row("年度计划", RUNNING, OFFICE | UNIT),
    Deed.REPORT: Row("报送月报", WORKING, OFFICE | UNIT),
    Deed.AMEND: Row("更正月报", RUNNING, OFFICE | UNIT),
    Deed.RAISE_PROBLEM: Row("提出问题", RUNNING, OFFICE | UNIT | AGENTS),
    Deed.SOLVE_PROBLEM: Row("问题已解决", RUNNING, OFFICE | UNIT),
    Deed.ADD_PAPER: Row("添加共享材料", frozenset({S.DRAFT}) | RUNNING, OFFICE | UNIT | AGENTS),
    Deed.CHOOSE_ROUTE: Row("选用流程", RUNNING, OFFICE),
    Deed.ADD_MILESTONE: Row("添加自定节点", RUNNING, OFFICE | UNIT),
    Deed.PLAN_NODE: Row("登记节点", RUNNING, OFFICE | UNIT | AGENTS),
    Deed.PUBLISH: Row("向社会公开", KNOWN, OFFICE),
    Deed.UNPUBLISH: Row("撤下公开", KNOWN | {S.ARCHIVED}, OFFICE),
    Deed.SUSPEND: Row("暂停项目", WORKING, OFFICE, S.SUSPENDED),
    Deed.RESUME: Row("恢复项目", frozenset({S.SUSPENDED}), OFFICE, S.IN_LIBRARY),
    Deed.COMPLETE: Row("项目完成", WORKING, OFFICE, S.COMPLETED),
    Deed.ARCHIVE: Row("归档", frozenset({S.COMPLETED}), OFFICE, S.ARCHIVED),
}


class WrongState(Conflict):
    """The project has moved on, or is not so far yet."""

    def __init__(self, deed: Deed, state: S) -> None:
        super().__init__(f"项目现为“{state.label}”，不能“{deed.label}”。请刷新页面。")


def check(deed: Deed, state: S) -> S:
    """The state after a deed. Raises WrongState."""
    row = DEEDS[deed]
    if state not in row.sources:
        raise WrongState(deed, state)
    return row.target or state


def deeds_in(state: S) -> list[Deed]:
    """What the table allows in a state, in the order of the table."""
    return [deed for deed, row in DEEDS.items() if state in row.sources]
