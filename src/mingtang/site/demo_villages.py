"""The demo's villages: five townships, a year of disclosures, made through the real commands.

Which townships had the trial nobody wrote down: see demo_disclosure. Sums and names are made up.
One village books month by month, with receipts and two objections; the others quarter by quarter,
some late, some not at all.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from mingtang.base.clock import LEGAL_ZONE, legal_date
from mingtang.ledger.rules import Actor
from mingtang.site.demo_disclosure import TRIAL
from mingtang.villages import queries, services
from mingtang.villages.queries import Disclosure
from mingtang.villages.rules.kinds import LineKind, Office
from mingtang.villages.rules.periods import MONTH, QUARTER, Period, last_ended
from mingtang.villages.rules.sheets import NewLine

CLERK, SUPERVISOR, KIN, TOWNSHIP = "cunwenshu", "cunjiandu", "cunjiandu2", "zhensanwu"
CITY, VILLAGER = "zhongxin", "jumin"
WHO = (CLERK, SUPERVISOR, KIN, TOWNSHIP, CITY, VILLAGER)
NEW = ("relief-list", "party-fees")  # sections that begin with the quarter that is running
AGREE = "agree"
NOTICES = (
    (
        "policy",
        "城乡居民医疗保险缴费标准",
        "缴费可以到村便民服务站，也可以到乡镇便民服务中心。",
    ),
    ("notice", "森林防火期禁止野外用火", "防火期内上坟祭祖请文明祭扫，不带火种上山。"),
)
INCOME = ("上级转移支付", "集体山林承包款", "店面租金", "光伏发电收入")
SPENDING = ("村道保洁工资", "公共厕所水电费", "路灯电费", "办公用品", "会议误工补贴", "水渠维修")
RELIEF = tuple(
    NewLine(LineKind.BENEFIT, name, cents * 100)
    for name, cents in (("周根土", 720), ("毛大妹", 360), ("姜阿福", 1080), ("郑水仙", 360))
)
RELIEF_SAID = "按月发放到户，名单有误请在异议期内提出。"


class _Year:
    """A year of the trial townships, told from quarter to quarter."""

    def __init__(
        self, at: datetime, actors: Mapping[str, Actor], command_id: Callable[[str], str]
    ) -> None:
        self.at, self.actors, self.command_id = at, actors, command_id
        last = last_ended(legal_date(at), QUARTER)
        self.quarters = [Period(_back(last.first, 3 * n), QUARTER) for n in (3, 2, 1, 0)]
        self.closing: dict[int, int] = {}  # by village
        self.step = 0

    def by(self, who: str, on: date) -> dict[str, Any]:
        """On a day, after what was done before on it; never later than now."""
        self.step += 1
        moment = datetime.combine(on, time(9), LEGAL_ZONE) + timedelta(seconds=self.step)
        key = self.command_id(f"village/{self.step}")
        return {"actor": self.actors[who], "at": min(moment, self.at), "command_id": key}


def load(
    at: datetime, *, actor_of: Callable[[str, datetime], Actor], command_id: Callable[[str], str]
) -> None:
    """What was loaded stays."""
    if queries.pilot_townships():
        return
    year = _Year(at, {one: actor_of(one, at) for one in WHO}, command_id)
    _begin(year)
    for quarter in year.quarters:
        for month in months_of(quarter):
            services.sweep(_moment(month.next().first))
            _month(year, month)
        _quarter(year, quarter)
    for month in months_of(year.quarters[-1].next()):
        if month.due(10) < legal_date(at):
            services.sweep(_moment(month.next().first))
            _month(year, month)
    _matters(year)


def _begin(year: _Year) -> None:
    first = year.quarters[0].first
    codes = [one for one in services.shipped_codes() if one not in NEW]
    services.load_shipped(valid_from=first, codes=codes, **year.by(CITY, first))
    for code in TRIAL:  # the first has a year, the others have joined half a year ago
        since = first if code == TRIAL[0] else year.quarters[2].first
        services.add_villages(township_code=code, joined_date=since, **year.by(CITY, first))
    ids = [card.id for code in TRIAL for card in queries.villages_of(code)]
    for username, office in ((CLERK, Office.CLERK), (SUPERVISOR, Office.SUPERVISOR)):
        services.seat_member(
            village_ids=ids,
            person_id=int(year.actors[username].id or 0),
            office=office.value,
            valid_from=first,
            **year.by(CITY, first),
        )
    kin, own = int(year.actors[KIN].id or 0), _busy().id
    services.seat_member(
        village_ids=[own],
        person_id=kin,
        office=Office.SUPERVISOR.value,
        valid_from=first,
        **year.by(CITY, first),
    )
    services.declare_kinship(
        village_id=own,
        person_id=kin,
        relative_name="村委会主任",
        relation="配偶",
        **year.by(TOWNSHIP, first),
    )
    services.set_limit(
        village_id=own,
        valid_from=first,
        **MONTHLY,
        **year.by(CITY, first),
    )


def _busy() -> queries.VillageCard:
    """The village that books month by month: the first that is no neighbourhood of the town."""
    return next(one for one in queries.villages_of(TRIAL[0]) if one.name.endswith("村"))


MONTHLY = {
    "finance_months": 1,
    "due_day": 20,
    "major_cents": 50_000 * 100,
    "major_days": 5,
    "objection_days": 10,
    "reply_days": 10,
    "basis": "收支往来较多，财务每月公布一次（《村民委员会组织法》第三十条）",
}


def months_of(quarter: Period) -> list[Period]:
    first = Period(quarter.first, MONTH)
    return [first, first.next(), first.next().next()]


def _back(first: date, months: int) -> date:
    count = first.year * 12 + first.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(8), LEGAL_ZONE)


# ── accounts ──────────────────────────────────────────────────────────────────────────────────


def _month(year: _Year, month: Period) -> None:
    """The village that books month by month: always in time, with its receipts."""
    owed = [one for one in queries.desk.owed_in(month.first) if one.period_months == MONTH]
    for one in owed:
        _write(year, one, 0, month.next().first + timedelta(days=7))
    _through(year, owed, month.next().first + timedelta(days=9))


def _quarter(year: _Year, quarter: Period) -> None:
    """All others. Every ninth is late, every fifteenth writes nothing; of the latest quarter some
    are still on their way."""
    is_latest = quarter is year.quarters[-1]
    owed = [one for one in queries.desk.owed_in(quarter.first) if one.period_months == QUARTER]
    numbers = {code: n for n, code in enumerate(dict.fromkeys(one.village.code for one in owed))}
    done: list[Disclosure] = []
    late: list[Disclosure] = []
    for one in owed:
        number = numbers[one.village.code]
        if number % 15 == 14 and (is_latest or number % 2):
            continue
        slow = number % 9 == 8
        written = one.due_date or quarter.last
        _write(year, one, number, written + timedelta(days=2 if slow else -9))
        (late if slow else done).append(one)
    on_the_way = done[:6] if is_latest else []
    due = quarter.due(20)
    _through(year, [one for one in done if one not in on_the_way], due - timedelta(days=4))
    _through(year, late, due + timedelta(days=8))
    if on_the_way:
        _half_way(year, on_the_way, due - timedelta(days=4))


def _write(year: _Year, one: Disclosure, number: int, on: date) -> None:
    content = _content(year, one, number)
    services.write(disclosure_id=one.id, title=one.title, **content, **year.by(CLERK, on))


def _content(year: _Year, one: Disclosure, number: int) -> dict[str, Any]:
    assert one.period_first_date is not None
    period = Period(one.period_first_date, one.period_months or MONTH)
    opening = year.closing.get(one.village_id, (80_000 + 1_300 * number) * 100)
    lines = list(_lines(period, number))
    sign = {LineKind.INCOME: 1, LineKind.SPENDING: -1}
    closing = opening + sum(sign[line.kind] * line.cents for line in lines)
    year.closing[one.village_id] = closing
    sums = {"opening_cents": opening, "closing_cents": closing}
    return {"body": "票据在村委会办公室，村民可以查阅。", "lines": lines, **sums}


def _lines(period: Period, number: int) -> Iterator[NewLine]:
    """Six or so lines of a period; sums differ from village to village."""
    salt = number * 7 + period.first.month
    for n in range(2):
        day = period.first + timedelta(days=3 + 9 * n)
        text = INCOME[(salt + n) % len(INCOME)]
        yield NewLine(LineKind.INCOME, text, (9_000 + salt * 37 % 4_000) * 100, day, f"收{n + 1}")
    for n in range(4):
        day = period.first + timedelta(days=4 + 6 * n)
        text = SPENDING[(salt + n) % len(SPENDING)]
        cents = (600 + (salt * 53 + n * 811) % 3_900) * 100 + salt % 100
        yield NewLine(LineKind.SPENDING, text, cents, day, f"付{n + 1}")


def _through(year: _Year, found: Sequence[Disclosure], on: date) -> None:
    """The whole way: handed in, examined, agreed to by the township, out."""
    if not found:
        return
    hashes = _handed_in(year, found, on)
    ids = [one.id for one in found]
    services.examine(hashes=hashes, verdict=AGREE, **year.by(SUPERVISOR, on))
    services.approve(hashes=hashes, verdict=AGREE, **year.by(TOWNSHIP, on + timedelta(days=1)))
    services.release(disclosure_ids=ids, **year.by(TOWNSHIP, on + timedelta(days=1)))


def _handed_in(year: _Year, found: Sequence[Disclosure], on: date) -> dict[str, str]:
    ids = [one.id for one in found]
    hashes: dict[str, str] = services.hand_in(disclosure_ids=ids, **year.by(CLERK, on))["hashes"]
    return hashes


def _half_way(year: _Year, found: Sequence[Disclosure], on: date) -> None:
    """Two wait for the committee, two for the township, two came back."""
    hashes = list(_handed_in(year, found, on).items())
    services.examine(hashes=dict(hashes[2:4]), verdict=AGREE, **year.by(SUPERVISOR, on))
    services.examine(
        hashes=dict(hashes[4:]),
        verdict="return",
        opinion="水渠维修的支出没有附票据，请补上。",
        **year.by(SUPERVISOR, on),
    )


# ── what no schedule asks for ─────────────────────────────────────────────────────────────────


def _matters(year: _Year) -> None:
    """In the first village: its profile, a major item, two objections; the city's notices."""
    today = legal_date(year.at)
    card = _busy()
    for kind, title, body in NOTICES:
        services.push_notice(
            kind=kind,
            title=title,
            body=body,
            valid_from=today - timedelta(days=20),
            **year.by(CITY, today - timedelta(days=20)),
        )
    told = (
        ("profile", f"{card.name}村情简介", "全村 6 个村民小组，312 户，1024 人，耕地 860 亩。"),
        ("resolutions", "村民代表会议决议：整修公共厕所", "村民代表会议同意整修公共厕所。"),
        ("service-info", "自来水检修电话和时间", "每周二上午检修，停水前一天在本栏通知。"),
    )
    for section, title, body in told:
        _single(year, card.id, section, title, body, today - timedelta(days=40))
    major = _single(
        year,
        card.id,
        "works",
        "村道硬化工程合同签订",
        "合同价 86,000.00 元，施工单位经公开招标确定，工期 60 天。",
        today - timedelta(days=4),
        happened=today - timedelta(days=6),
    )
    begun = year.quarters[-1].next().first
    services.load_shipped(valid_from=begun, **year.by(CITY, begun))
    _single(year, card.id, "relief-list", "低保金发放名单", RELIEF_SAID, begun, lines=RELIEF)
    _objections(year, queries.released(card, "accounts", size=1).rows[0], major)


