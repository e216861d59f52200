"""Rules: what a publication says of itself, the words it chooses from, its hash. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from mingtang.base.errors import DomainError
from mingtang.ledger.rules import canonical


class BadContent(DomainError):
    """A draft that cannot be kept as it is: the text names the field and what is wrong."""


class Column(StrEnum):
    """栏目: the six that the city's site has."""

    ABOUT = "about"
    POLICY = "policy"
    POWER = "power"
    WORK = "work"
    PERSONNEL = "personnel"
    REPORT = "report"

    @property
    def label(self) -> str:
        return COLUMN_LABELS[self]


COLUMN_LABELS = {
    Column.ABOUT: "机构概况",
    Column.POLICY: "政策文件",
    Column.POWER: "行政权力",
    Column.WORK: "工作信息",
    Column.PERSONNEL: "人事信息",
    Column.REPORT: "信息公开年报",
}


class Attribute(StrEnum):
    """公开属性, fixed when the paper is drafted."""

    ACTIVE = "active"
    ON_REQUEST = "on_request"
    WITHHELD = "withheld"

    @property
    def label(self) -> str:
        return ATTRIBUTE_LABELS[self]


ATTRIBUTE_LABELS = {
    Attribute.ACTIVE: "主动公开",
    Attribute.ON_REQUEST: "依申请公开",
    Attribute.WITHHELD: "不予公开",
}


class Genre(StrEnum):
    """体裁: the kinds of official papers, and what is no paper."""

    NOTICE = "notice"
    OPINION = "opinion"
    MEASURES = "measures"
    ANNOUNCEMENT = "announcement"
    REPLY = "reply"
    REPORT = "report"
    DECISION = "decision"
    LETTER = "letter"
    MINUTES = "minutes"
    LIST = "list"
    GUIDE = "guide"
    NEWS = "news"
    OTHER = "other"

    @property
    def label(self) -> str:
        return GENRE_LABELS[self]


GENRE_LABELS = {
    Genre.NOTICE: "通知",
    Genre.OPINION: "意见",
    Genre.MEASURES: "办法",
    Genre.ANNOUNCEMENT: "公告",
    Genre.REPLY: "批复",
    Genre.REPORT: "报告",
    Genre.DECISION: "决定",
    Genre.LETTER: "函",
    Genre.MINUTES: "纪要",
    Genre.LIST: "清单",
    Genre.GUIDE: "指南",
    Genre.NEWS: "消息",
    Genre.OTHER: "其他",
}


class Validity(StrEnum):
    """有效性 of what lays down rules; news has none."""

    NONE = "none"
    VALID = "valid"
    AMENDED = "amended"
    EXPIRED = "expired"
    REPEALED = "repealed"

    @property
    def label(self) -> str:
        return VALIDITY_LABELS[self]


VALIDITY_LABELS = {
    Validity.NONE: "不适用",
    Validity.VALID: "有效",
    Validity.AMENDED: "已修改",
    Validity.EXPIRED: "失效",
    Validity.REPEALED: "废止",
}

# 《政府信息公开条例》第二十条（二十一条）：应当主动公开的内容。
CATEGORIES = {
    "20-1": "行政法规、规章和规范性文件",
    "20-2": "机关职能、机构设置、办公地址、办公时间、联系方式、负责人姓名",
    "20-3": "国民经济和社会发展规划、专项规划、区域规划及相关政策",
    "20-4": "国民经济和社会发展统计信息",
    "20-5": "办理行政许可和其他对外管理服务事项的依据、条件、程序以及办理结果",
    "20-6": "实施行政处罚、行政强制的依据、条件、程序以及有一定社会影响的行政处罚决定",
    "20-7": "财政预算、决算信息",
    "20-8": "行政事业性收费项目及其依据、标准",
    "20-9": "政府集中采购项目的目录、标准及实施情况",
    "20-10": "重大建设项目的批准和实施情况",
    "20-11": "扶贫、教育、医疗、社会保障、促进就业等方面的政策、措施及其实施情况",
    "20-12": "突发公共事件的应急预案、预警信息及应对情况",
    "20-13": "环境保护、公共卫生、安全生产、食品药品、产品质量的监督检查情况",
    "20-14": "公务员招考的职位、名额、报考条件等事项以及录用结果",
    "20-15": "法律、法规、规章和国家有关规定规定应当主动公开的其他政府信息",
    "21-1": "市政建设、公共服务、公益事业",
    "21-2": "土地征收、房屋征收",
    "21-3": "治安管理",
    "21-4": "社会救助",
    "21-5": "贯彻落实农业农村政策、农田水利工程建设运营（乡镇）",
    "21-6": "农村土地承包经营权流转、宅基地使用情况审核（乡镇）",
    "21-7": "筹资筹劳（乡镇）",
}

