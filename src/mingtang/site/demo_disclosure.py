"""The demo's disclosure: what the centre made public in 2013 as its own report counts it, and a few
items of each column that went the whole way of review. Made through the real commands.

The report names five trial townships with 88 villages, but not which: five whose villages in the
code list are 88 together stand for them here.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from mingtang.base.clock import legal_date
from mingtang.channels import queries as channels
from mingtang.channels import services as channel_services
from mingtang.channels.rules import Copies, NewRelease
from mingtang.disclosure import queries, services
from mingtang.disclosure.rules.items import Content
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.regions import queries as regions

YEAR = 2013
MONTHLY = (
    ("portal", "江山市政府网站公开平台发布的政府信息", 36799),
    ("site", "本单位网站发布的政府信息", 40180),
    ("board", "信息公示栏、宣传窗张贴的政府信息", 10537),
    ("paper", "《今日江山》刊登的工作信息", 72),
    ("media", "其他媒体发布的工作信息", 60),
)
HANDBOOK = "《江山市工业投资项目审批手册》"
COPIES = (("有关企业", 4000), ("各进驻部门", 1625), ("中心各窗口取阅处", 2500))  # each quarter
TRIAL = ("330881002000", "330881112000", "330881118000", "330881119000", "330881120000")

# Column, genre, category, days before today on which it was formed, title, text.
ITEMS = (
    (
        *("about", "other", "20-2", 9, "江山市行政服务中心管理办公室机构职能"),
        (
            "负责行政审批服务的组织、协调、监督和管理。\n\n## 内设科室\n\n"
            "- 办公室（信息公开办公室）\n- 业务管理科\n- 网络管理中心\n- 代办服务中心"
        ),
    ),
    (
        *("about", "guide", "20-2", 9, "中心服务时间和联系方式"),
        "工作日 8:30–11:30，13:30–17:00。\n\n咨询请拨打政务服务热线。",
    ),
    (
        *("policy", "notice", "20-1", 15, "关于开展行政审批事项清理和规范的通知"),
        "各有关部门：\n\n请按照能减则减、能并则并、能放则放的原则，清理本部门的审批事项，按时报送自查结果。",
    ),
    (
        *("policy", "measures", "20-1", 14, "窗口首问责任和一次性告知办法"),
        "第一位接待的工作人员为首问责任人。\n\n材料不齐的，应当一次告知全部需要补正的内容。",
    ),
    (
        *("power", "list", "20-5", 8, "进驻中心的行政许可事项目录"),
        "目录按部门列出事项名称、设定依据、承诺时限和收费标准，逐项办事指南见“网上办事”。",
    ),
    (
        *("power", "guide", "20-8", 8, "行政审批收费项目和标准的公告"),
        "办理行政许可，除法律、行政法规另有规定外，不收取费用。各事项的收费依据和标准见办事指南。",
    ),
    (
        *("work", "news", "20-15", 6, "代办服务进企业"),
        "中心代办员上门为工业投资项目提供全程代办服务。",
    ),
    (
        *("work", "announcement", "20-15", 5, "大厅电子评价器启用公告"),
        "即日起，办事群众可以在窗口对服务作出评价。",
    ),
    (
        *("work", "other", "20-15", 4, "便民服务信息上电视"),
        "试点乡镇（街道）的行政村，便民服务和“三务”信息可以在数字电视上查看。",
    ),
    (
        *("personnel", "announcement", "20-14", 7, "窗口工作人员选派公告"),
        "各部门选派进驻窗口的工作人员，应当熟悉业务，在窗口工作不少于两年。",
    ),
    (
        *("personnel", "notice", "20-15", 3, "窗口工作人员培训安排"),
        "分批次进行新系统启用前的培训。",
    ),
    (
        *("report", "report", "20-15", 10, "信息公开工作情况报告"),
        "本年度没有收到依申请公开的申请，没有收费，没有行政复议和行政诉讼。",
    ),
)
ON = {0: ("board",), 2: ("board", "portal"), 7: ("board", "paper"), 8: ("portal",)}

Name = Callable[[str], str]


def load(*, worker: Actor, head: Actor, centre: str, at: datetime, command_id: Name) -> None:
    """What was loaded stays."""
    if channels.channel_codes():
        return
    channel_services.load_shipped(actor=SYSTEM, at=at, command_id=command_id("channels"))
    organ = regions.organisation_by_code(centre).id
    _releases(organ, worker, at, command_id)
    _items(organ, worker, head, at, command_id)


def _releases(organ: int, worker: Actor, at: datetime, command_id: Name) -> None:
    """The year's releases as they were entered: late, from lists, in bulk."""
    today = legal_date(at)
    rows = [
        row for row in (*_monthly(), *_copies(), *_television(today)) if row.released_date <= today
    ]
    if rows:
        channel_services.release_many(
            organisation_id=organ,
            rows=rows,
            actor=worker,
            at=at,
            command_id=command_id("releases"),
        )