def _single(
    year: _Year,
    village_id: int,
    section: str,
    title: str,
    body: str,
    on: date,
    happened: date | None = None,
    lines: Sequence[NewLine] = (),
) -> int:
    made = services.begin(
        village_id=village_id,
        section_code=section,
        title=title,
        happened_date=happened,
        **year.by(CLERK, on),
    )
    found = int(made["disclosure_id"])
    services.write(disclosure_id=found, title=title, body=body, lines=lines, **year.by(CLERK, on))
    _through(year, [queries.desk.disclosure(found)], on)
    return found


def _objections(year: _Year, account: queries.Entry, major: int) -> None:
    """One against an account, answered; one against the major item, not yet."""
    on = account.date + timedelta(days=2)
    made = services.raise_objection(
        disclosure_id=account.id,
        name="周某某",
        phone="",
        text="公共厕所一个月电费这么多，请核对电表。",
        **year.by(VILLAGER, on),
    )
    services.reply(
        objection_id=int(made["objection_id"]),
        public_text="公共厕所电费偏高，请核对电表。",
        answer="已核对：电表户号登记有误，多付的电费已由供电所退回，列入下月收入。",
        **year.by(CLERK, on + timedelta(days=3)),
    )
    services.raise_objection(
        disclosure_id=major,
        name="毛某某",
        phone="",
        text="想知道参加投标的有几家。",
        **year.by(VILLAGER, legal_date(year.at) - timedelta(days=2)),
    )
