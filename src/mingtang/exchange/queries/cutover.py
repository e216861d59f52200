"""Reads: what the database knows of an old system that is to be switched off."""

from datetime import date

from django.db.models import Count, Max, Min

from mingtang.accounts.queries import holders_on
from mingtang.accounts.rules import COUNTER_ROLES
from mingtang.base.durability import last_backup
from mingtang.base.errors import NotFound
from mingtang.cases.models import Case
from mingtang.exchange.models import CutOver, CutOverTick, LegacyCase, LegacyImport
from mingtang.exchange.queries.legacy import find
from mingtang.exchange.rules.cutover import Counted, Line, Point, lines
from mingtang.exchange.rules.legacy import OldState
from mingtang.troubles.queries_training import trained

OPEN_SHOWN = 20


def sources() -> list[str]:
    """The old systems of which something was imported, by name."""
    rows = LegacyImport.objects.order_by("source").values_list("source", flat=True)
    return list(rows.distinct())


def cut_over(source: str) -> CutOver | None:
    rows = CutOver.objects.select_related("proposed_by", "sealed_by")
    return rows.filter(source=source).first()


def ticks(source: str) -> list[CutOverTick]:
    """What people have noted of this old system; total order (point)."""
    rows = CutOverTick.objects.filter(cut_over__source=source).select_related("ticked_by")
    return list(rows.order_by("point"))


def check_list(source: str, on: date) -> list[Line]:
    """The check list of an old system as it stands. Raises NotFound where nothing of it came."""
    if source not in sources():
        raise NotFound("没有导入过这个旧系统的数据，请从列表进入。")
    found = counted(source, on)
    return lines(found, {Point(one.point) for one in ticks(source) if _holds(one, found)})


def _holds(tick: CutOverTick, found: Counted) -> bool:
    """What was refused is looked at after the last import: another one brings other rows."""
    if Point(tick.point) is not Point.REFUSED or found.imported_at is None:
        return True
    return tick.ticked_at >= found.imported_at


def counted(source: str, on: date) -> Counted:
    """Of a file that was imported several times the last import counts."""
    imports = list(LegacyImport.objects.filter(source=source).order_by("begun_at", "id"))
    last = {one.digest: one for one in imports if one.ended_at is not None}
    held = _held(source)
    opened, settled = _open(source)
    tried, found = _tried(source)
    staff = holders_on(COUNTER_ROLES, on)
    return Counted(
        files=len(last),
        unfinished=len({one.digest for one in imports} - last.keys()),
        amiss=sum(one.new_count != held.get(one.id, 0) for one in imports if one.ended_at),
        old=sum(one.old_count for one in last.values()),
        new=sum(one.new_count for one in last.values()),
        known=sum(one.known_count for one in last.values()),
        refused=sum(one.refused_count for one in last.values()),
        imported_at=max((one.ended_at for one in imports if one.ended_at), default=None),
        open=opened,
        settled=settled,
        tried=tried,
        found=found,
        twice=_twice(source),
        staff=len(staff),
        trained=len(trained(staff)),
        backup_at=last_backup(),
    )


def _held(source: str) -> dict[int, int]:
    """How many rows each import has in the database."""
    rows = LegacyCase.objects.filter(source=source).order_by("legacy_import")
    return dict(rows.values_list("legacy_import").annotate(count=Count("id")))


def _open(source: str) -> tuple[int, int]:
    rows = LegacyCase.objects.filter(source=source, state=OldState.OPEN)
    told = rows.aggregate(all=Count("id"), settled=Count("outcome"))
    return told["all"], told["settled"]


def _tried(source: str) -> tuple[int, int]:
    """The search itself, with the first and the last number that the old system has."""
    ends = LegacyCase.objects.filter(source=source).aggregate(
        first=Min("old_number"), last=Max("old_number")
    )
    numbers = {one for one in ends.values() if one}
    hits = (any(one.source == source for one in find(number)) for number in numbers)
    return len(numbers), sum(hits)


def _twice(source: str) -> int:
    """Numbers of ours that the old system has too: a person with such a paper has two cases."""
    ours = Case.objects.order_by().values("number")
    return LegacyCase.objects.filter(source=source, old_number__in=ours).count()


def open_cases(source: str) -> list[LegacyCase]:
    """Old cases that were open and of which nobody has said where they went, the oldest first;
    total order (submitted_date, id). Some at a time: they leave the list as they are settled."""
    rows = LegacyCase.objects.filter(source=source, state=OldState.OPEN, outcome=None)
    return list(rows.order_by("submitted_date", "id")[:OPEN_SHOWN])
