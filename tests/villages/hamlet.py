"""A township with two villages, and the people who write, examine and watch over their
disclosures."""

from datetime import date, datetime
from typing import Any

from mingtang.accounts.models import Person
from mingtang.accounts.rules import Role
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.regions.models import Organisation, OrganisationName, Region
from mingtang.villages import services
from mingtang.villages.models import Disclosure, Section, Village
from mingtang.villages.rules.kinds import LineKind, Office
from mingtang.villages.rules.sheets import NewLine
from tests.world import SINCE, World, morning, new_command_id

TOWN, FIRST, SECOND = "330881118000", "330881118201", "330881118202"
JOINED = date(2013, 7, 1)
VILLAGER = Actor(id=None, label="村民")


def income(cents: int, text: str = "店面租金", day: date = date(2013, 8, 5)) -> NewLine:
    return NewLine(LineKind.INCOME, text, cents, day, "收1")


def spending(cents: int, text: str = "公共厕所电费", day: date = date(2013, 8, 9)) -> NewLine:
    return NewLine(LineKind.SPENDING, text, cents, day, "付1")


class Hamlet(World):
    """凤林镇 with 凤里村 and 白沙村; finance goes out quarterly unless somebody sets otherwise."""

    def __init__(self) -> None:
        super().__init__()
        town = self._place(TOWN, "凤林镇", "township", self.region)
        self._place(FIRST, "凤里村", "village", town)
        self._place(SECOND, "白沙村", "village", town)
        self.town = Organisation.objects.create(
            code="town-118", area6="330881", unit3="111", kind="township", region=town
        )
        OrganisationName.objects.create(organisation=self.town, name="江山市凤林镇人民政府")
        at = morning(2013, 7, 1)
        by = {"actor": SYSTEM, "at": at}
        services.load_shipped(valid_from=JOINED, **by, command_id=new_command_id())
        services.add_villages(
            township_code=TOWN, joined_date=JOINED, **by, command_id=new_command_id()
        )
        self.village = Village.objects.get(code=FIRST)
        self.other = Village.objects.get(code=SECOND)
        self.people_of_the_village()
        self.section = Section.objects.get(code="accounts")

    def _place(self, code: str, name: str, level: str, parent: Region) -> Region:
        return Region.objects.create(
            code=code, name=name, level=level, parent=parent, valid_from=SINCE, source="测试"
        )

    def people_of_the_village(self) -> None:
        post = self.people.post
        self.writer = post("writer", Role.VILLAGE_CLERK, self.town)
        self.overseer = post("overseer", Role.VILLAGE_SUPERVISOR, self.town)
        self.second = post("second", Role.VILLAGE_SUPERVISOR, self.town)
        self.officer = post("officer", Role.VILLAGE_OFFICE, self.town)
        self.neighbour = post("neighbour", Role.VILLAGE_CLERK, self.town)
        self.inspector = post("inspector", Role.INSPECTOR, self.centre)
        for village, person, office in (
            (self.village, self.writer, Office.CLERK),
            (self.village, self.overseer, Office.SUPERVISOR),
            (self.village, self.second, Office.SUPERVISOR),
            (self.other, self.neighbour, Office.CLERK),
        ):
            self.do(
                *("seat_member", self.manager, morning(2013, 7, 1)),
                village_ids=[village.id],
                person_id=person.id,
                office=office.value,
                valid_from=JOINED,
            )

    def do(self, verb: str, who: Person | Actor, at: datetime | None = None, **more: Any) -> Any:
        return getattr(services, verb)(
            actor=who if isinstance(who, Actor) else self.actor(who),
            at=at or morning(2013, 9, 17),
            command_id=new_command_id(),
            **more,
        )

    def monthly(self) -> None:
        """From July on the first village books month by month."""
        self.do(
            *("set_limit", self.manager, morning(2013, 7, 1)),
            village_id=self.village.id,
            valid_from=JOINED,
            finance_months=1,
            due_day=20,
            major_cents=5_000_000,
            major_days=5,
            objection_days=10,
            reply_days=10,
        )

    def owed(self, at: datetime | None = None, code: str = "accounts") -> Disclosure:
        """The latest account that the first village owes."""
        services.sweep(at or morning(2013, 9, 2))
        rows = Disclosure.objects.filter(village=self.village, section__code=code)
        return rows.select_related("village", "section").order_by("-period_first_date")[0]

    def write(self, one: Disclosure, *lines: NewLine, opening: int = 1_000_00, **more: Any) -> Any:
        sign = {LineKind.INCOME: 1, LineKind.SPENDING: -1}
        closing = opening + sum(sign.get(line.kind, 0) * line.cents for line in lines)
        content = {
            "title": one.title,
            "body": "票据在村委会。",
            "opening_cents": opening,
            "closing_cents": closing,
            "lines": lines,
        }
        who, at = more.pop("who", self.writer), more.pop("at", morning(2013, 9, 3))
        return self.do("write", who, at, disclosure_id=one.id, **content | more)

    def hand_in(self, one: Disclosure, at: datetime | None = None) -> dict[str, str]:
        at = at or morning(2013, 9, 4)
        return self.do("hand_in", self.writer, at, disclosure_ids=[one.id])["hashes"]

    def bring(self, one: Disclosure, day: int = 6) -> Disclosure:
        """Through committee and township, and out, on a day of September."""
        hashes = self.hand_in(one)
        at = morning(2013, 9, day)
        self.do("examine", self.overseer, at, hashes=hashes, verdict="agree")
        self.do("approve", self.officer, at, hashes=hashes, verdict="agree")
        self.do("release", self.officer, at, disclosure_ids=[one.id])
        one.refresh_from_db()
        return one

    def account_out(self, day: int = 6) -> Disclosure:
        """An account of August that is out."""
        self.monthly()
        one = self.owed()
        self.write(one, income(900_00), spending(500_00))
        return self.bring(one, day)

    def object_to(self, one: Disclosure, at: datetime | None = None, **more: Any) -> Any:
        said = {"name": "周大明", "phone": "13800000009", "text": "公共厕所电费太多，周大明问。"}
        at = at or morning(2013, 9, 10)
        return self.do("raise_objection", VILLAGER, at, disclosure_id=one.id, **said | more)
