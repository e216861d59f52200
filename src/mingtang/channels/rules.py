"""Rules of channels: carriers, units, proofs, what a release says, how releases add up. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import replace as replace
from datetime import date
from enum import StrEnum

from mingtang.base.errors import Conflict, DomainError


class BadRelease(DomainError):
    """A release that cannot be entered as it is: the text says which column and why."""


class AlreadyWithdrawn(Conflict):
    def __init__(self) -> None:
        super().__init__("这条发布已经撤下过了，请刷新页面。")


class Carrier(StrEnum):
    """公开渠道和载体: the fourteen of the standard catalogue (基层政务公开标准目录)."""

    SITE = "site"
    GAZETTE = "gazette"
    SOCIAL = "social"
    HEARING = "hearing"
    BROADCAST = "broadcast"
    PAPER = "paper"
    READING_POINT = "reading_point"
    SERVICE_CENTRE = "service_centre"
    SERVICE_POINT = "service_point"
    DOORSTEP = "doorstep"
    BOARD = "board"
    PUSH = "push"
    HOTLINE = "hotline"
    OTHER = "other"

    @property
    def label(self) -> str:
        return CARRIER_LABELS[self]


CARRIER_LABELS = {
    Carrier.SITE: "政府网站",
    Carrier.GAZETTE: "政府公报",
    Carrier.SOCIAL: "两微一端",
    Carrier.HEARING: "发布会/听证会",
    Carrier.BROADCAST: "广播电视",
    Carrier.PAPER: "纸质媒体",
    Carrier.READING_POINT: "公开查阅点",
    Carrier.SERVICE_CENTRE: "政务服务中心",
    Carrier.SERVICE_POINT: "便民服务站",
    Carrier.DOORSTEP: "入户/现场",
    Carrier.BOARD: "社区/企事业单位/村公示栏（电子屏）",
    Carrier.PUSH: "精准推送",
    Carrier.HOTLINE: "12345",
    Carrier.OTHER: "其他",
}


class Line(StrEnum):
    """The line of the annual report under which a channel's releases are counted."""

    PORTAL = "portal"
    OWN_SITE = "own_site"
    OTHER_SITE = "other_site"
    MEDIA = "media"
    PRINTED = "printed"
    BOARD = "board"
    SCREEN = "screen"
    TV = "tv"
    FEED = "feed"
    OTHER = "other"

    @property
    def label(self) -> str:
        return LINE_LABELS[self]

    @property
    def is_web(self) -> bool:
        """A page of a government site: what "在政府网站上公开" may count."""
        return self in WEB


LINE_LABELS = {
    Line.PORTAL: "政府门户网站",
    Line.OWN_SITE: "本单位网站",
    Line.OTHER_SITE: "其他网站",
    Line.MEDIA: "报刊、广播、电视、网络、手机等媒体",
    Line.PRINTED: "外宣刊物、手册、宣传单",
    Line.BOARD: "公示栏、宣传窗",
    Line.SCREEN: "电子屏",
    Line.TV: "数字电视",
    Line.FEED: "订阅和镜像",
    Line.OTHER: "其他",
}
WEB = frozenset({Line.PORTAL, Line.OWN_SITE, Line.OTHER_SITE})


class Measure(StrEnum):
    """What is counted on a channel. Copies and hours are never added to items."""

    ITEM = "item"
    COPY = "copy"
    TIME = "time"
    HOUR = "hour"

    @property
    def label(self) -> str:
        return MEASURE_LABELS[self]


MEASURE_LABELS = {
    Measure.ITEM: "条",
    Measure.COPY: "份",
    Measure.TIME: "次",
    Measure.HOUR: "时",
}


class Proof(StrEnum):
    """What shows that something was there."""

    NONE = "none"
    ADDRESS = "address"
    ISSUE = "issue"
    PHOTO = "photo"
    LIST = "list"
    LOG = "log"

    @property
    def label(self) -> str:
        return PROOF_LABELS[self]


PROOF_LABELS = {
    Proof.NONE: "不需要",
    Proof.ADDRESS: "网址",
    Proof.ISSUE: "报刊期号、播出日期或者链接",
    Proof.PHOTO: "照片",
    Proof.LIST: "分发清单",
    Proof.LOG: "播放记录",
}

LONGEST_EVIDENCE = 300
MOST_ROWS = 5000  # in one command
MOST_COPIES = 1_000_000  # in one row, or in one line of a distribution list
LONGEST_RECIPIENT = 100
LONGEST_COUNT = 12  # figures that are read as a number at all
IN_TIME_DAYS = 1  # entered within one working day of the release


@dataclass(frozen=True)
class Copies:
    """A line of a distribution list: to whom, how many."""

    recipient: str
    copies: int


