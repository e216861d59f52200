"""Rules of requests: the twenty-one kinds of decision (§三 of table 3), one list for the letter,
the row of the statistics, and the remedy it names. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mingtang.requests.rules.law import SINCE_2019


class Group(StrEnum):
    """The six groups of results."""

    OPEN = "open"
    PARTLY = "partly"
    WITHHELD = "withheld"
    NOT_HELD = "not_held"
    NOT_HANDLED = "not_handled"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            "open": "（一）予以公开",
            "partly": "（二）部分公开",
            "withheld": "（三）不予公开",
            "not_held": "（四）无法提供",
            "not_handled": "（五）不予处理",
            "other": "（六）其他处理",
        }[self]


class Kind(StrEnum):
    """A kind of decision. Stored."""

    A = "a"
    B = "b"
    C1 = "c1"
    C2 = "c2"
    C3 = "c3"
    C4 = "c4"
    C5 = "c5"
    C6 = "c6"
    C7 = "c7"
    C8 = "c8"
    D1 = "d1"
    D2 = "d2"
    D3 = "d3"
    E1 = "e1"
    E2 = "e2"
    E3 = "e3"
    E4 = "e4"
    E5 = "e5"
    F1 = "f1"
    F2 = "f2"
    F3 = "f3"

    @property
    def row(self) -> "KindRow":
        return KIND_ROWS[self]

    @property
    def group(self) -> Group:
        return self.row.group

    @property
    def label(self) -> str:
        return self.row.label

    @property
    def name_in_full(self) -> str:
        """不予公开：属于国家秘密"""
        head = self.group.label[3:]
        return head if self in {Kind.A, Kind.B} else f"{head}：{self.label}"


class Demand(StrEnum):
    """What must be on record before a part of a decision may be of a kind."""

    CONSULTED = "consulted"
    SEARCHED = "searched"
    CORRECTED = "corrected"
    EARLIER = "earlier"
    EXPLAINED = "explained"
    STATUTE = "statute"
    CORRECTION_LAPSED = "correction_lapsed"
    PAYMENT_LAPSED = "payment_lapsed"
    NEVER_A_PART = "never_a_part"


@dataclass(frozen=True)
class KindRow:
    """A row of table 3: its words, the article since 2019, what the letter says, what it needs."""

    group: Group
    label: str
    article: str
    says: str
    demands: frozenset[Demand] = frozenset()
    basis: str = ""  # in full, where it is another law than the regulation

    def legal_basis(self, on: date) -> str:
        """The basis that a letter of a day names by itself."""
        if self.basis:
            return self.basis
        if on < SINCE_2019:
            return f"《政府信息公开条例》（国务院令第492号）{_OLD_ARTICLES[self.group]}"
        return f"《政府信息公开条例》{self.article}"


_OLD_ARTICLES = {
    Group.OPEN: "第二十一条第一项",
    Group.PARTLY: "第二十二条",
    Group.WITHHELD: "第二十一条第二项",
    Group.NOT_HELD: "第二十一条第三项",
    Group.NOT_HANDLED: "第二十一条",
    Group.OTHER: "第二十一条",
}


def _row(group: Group, label: str, article: str, says: str, *demands: Demand) -> KindRow:
    return KindRow(group, label, article, says, frozenset(demands))


_C, _D, _E, _F = Group.WITHHELD, Group.NOT_HELD, Group.NOT_HANDLED, Group.OTHER
_WITHHELD = "经审查，该信息{why}，本机关决定不予公开。"
KIND_ROWS: dict[Kind, KindRow] = {
    Kind.A: _row(Group.OPEN, "予以公开", "第三十六条第一项、第二项", "本机关予以公开。"),
    Kind.B: _row(
        *(Group.PARTLY, "部分公开（区分处理的，只计这一情形）", "第三十七条"),
        "申请的信息中含有不应当公开或者不能提供的内容，能够区分处理，本机关公开其余部分。",
        Demand.NEVER_A_PART,
    ),
    Kind.C1: _row(_C, "属于国家秘密", "第十四条", _WITHHELD.format(why="属于依法确定的国家秘密")),
    Kind.C2: _row(
        *(_C, "其他法律行政法规禁止公开", "第十四条"),
        _WITHHELD.format(why="属于法律、行政法规禁止公开的信息"),
        Demand.STATUTE,
    ),
    Kind.C3: _row(
        *(_C, "危及“三安全一稳定”", "第十四条"),
        _WITHHELD.format(why="公开后可能危及国家安全、公共安全、经济安全、社会稳定"),
    ),
    Kind.C4: _row(
        *(_C, "保护第三方合法权益", "第十五条、第三十二条"),
        _WITHHELD.format(why="涉及第三方合法权益，已书面征求第三方意见"),
        Demand.CONSULTED,
    ),
    Kind.C5: _row(
        *(_C, "属于三类内部事务信息", "第十六条第一款"),
        _WITHHELD.format(why="属于人事管理、后勤管理、内部工作流程方面的内部事务信息"),
    ),
    Kind.C6: _row(
        *(_C, "属于四类过程性信息", "第十六条第二款"),
        _WITHHELD.format(why="属于讨论记录、过程稿、磋商信函、请示报告等过程性信息"),
    ),
    Kind.C7: _row(
        _C, "属于行政执法案卷", "第十六条第二款", _WITHHELD.format(why="属于行政执法案卷信息")
    ),
    Kind.C8: _row(
        *(_C, "属于行政查询事项", "第三十六条第七项"),
        "该信息属于工商、不动产登记资料等行政查询事项，法律、行政法规对获取另有规定，"
        "请按照有关规定查询。",
    ),
    Kind.D1: _row(
        *(_D, "本机关不掌握相关政府信息", "第三十六条第四项、第五项"),
        "经检索，本机关没有制作、获取或者保存该信息。",
        Demand.SEARCHED,
    ),
    Kind.D2: _row(
        *(_D, "没有现成信息需要另行制作", "第三十八条"),
        "该信息没有现成的，需要本机关对现有信息加工、分析，本机关不予提供。",
    ),
    Kind.D3: _row(
        *(_D, "补正后申请内容仍不明确", "第三十条"),
        "经补正，申请的内容仍不明确，本机关无法提供。",
        Demand.CORRECTED,
    ),
    Kind.E1: _row(
        *(_E, "信访举报投诉类申请", "第三十九条第一款"),
        "该申请以信息公开的形式进行信访、投诉、举报等活动，不作为政府信息公开申请处理，"
        "请通过相应渠道提出。",
    ),
    Kind.E2: _row(
        *(_E, "重复申请", "第三十六条第六项"),
        "本机关已就您相同的申请作出答复，不重复处理。",
        Demand.EARLIER,
    ),
    Kind.E3: _row(
        *(_E, "要求提供公开出版物", "第三十九条第二款"),
        "该申请要求提供政府公报、报刊、书籍等公开出版物，请按下列途径获取。",
    ),
    Kind.E4: _row(
        *(_E, "无正当理由大量反复申请", "第三十五条"),
        "申请的数量、频次明显超过合理范围，说明的理由不合理，本机关不予处理。",
        Demand.EXPLAINED,
    ),
    Kind.E5: _row(
        *(_E, "要求行政机关确认或重新出具已获取信息", "第三十六条"),
        "该申请要求确认或者重新出具您已获取的信息，本机关不予处理。",
    ),
    Kind.F1: _row(
        *(_F, "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "第三十条"),
        "您没有在补正期限内补正，也没有说明正当理由，视为放弃申请，本机关不再处理该申请。",
        Demand.CORRECTION_LAPSED,
    ),
    Kind.F2: KindRow(
        _F,
        "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        "第四十二条",
        "您没有按照收费通知在期限内缴纳信息处理费，视为放弃申请，本机关不再处理该申请。",
        frozenset({Demand.PAYMENT_LAPSED}),
        basis="《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）",
    ),
    Kind.F3: _row(_F, "其他", "第三十六条", "本机关对该申请作如下处理。"),
}
WITHHOLDING = frozenset(kind for kind in Kind if kind.group is Group.WITHHELD)
PART_KINDS = tuple(kind for kind in Kind if kind is not Kind.B)
# F1 and F2 come of a lapse that a person confirms; the others are drafted.
DRAFTED_KINDS = tuple(kind for kind in PART_KINDS if kind not in {Kind.F1, Kind.F2})


def outcome_of(kinds: list[Kind]) -> Kind:
    """The one row of table 3 in which a decision with these parts is counted.

    Something given and something not: partial disclosure, and nothing else. Several refusals: the
    first part, which the letter leads with.
    """
    if not kinds:
        raise ValueError("a decision has a part at least")
    if Kind.A in kinds and set(kinds) != {Kind.A}:
        return Kind.B
    return kinds[0]
