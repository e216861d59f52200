"""Rules: what a village discloses, and in which shape. Pure.

The list follows 《村民委员会组织法》第三十条 and its provincial measures; which sections there are
below the areas is the city's to say, in dated rows.
"""

from enum import StrEnum


class Area(StrEnum):
    """First-level sections: the same for every village. The values are parts of addresses."""

    OVERVIEW = "overview"
    PARTY = "party"
    VILLAGE = "village"
    FINANCE = "finance"
    SERVICE = "service"
    NOTICE = "notice"
    FEEDBACK = "feedback"

    @property
    def label(self) -> str:
        return AREA_LABELS[self]


AREA_LABELS = {
    Area.OVERVIEW: "村情概况",
    Area.PARTY: "党务公开",
    Area.VILLAGE: "村务公开",
    Area.FINANCE: "财务公开",
    Area.SERVICE: "便民服务",
    Area.NOTICE: "通知公告",
    Area.FEEDBACK: "异议和答复",
}


class Layout(StrEnum):
    """What a section's disclosures hold besides their text."""

    TEXT = "text"
    ACCOUNTS = "accounts"
    HOLDINGS = "holdings"
    BENEFITS = "benefits"

    @property
    def label(self) -> str:
        return LAYOUT_LABELS[self]


LAYOUT_LABELS = {
    Layout.TEXT: "文字",
    Layout.ACCOUNTS: "逐笔收支",
    Layout.HOLDINGS: "资产和债权债务",
    Layout.BENEFITS: "享受名单（只有姓名和金额）",
}


class LineKind(StrEnum):
    """What one line of a table is."""

    INCOME = "income"
    SPENDING = "spending"
    ASSET = "asset"
    RESOURCE = "resource"
    CLAIM = "claim"
    DEBT = "debt"
    BENEFIT = "benefit"

    @property
    def label(self) -> str:
        return LINE_LABELS[self]


LINE_LABELS = {
    LineKind.INCOME: "收入",
    LineKind.SPENDING: "支出",
    LineKind.ASSET: "资产",
    LineKind.RESOURCE: "资源",
    LineKind.CLAIM: "债权",
    LineKind.DEBT: "债务",
    LineKind.BENEFIT: "享受人",
}
LINES_OF = {
    Layout.TEXT: (),
    Layout.ACCOUNTS: (LineKind.INCOME, LineKind.SPENDING),
    Layout.HOLDINGS: (LineKind.ASSET, LineKind.RESOURCE, LineKind.CLAIM, LineKind.DEBT),
    Layout.BENEFITS: (LineKind.BENEFIT,),
}
# Headings and sums of the tables that everybody reads.
TABLE_WORDS = (
    *("摘要", "收支", "类别", "姓名", "名称", "日期", "凭证号", "金额（元）"),
    *("期初余额", "期末余额"),
    *(f"{label}合计" for label in LINE_LABELS.values()),
)


class Office(StrEnum):
    """What a member does for a village."""

    CLERK = "clerk"
    SUPERVISOR = "supervisor"

    @property
    def label(self) -> str:
        return "村文书" if self is Office.CLERK else "村务监督委员会成员"


class Occasion(StrEnum):
    """Why something is disclosed: the schedule asks for it, it is major, or it is simply told."""

    PERIODIC = "periodic"
    MAJOR = "major"
    FREE = "free"

    @property
    def label(self) -> str:
        return OCCASION_LABELS[self]


OCCASION_LABELS = {
    Occasion.PERIODIC: "定期公开",
    Occasion.MAJOR: "重大事项，及时公开",
    Occasion.FREE: "随时公开",
}


class NoticeKind(StrEnum):
    """What the city puts on every village's page."""

    POLICY = "policy"
    NOTICE = "notice"

    @property
    def label(self) -> str:
        return "惠民政策" if self is NoticeKind.POLICY else "通知"


_BODIES = {"村民委员会": "村", "村委会": "村", "居民委员会": "社区", "居委会": "社区"}


def short_name(name: str) -> str:
    """What people call a place whose code list names its committee: 中岗村民委员会 is 中岗村."""
    for body, place in _BODIES.items():
        if name.endswith(body) and name != body:
            return name.removesuffix(body).removesuffix(place) + place
    return name
