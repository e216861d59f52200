"""What `mingtang doctor` looks at. Each finding says what is wrong and how to mend it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from mingtang.accounts import queries as accounts
from mingtang.base import replica
from mingtang.base.clock import LEGAL_ZONE
from mingtang.base.db import missing_guards
from mingtang.base.durability import weaknesses
from mingtang.base.marks import WrongPlace, WrongProfile, check_place, check_profile, marked
from mingtang.base.pdf import why_not
from mingtang.base.sealed import key_files
from mingtang.base.space import ballast, free_bytes, is_short
from mingtang.cases.packaging import why_waits
from mingtang.cases.queries.archive import archived_on, without_package
from mingtang.catalogue import services as catalogue
from mingtang.exchange.queries.schemes import faults as scheme_faults
from mingtang.files import queries as files
from mingtang.files import scanner, seals
from mingtang.files.rules import ScanState
from mingtang.ledger import queries as ledger
from mingtang.messages import providers
from mingtang.messages import queries as messages
from mingtang.messages.rules import Way
from mingtang.site.shipping import last_shipped
from mingtang.supervision import queries as supervision
from mingtang.timing import queries as timing

RESEND_DAYS = 30
UNSIGNED_AT_MOST = timedelta(hours=4)
UNSHIPPED_AT_MOST = timedelta(minutes=10)
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class Finding:
    is_serious: bool
    text: str


def findings(on: date) -> list[Finding]:
    """What needs a person on this day, serious things first."""
    checks = (
        *(_guards(), _deliveries(), _messages(on), _providers(), _wordings()),
        *(_calendar(on), _search(), _supervision(on), _pdf(), _scanner(), _seals(), _demo()),
        *(_durability(), _packages(on), _schemes(), _names_below(), _in_plain(settings.DATABASES)),
    )
    found = [finding for check in checks for finding in check]
    return sorted(found, key=lambda finding: not finding.is_serious)


def at_once(at: datetime) -> list[Finding]:
    """What cannot wait for the day's end: the heads of the ledger, the disk, keys, the clock."""
    checks = (_ledger(at), _disk(), _keys(), _clock(at), _replica(), _shipped(at), _place())
    return [finding for check in checks for finding in check]


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


def _messages(on: date) -> list[Finding]:
    """What could not be sent, as far back as `resend` reaches."""
    lost = messages.given_up(resend_from(on))
    if not lost.count:
        return []
    text = (
        f"近 {RESEND_DAYS} 天有 {lost.count} 条短信或邮件未能发出（最近一条：{lost.last_error}）。"
        "请排除原因后运行 mingtang resend，或用电话通知当事人。"
    )
    return [Finding(True, text)]


def resend_from(on: date) -> datetime:
    return datetime.combine(on - timedelta(days=RESEND_DAYS), time.min, LEGAL_ZONE)


def _providers() -> list[Finding]:
    found = []
    for way in (Way.SMS, Way.MAIL):
        variable = f"MINGTANG_{way.name}_PROVIDER"
        try:
            providers.provider_of(way)
        except Exception as error:  # a city's own class may fail in any way
            text = f"{variable} 指定的类载入不了（{type(error).__name__}），{way.label}发不出去。"
            found.append(Finding(True, text + "请核对写法。"))
        if settings.MINGTANG_IS_PRODUCTION and providers.name_of(way) == providers.LOG:
            text = f"正式环境的{way.label}只写日志，没有发出：请设置 {variable}，不用就写 none。"
            found.append(Finding(True, text))
    return found


def _wordings() -> list[Finding]:
    return [
        Finding(False, f"消息模板“{one.occasion.label}”的改写用不上了：请到“消息模板”修改。")
        for one in messages.wordings()
        if not one.fits
    ]


def _place() -> list[Finding]:
    try:
        check_place()
        check_profile()
    except (WrongPlace, WrongProfile) as error:
        return [Finding(True, error.message)]
    return []


def _schemes() -> list[Finding]:
    return [Finding(False, f"交换方案不能用：{one}") for one in scheme_faults()]


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


def _supervision(on: date) -> list[Finding]:
    if supervision.profile_on(on) is None:
        text = "没有监察规则，超期不会发牌：请运行 mingtang load-rules。"
        return [Finding(False, text)]
    return []


def _seals() -> list[Finding]:
    """The machine's own key tries the way; a paper for people needs a seal that counts."""
    if settings.MINGTANG_IS_PRODUCTION and settings.MINGTANG_SEAL_PROVIDER == seals.LOCAL:
        text = f"电子签章用的是本机密钥：{seals.LOCAL_NOTICE}。"
        return [Finding(True, f"{text}请把 MINGTANG_SEAL_PROVIDER 改为 none 或正式的印章系统。")]
    return []


def _pdf() -> list[Finding]:
    problem = why_not()
    return [Finding(False, problem)] if problem else []


def _scanner() -> list[Finding]:
    """Uploads that nobody may open, and a scanner that does not answer."""
    found = []
    if problem := scanner.why_down():
        text = f"病毒扫描服务没有应答（{problem}）：新上传的文件都在等待查毒。"
        found.append(Finding(True, text + "请检查 clamd 和 MINGTANG_CLAMAV。"))
    waiting = files.count_in(ScanState.QUARANTINED)
    if waiting and not scanner.is_configured():
        text = f"{waiting} 个上传的文件在等待查毒，但没有设置 MINGTANG_CLAMAV：请设置后等待重查。"
        found.append(Finding(True, text))
    elif waiting:
        found.append(Finding(False, f"{waiting} 个上传的文件在等待查毒，查过才能打开。"))
    if infected := files.count_in(ScanState.INFECTED):
        text = f"{infected} 个上传的文件后来查出病毒，已不能打开：请通知当事人重新提交。"
        found.append(Finding(False, text))
    return found


