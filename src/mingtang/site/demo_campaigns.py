"""The demo's two clean-ups of 2013, as the centre's report tells them: totals, but no names.

303 = 205 + 13 + 32 + 53 and 140 = 128 + 12, by 41 departments. What is not told is made up
nowhere: the entries are placeholders and say so, and whose they were stays open.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time

from mingtang.base.clock import LEGAL_ZONE
from mingtang.catalogue import services as catalogue
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions
from mingtang.timing.queries import current_calendar

SOURCE = "《江山市行政服务中心管理办公室2012年政府信息公开工作年度报告》（正文写的是2013年度）"
NUMBER = "江审改办〔2013〕1号"
NAME = "清理目录第 {} 项"
NOTE = "原件只有总数，没有逐项名单"
BASIS = f"{NUMBER}；数字出自年度报告，没有逐项依据"

Counts = Sequence[tuple[str, int, dict[str, str]]]
NON_PERMIT: Counts = (
    ("retain", 205, {}),
    ("abolish", 13, {}),
    ("delegate", 32, {"target_level": "township"}),
    ("convert", 53, {"after_kind": "routine_service"}),
)
ROUTINE: Counts = (("retain", 128, {}), ("abolish", 12, {}))


def load(
    *, author: Actor, reviewer: Actor, lead: str, area6: str, command_id: Callable[[str], str]
) -> None:
    """Both, by nine commands each; what was loaded stays."""
    on = _day(3, 4).date()
    units = regions.organisation_cards(on, kinds=["department"])
    asked = [unit.id for unit in units if unit.area6 == area6]
    common = {
        "lead_id": regions.organisation_by_code(lead).id,
        "organisation_ids": asked,
        "report_due_date": "2013-04-30",
        "document_number": NUMBER,
        "source": SOURCE,
        "is_reconstructed": True,
    }
    routine = catalogue.start_campaign(
        title="日常管理服务事项清理和规范",
        scope_kind="routine_service",
        actor=author,
        at=_day(3, 4),
        command_id=command_id("campaign/routine/start"),
        **common,
    )
    routine_id = int(routine["campaign_id"])
    non_permit = catalogue.start_campaign(
        title="非行政许可审批事项清理和规范",
        scope_kind="non_permit_approval",
        beside_id=routine_id,
        actor=author,
        at=_day(3, 4),
        command_id=command_id("campaign/non-permit/start"),
        **common,
    )
    _run(
        int(non_permit["campaign_id"]),
        "non-permit",
        NON_PERMIT,
        asked,
        author,
        reviewer,
        command_id,
    )
    _run(routine_id, "routine", ROUTINE, asked, author, reviewer, command_id)


def _run(
    campaign_id: int,
    name: str,
    counts: Counts,
    asked: Sequence[int],
    author: Actor,
    reviewer: Actor,
    command_id: Callable[[str], str],
) -> None:
    def by(act: str, month: int, actor: Actor = author) -> dict[str, object]:
        at, told = _day(month, 20), command_id(f"campaign/{name}/{act}")
        return {"campaign_id": campaign_id, "actor": actor, "at": at, "command_id": told}

    total = sum(count for _decision, count, _more in counts)
    rows = [{"name": NAME.format(n), "note": NOTE} for n in range(1, total + 1)]
    catalogue.take_reports(rows=rows, also_answered=list(asked), **by("reports", 4))
    catalogue.accept_reports(organisation_ids=list(asked), **by("accept", 5))
    catalogue.close_inventory(**by("close", 6))
    catalogue.decide(rows=_decisions(counts), **by("decide", 7))
    catalogue.freeze(**by("freeze", 8, reviewer))
    catalogue.announce(**by("announce", 9))


def _decisions(counts: Counts) -> list[dict[str, str]]:
    """In runs: the report has the totals, not which items they were."""
    kinds = [(decision, more) for decision, count, more in counts for _ in range(count)]
    return [
        {"number": str(n), "decision": decision, "basis": BASIS, **more}
        for n, (decision, more) in enumerate(kinds, 1)
    ]


def _day(month: int, day: int) -> datetime:
    """Nine o'clock of the first working day on or after a day of 2013."""
    works = current_calendar().first_working_day_on_or_after(date(2013, month, day))
    return datetime.combine(works, time(9), LEGAL_ZONE)