def _monthly() -> Iterator[NewRelease]:
    for code, title, total in MONTHLY:
        for month, quantity in enumerate(shares(total, 12), start=1):
            yield NewRelease(
                channel=code,
                title=f"{month}月{title}",
                released_date=_end(month),
                quantity=quantity,
                item_count=None,  # nobody noted how many different ones they were
            )


def shares(total: int, parts: int) -> list[int]:
    """A number in parts that are as equal as can be and add up to it."""
    return [total * (n + 1) // parts - total * n // parts for n in range(parts)]


def _end(month: int) -> date:
    return date(YEAR, month, monthrange(YEAR, month)[1])


def _copies() -> Iterator[NewRelease]:
    for month in (3, 6, 9, 12):
        yield NewRelease(
            channel="handbook",
            title=HANDBOOK,
            released_date=_end(month),
            quantity=sum(copies for _who, copies in COPIES),
            subject=f"handbook:{YEAR}",
            distribution=tuple(Copies(who, copies) for who, copies in COPIES),
        )


def _television(today: date) -> Iterator[NewRelease]:
    places = [place for town in TRIAL for place in regions.villages(town, today)]
    for quarter in range(1, 5):
        for place in places:
            yield NewRelease(
                channel="tv",
                title=f"第{quarter}季度便民服务和“三务”信息",
                released_date=_end(3 * quarter),
                quantity=3,  # once a month
                subject=f"television:{YEAR}-{quarter}",
                region=place.code,
                evidence="播放记录",
            )


def _items(organ: int, worker: Actor, head: Actor, at: datetime, command_id: Name) -> None:
    """A few items: drafted by one, reviewed and released by another."""
    made = services.import_drafts(
        organisation_id=organ,
        rows=[services.Imported(one) for one in _contents(legal_date(at))],
        actor=worker,
        at=at,
        command_id=command_id("publications"),
    )
    ids = made["publication_ids"]
    hashes = queries.hashes_of(int(one) for one in ids)
    for number, one in enumerate(ids):
        services.submit(
            publication_id=int(one),
            content_hash=hashes[one],
            actor=worker,
            at=at,
            command_id=command_id(f"publication/submit/{number}"),
        )
    services.review_many(
        hashes=hashes,
        opinion="同意",
        actor=head,
        at=at,
        command_id=command_id("publication/review"),
    )
    for number, one in enumerate(ids):
        services.publish(
            publication_id=int(one),
            content_hash=hashes[one],
            on=[services.On(code) for code in ON.get(number, ())],
            actor=head,
            at=at,
            command_id=command_id(f"publication/publish/{number}"),
        )


def _contents(today: date) -> list[Content]:
    return [
        Content(
            title=title,
            body=body,
            column=column,
            genre=genre,
            category=category,
            formed_date=today - timedelta(days),
            theme="综合政务\\政务公开",
            source="中心办公室",
        )
        for column, genre, category, days, title, body in ITEMS
    ]