def _demo() -> list[Finding]:
    if settings.MINGTANG_IS_PRODUCTION and (accounts.demo_accounts() or marked("demo")):
        return [Finding(True, "正式环境里有演示数据或演示账号：请换用空的数据目录重新安装。")]
    return []


def _names_below() -> list[Finding]:
    if settings.MINGTANG_BEHIND_TLS and not settings.SECURE_HSTS_INCLUDE_SUBDOMAINS:
        text = "浏览器只对本站域名强制 HTTPS，不含它的下级域名：下级域名都有证书的，"
        return [Finding(False, f"{text}请设置 MINGTANG_HSTS_SUBDOMAINS=1。")]
    return []


def _in_plain(databases: dict[str, Any]) -> list[Finding]:
    """Databases on other machines that are asked without looking at who they are (ASVS 12.3)."""
    asked = [one for one in databases.values() if one.get("HOST")]
    plain = {
        host
        for one in asked
        if one.get("OPTIONS", {}).get("sslmode") != "verify-full"
        for host in one["HOST"].split(",")
        if not (host == "localhost" or host.startswith(("/", "127.", "::1")))
    }
    if not settings.MINGTANG_IS_PRODUCTION or not plain:
        return []
    told = "、".join(sorted(plain))
    text = f"数据库在别的机器上（{told}），连接没有要求加密并核对证书："
    text += "请在 DATABASE_URL、MINGTANG_REPLICA_URL 后面加上 sslmode=verify-full 和 sslrootcert，"
    return [Finding(False, text + "或者确认中间的网络是加密的（WireGuard 等）。")]


def _durability() -> list[Finding]:
    return [Finding(True, said) for said in weaknesses()]


def _packages(on: date) -> list[Finding]:
    """Cases that were archived before the day and that the worker could not package."""
    if settings.MINGTANG_PACKAGES is None:
        return []
    late = [case for case in without_package() if archived_on(case) < on]
    if not late:
        return []
    told = [f"{case.number}：{why_waits(case) or '原因见后台工人的日志'}" for case in late[:3]]
    text = f"归档后还没有归档包的办件有 {len(late)} 件（{' '.join(told)}）。"
    return [Finding(False, text + f"也请看 {settings.MINGTANG_PACKAGES} 是否可写、磁盘是否够。")]


def _ledger(at: datetime) -> list[Finding]:
    """The law's limits do not stop with the sequencer: decisions go on, their proof is owed."""
    oldest = ledger.oldest_outside_tree()
    if oldest is None or at - oldest < UNSIGNED_AT_MOST:
        return []
    text = f"{UNSIGNED_AT_MOST // timedelta(hours=1)} 小时以来的账本记录还没有签名的树头："
    return [Finding(True, text + "请检查后台工人（mingtang work）是否在运行，补上后自动入树。")]


def _disk() -> list[Finding]:
    """Nothing is begun that may end in the middle."""
    if not is_short():
        return []
    text = (
        f"磁盘只剩 {free_bytes() // 1024**2} MB（不足 5%，也不足 10 GB），已停止办理、只供查询："
        "请清理，或把数据目录移到更大的磁盘。"
    )
    if ballast().exists():
        text += "完全写满时可运行 mingtang doctor --free-ballast 腾出 64 MB 应急。"
    return [Finding(True, text)]


def _replica() -> list[Finding]:
    """Without it everything goes on, on the primary alone."""
    why = replica.silence()
    if not why:
        return []
    text = (
        f"只读副本没有回答（{why}），看板和统计改由主库读："
        "请检查 MINGTANG_REPLICA_URL 指向的数据库。"
    )
    return [Finding(False, text)]


def _shipped(at: datetime) -> list[Finding]:
    """What is not on the second disk goes with the first."""
    folder = settings.MINGTANG_SHIP
    if folder is None or connection.vendor != "sqlite":
        return []
    last = last_shipped(folder)
    if last is not None and at - last < UNSHIPPED_AT_MOST:
        return []
    since = "还没有送过" if last is None else f"从 {last.astimezone(LEGAL_ZONE):%m-%d %H:%M} 起停了"
    text = f"连续备份{since}：请检查 mingtang ship 是否在运行、{folder} 能不能写。"
    return [Finding(True, text)]


def _keys() -> list[Finding]:
    """Who can read a key file of another person has no need to break a cipher."""
    files = (*key_files(), settings.MINGTANG_LEDGER_KEY_FILE)
    found = [
        Finding(True, f"密钥文件 {path} 别的用户也能读：请运行 chmod 600 {path}。")
        for path in files
        if path.stat().st_mode & 0o077
    ]
    if why := ledger.why_no_heads():
        found.append(Finding(True, why))
    return found


def _clock(at: datetime) -> list[Finding]:
    """What was recorded in the future shows that this clock, or another, went wrong."""
    latest = ledger.latest_instant()
    if latest is None or latest <= at + CLOCKS_DIFFER:
        return []
    text = f"账本里有比本机时钟晚的记录（{latest.astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M}）："
    return [Finding(True, text + "请核对本机时间，并启用 NTP 校时。")]