@dataclass(frozen=True)
class NewRelease:
    """One row to enter. Without a subject it stands for things that have no record here:
    `item_count` then says how many different ones, if anybody knows."""

    channel: str
    title: str
    released_date: date
    quantity: int = 1
    subject: str = ""
    content_hash: str = ""
    item_count: int | None = 1
    evidence: str = ""
    on_behalf_of: int | None = None
    region: str = ""  # where it was shown, by code of a place
    distribution: tuple[Copies, ...] = ()


@dataclass(frozen=True)
class ChannelRules:
    """What of a channel decides how a row must look."""

    code: str
    name: str
    measure: Measure
    proof: Proof


def check(new: NewRelease, channel: ChannelRules, *, today: date, row: int | None = None) -> None:
    """Raises BadRelease with the number of the row, where there are many."""
    try:
        _check(new, channel, today)
    except BadRelease as error:
        raise BadRelease(f"第 {row} 行：{error}") from None if row else error


def _check(new: NewRelease, channel: ChannelRules, today: date) -> None:
    if not new.title.strip():
        raise BadRelease("没有填“标题”，请写明发布的是什么。")
    if new.quantity < 1:
        raise BadRelease(f"“数量”是 {new.quantity}，至少应为 1 {channel.measure.label}。")
    if new.item_count is not None and not 1 <= new.item_count <= max(new.quantity, 1):
        raise BadRelease(
            f"“信息条数”是 {new.item_count}，应在 1 到数量 {new.quantity} 之间；说不清时请留空。"
        )
    if new.subject and new.item_count != 1:
        raise BadRelease("指明了是哪一条信息，“信息条数”只能是 1。")
    if new.released_date > today:
        raise BadRelease(f"“发布日期”{new.released_date} 还没有到，请在发布以后登记。")
    if len(new.evidence) > LONGEST_EVIDENCE:
        raise BadRelease(f"“凭证”超过 {LONGEST_EVIDENCE} 个字，请精简。")
    is_address = new.evidence.startswith(("https://", "http://"))
    if new.evidence and channel.proof is Proof.ADDRESS and not is_address:
        raise BadRelease(f"“{channel.name}”的凭证是网址，应以 http:// 或 https:// 开头。")
    _check_distribution(new, channel)


def _check_distribution(new: NewRelease, channel: ChannelRules) -> None:
    if not new.distribution:
        return
    if channel.measure is not Measure.COPY:
        raise BadRelease(f"“{channel.name}”不按份计，不用分发清单。")
    for line in new.distribution:
        if not line.recipient.strip() or line.copies < 1:
            raise BadRelease("分发清单每行要写明发给谁、多少份（至少 1 份）。")
    total = sum(line.copies for line in new.distribution)
    if total != new.quantity:
        raise BadRelease(f"分发清单合计 {total} 份，与数量 {new.quantity} 份不符，请核对。")


def read_distribution(text: str) -> tuple[Copies, ...]:
    """Lines such as "市发改局 200": to whom, then how many. Raises BadRelease by line."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        recipient, _, copies = line.strip().removesuffix("份").rstrip().rpartition(" ")
        if not recipient or not copies.isdecimal():
            raise BadRelease(f"分发清单第 {number} 行“{line.strip()[:20]}”应为“发给谁 份数”。")
        if len(recipient.strip()) > LONGEST_RECIPIENT:
            raise BadRelease(f"分发清单第 {number} 行“发给谁”应不超过 {LONGEST_RECIPIENT} 个字。")
        if len(copies) > LONGEST_COUNT or not 1 <= int(copies) <= MOST_COPIES:
            raise BadRelease(f"分发清单第 {number} 行的份数应在 1 到 {MOST_COPIES} 之间。")
        found.append(Copies(recipient.strip(), int(copies)))
    return tuple(found)


@dataclass(frozen=True)
class Row:
    """A release as the sums see it."""

    line: Line
    measure: Measure
    quantity: int
    subject: str = ""
    item_count: int | None = 1
    is_automatic: bool = False


@dataclass(frozen=True)
class Sums:
    """Releases added up, each unit by itself; different items apart from how often they went."""

    rows: int
    quantities: tuple[tuple[Measure, int], ...]
    distinct: int
    undivided_rows: int  # of which nobody knows how many different items they hold

    def of(self, measure: Measure) -> int:
        return dict(self.quantities).get(measure, 0)


def add_up(rows: Iterable[Row]) -> Sums:
    """The oracle of the sums that the database makes: see queries.sums."""
    listed: Sequence[Row] = list(rows)
    quantities = dict.fromkeys(Measure, 0)
    for row in listed:
        quantities[row.measure] += row.quantity
    subjects = {row.subject for row in listed if row.subject}
    free = sum(row.item_count or 0 for row in listed if not row.subject)
    return Sums(
        rows=len(listed),
        quantities=tuple((measure, count) for measure, count in quantities.items() if count),
        distinct=len(subjects) + free,
        undivided_rows=sum(1 for row in listed if not row.subject and row.item_count is None),
    )
