"""What `mingtang doctor` looks at. Each finding says what is wrong and how to mend it."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection

from mingtang.accounts import queries as accounts
from mingtang.base.db import missing_guards
from mingtang.base.marks import marked
from mingtang.base.pdf import why_not
from mingtang.catalogue import services as catalogue
from mingtang.ledger import queries as ledger
from mingtang.timing import queries as timing


@dataclass(frozen=True)
class Finding:
    is_serious: bool
    text: str


def findings(on: date) -> list[Finding]:
    """Everything that needs a person, serious things first."""
    checks = (_guards(), _deliveries(), _calendar(on), _search(), _pdf(), _demo(), _durability())
    found = [finding for check in checks for finding in check]
    return sorted(found, key=lambda finding: not finding.is_serious)


def _guards() -> list[Finding]:
    missing = missing_guards()
    return (
        [Finding(True, f"缺少防改触发器 {len(missing)} 个：请运行 mingtang migrate。")]
        if missing
        else []
    )


def _deliveries() -> list[Finding]:
    return [
        Finding(True, f"投递搁置：{debt.follower} ← {debt.event}：{debt.last_error[-120:]}")
        for debt in ledger.parked()
    ]


def _calendar(on: date) -> list[Finding]:
    warning = timing.calendar_warning(on)
    return [Finding(False, warning)] if warning else []


def _search() -> list[Finding]:
    missing = catalogue.missing_from_index()
    found = []
    if missing:
        found.append(
            Finding(True, f"{missing} 个事项不在搜索索引里，查不到：请运行 mingtang reindex。")
        )
    if not catalogue.synonyms_loaded():
        text = "没有同义词表，“开饭店”这样的说法查不到：请运行 mingtang load-synonyms。"
        found.append(Finding(False, text))
    return found


def _pdf() -> list[Finding]:
    problem = why_not()
    return [Finding(False, problem)] if problem else []


def _demo() -> list[Finding]:
    if settings.MINGTANG_IS_PRODUCTION and (accounts.demo_accounts() or marked("demo")):
        return [Finding(True, "正式环境里有演示数据或演示账号：请换用空的数据目录重新安装。")]
    return []


def _durability() -> list[Finding]:
    """WAL with synchronous=FULL (2): less loses acknowledged acts in a power cut."""
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            mode = cursor.fetchone()[0]
        return (
            []
            if mode != "off"
            else [Finding(True, "PostgreSQL 的 synchronous_commit 为 off：请改为 on。")]
        )
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        level = cursor.fetchone()[0]
    return (
        [] if level >= 2 else [Finding(True, "SQLite 的 synchronous 低于 FULL：断电会丢失记录。")]
    )