LONGEST_TITLE, LONGEST_BODY = 200, 100_000


@dataclass(frozen=True)
class Attached:
    """A file that belongs to a version."""

    upload_id: int
    name: str
    sha256: str


@dataclass(frozen=True)
class Content:
    """All that a version says. What is not here is not reviewed."""

    title: str
    body: str
    column: str
    formed_date: date
    category: str = ""
    theme: str = ""
    genre: str = Genre.OTHER.value
    document_number: str = ""
    keywords: str = ""
    basis: str = ""
    attribute: str = Attribute.ACTIVE.value
    withheld_reason: str = ""
    target_group: str = "全社会"
    validity: str = Validity.NONE.value
    valid_until: date | None = None
    source: str = ""
    attachments: tuple[Attached, ...] = ()

    def hash(self) -> str:
        """SHA-256 over the content; of a file its own digest and name, not its place."""
        files = [[one.name, one.sha256] for one in self.attachments]
        said = {**asdict(self), "attachments": files}
        return hashlib.sha256(canonical(said)).hexdigest()


TEXTS: Mapping[str, tuple[str, int]] = {
    "theme": ("主题分类", 60),
    "document_number": ("文号", 60),
    "keywords": ("关键词", 100),
    "basis": ("公开依据", 300),
    "withheld_reason": ("理由", 300),
    "target_group": ("公开对象", 60),
    "source": ("信息来源", 60),
}


def check_content(content: Content, *, today: date) -> None:
    """Raises BadContent."""
    if not 2 <= len(content.title.strip()) <= LONGEST_TITLE:
        raise BadContent(f"“标题”应为 2 到 {LONGEST_TITLE} 个字。")
    if not content.body.strip() and not content.attachments:
        raise BadContent("“正文”是空的，也没有附件，请写正文或者添加附件。")
    if len(content.body) > LONGEST_BODY:
        raise BadContent(f"“正文”超过 {LONGEST_BODY} 个字，请改用附件。")
    for name, (label, longest) in TEXTS.items():
        if len(getattr(content, name)) > longest:
            raise BadContent(f"“{label}”超过 {longest} 个字，请精简。")
    _check_choices(content)
    _check_dates(content, today)
    if content.attribute != Attribute.ACTIVE and len(content.withheld_reason.strip()) < 4:
        label = Attribute(content.attribute).label
        raise BadContent(f"定为“{label}”须写明理由和依据（《政府信息公开条例》第十四至十六条）。")


def _check_choices(content: Content) -> None:
    choices: Iterable[tuple[str, str, Iterable[str]]] = (
        ("栏目", content.column, Column),
        ("公开属性", content.attribute, Attribute),
        ("体裁", content.genre, Genre),
        ("有效性", content.validity, Validity),
    )
    for label, value, known in choices:
        if value not in set(known):
            raise BadContent(f"“{label}”没有“{value}”这一项，请从列出的选项中选择。")
    if content.category and content.category not in CATEGORIES:
        raise BadContent(f"“法定公开类别”没有“{content.category}”，请从列出的选项中选择。")


def _check_dates(content: Content, today: date) -> None:
    if content.formed_date > today:
        raise BadContent(
            f"“成文日期”{content.formed_date} 还没有到。成文日期是文件形成的日子，请核对。"
        )
    if content.formed_date < date(1949, 10, 1):
        raise BadContent(f"“成文日期”{content.formed_date} 太早，请核对年份。")
    if content.valid_until and content.valid_until < content.formed_date:
        raise BadContent("“有效期至”早于成文日期，请核对。")


def changed_fields(old: Content, new: Content) -> list[str]:
    """The names of what differs, for the history of versions."""
    before, after = asdict(old), asdict(new)
    return [name for name in after if before[name] != after[name]]


def facts_of(content: Content) -> dict[str, Any]:
    """What the ledger tells of a version: its head, not its text."""
    return {
        "title": content.title,
        "column": content.column,
        "category": content.category,
        "attribute": content.attribute,
        "formed_date": content.formed_date.isoformat(),
        "attachments": len(content.attachments),
    }
