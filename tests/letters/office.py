"""The centre's letter office, its head, the units that handle, and what comes to them."""

from datetime import date, datetime
from typing import Any

from mingtang.accounts.models import Person
from mingtang.accounts.rules import Role
from mingtang.base.clock import LEGAL_ZONE
from mingtang.ledger.rules import Actor
from mingtang.letters import services
from mingtang.letters.models import Letter
from mingtang.letters.rules.kinds import Kind, Source, Writer
from tests.world import World, new_command_id

WRITER = Actor(id=None, label="来信人")
NAME, PHONE, MAIL = "祝阿根", "13857012345", "agen@example.cn"
ADDRESS = "峡口镇枫石村十二组7号"
TITLE = "水费多收了"
TEXT = "我叫祝阿根，住峡口镇枫石村十二组7号，电话13857012345。水费多收了三个月。"


def moment(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=LEGAL_ZONE)


class Office(World):
    """Monday 2 September 2024 is the day on which things begin."""

    start = date(2024, 9, 2)

    def __init__(self) -> None:
        super().__init__()
        post = self.people.post
        self.worker = post("letters", Role.LETTER_OFFICE, self.centre)
        self.second = post("letters2", Role.LETTER_OFFICE, self.centre)
        self.head = post("letterhead", Role.LETTER_HEAD, self.centre)
        self.planner = post("planner", Role.HANDLER, self.planning)

    def writer(self, **more: Any) -> Writer:
        fields = {"name": NAME, "phone": PHONE, "email": MAIL, "address": ADDRESS, **more}
        return Writer(**fields)

    def file(self, on: date | None = None, **more: Any) -> Letter:
        fields: dict[str, Any] = {
            "kind": Kind.ENQUIRY.value,
            "title": TITLE,
            "text": TEXT,
            "writer": self.writer(),
            "may_publish": True,
            "actor": WRITER,
            "at": moment(on or self.start),
            "command_id": new_command_id(),
            **more,
        }
        return Letter.objects.get(id=int(services.file(**fields)["letter_id"]))

    def register(self, on: date | None = None, **more: Any) -> Letter:
        """Typed while somebody talks, where nothing else is said."""
        fields: dict[str, Any] = {
            "kind": Kind.COMPLAINT.value,
            "source": Source.PHONE.value,
            "title": TITLE,
            "text": TEXT,
            "writer": self.writer(),
            "may_publish": True,
            "actor": self.actor(self.worker),
            "at": moment(on or self.start),
            "command_id": new_command_id(),
            **more,
        }
        return Letter.objects.get(id=int(services.register(**fields)["letter_id"]))

    def do(
        self,
        verb: str,
        letter: Letter,
        on: date | None = None,
        who: Person | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """A command on a letter, by the office's worker or by whoever; the row is read again."""
        result: dict[str, Any] = getattr(services, verb)(
            letter_id=letter.id,
            actor=more.pop("actor", None) or self.actor(who or self.worker),
            at=more.pop("at", None) or moment(on or self.start, 11),
            command_id=new_command_id(),
            **more,
        )
        letter.refresh_from_db()
        return result

    def handled(self, on: date | None = None, letter: Letter | None = None, **more: Any) -> Letter:
        """Accepted, at the water office, signed for."""
        found = letter or self.file(on, **more)
        self.do("accept", found, on)
        self.do("dispatch", found, on, lead_id=self.water.id)
        self.do("take", found, on, self.handler)
        return found

    def answered(self, on: date | None = None, **more: Any) -> Letter:
        found = self.handled(on, **more)
        self.do("reply", found, on, self.handler, text="多收的水费下月退还。")
        return found

    def published(self, on: date | None = None, **more: Any) -> Letter:
        """Answered, a copy drafted by one, confirmed by another."""
        found = self.answered(on, **more)
        words = {"title": "水费多收", "question": "水费多收了三个月。", "text": "下月退还。"}
        self.do("draft_copy", found, on, **words)
        self.do("confirm_copy", found, on, self.second)
        return found

    def keep(self, *people: Person) -> None:
        """Name these people to read tip-offs."""
        for one in people:
            services.name_keeper(
                person_id=one.id,
                actor=self.actor(self.head),
                at=moment(self.start),
                command_id=new_command_id(),
            )
