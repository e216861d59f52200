"""The water department's disclosure office, its head, and what comes to it."""

from datetime import date, datetime
from typing import Any

from mingtang.accounts.models import Person
from mingtang.accounts.rules import Role
from mingtang.base.clock import LEGAL_ZONE
from mingtang.ledger.rules import Actor
from mingtang.requests import services
from mingtang.requests.models import Request
from mingtang.requests.rules.deciding import Part
from mingtang.requests.rules.kinds import Kind
from mingtang.requests.rules.people import Applicant, ApplicantKind
from tests.world import NUMBERS, World, new_command_id

APPLICANT = Actor(id=None, label="申请人")
WANTED = "2023年峡口水库除险加固工程的验收报告"


def moment(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=LEGAL_ZONE)


class Office(World):
    """Monday 2 September 2024 is the day on which things begin."""

    start = date(2024, 9, 2)

    def __init__(self) -> None:
        super().__init__()
        post = self.people.post
        self.worker = post("worker", Role.DISCLOSURE_OFFICE, self.water)
        self.head = post("head", Role.DISCLOSURE_HEAD, self.water)
        self.other = post("other", Role.DISCLOSURE_OFFICE, self.planning)

    def applicant(self, kind: ApplicantKind = ApplicantKind.NATURAL, **more: Any) -> Applicant:
        fields = {"name": "毛小明", "identity_number": NUMBERS[0], "phone": "13800000001", **more}
        return Applicant(kind=kind, **fields)

    def file(self, on: date | None = None, **more: Any) -> Request:
        """Filed online by somebody without an account."""
        fields: dict[str, Any] = {
            "organisation_id": self.water.id,
            "applicant": self.applicant(),
            "description": WANTED,
            "actor": APPLICANT,
            "at": moment(on or self.start),
            "command_id": new_command_id(),
            **more,
        }
        return Request.objects.get(id=int(services.file(**fields)["request_id"]))

    def register(self, on: date | None = None, channel: str = "counter", **more: Any) -> Request:
        """Entered by the office, across the counter where nothing else is said."""
        day = on or self.start
        fields: dict[str, Any] = {
            "organisation_id": self.water.id,
            "channel": channel,
            "applicant": self.applicant(),
            "description": WANTED,
            "submitted_date": day,
            "arrived_date": day,
            "actor": self.actor(self.worker),
            "at": moment(day),
            "command_id": new_command_id(),
            **more,
        }
        return Request.objects.get(id=int(services.register(**fields)["request_id"]))

    def received(self, on: date | None = None, **more: Any) -> Request:
        """Filed and confirmed on one day."""
        request = self.file(on, **more)
        self.do("confirm_receipt", request, on, confirmed_date=on or self.start)
        return request

    def do(
        self,
        verb: str,
        request: Request,
        on: date | None = None,
        who: Person | None = None,
        hour: int = 11,
        **more: Any,
    ) -> dict[str, Any]:
        """A command on a request, by the office's worker or by whoever; the row is read again."""
        result: dict[str, Any] = getattr(services, verb)(
            request_id=request.id,
            actor=more.pop("actor", None) or self.actor(who or self.worker),
            at=moment(on or self.start, hour),
            command_id=new_command_id(),
            **more,
        )
        request.refresh_from_db()
        return result

    def decide(self, request: Request, on: date, *parts: Part, override: str = "") -> None:
        """Drafted by the worker, approved by the head."""
        told = parts or (Part("全部内容", Kind.A),)
        self.do("draft", request, on, parts=list(told), override=override)
        self.do("decide", request, on, self.head)
