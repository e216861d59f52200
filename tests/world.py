"""A small world for tests: one county, two departments, a few items, people with posts."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import Model

from mingtang.accounts.models import LetterOfAuthority, Person, Post, Substitution
from mingtang.accounts.queries import actor_of, scope_of
from mingtang.accounts.rules import EVERY_ITEM, Role, Scope
from mingtang.base.clock import LEGAL_ZONE
from mingtang.base.ids import next_id
from mingtang.base.rows import insert_rows
from mingtang.base.sealed import blind_index
from mingtang.cases import services as cases
from mingtang.cases.models import Case
from mingtang.cases.rules import ApplicantKind, HandOverWay, Verb
from mingtang.files.queries import documents_of
from mingtang.files.services import seal_document
from mingtang.ledger.rules import Actor
from mingtang.regions.models import Organisation, OrganisationName, Region

PASSWORD = "a long enough password"
NUMBERS = ("330881190001010015", "330881190001010023", "33088119000101004X")
SINCE = date(2010, 1, 1)
# two administrators, who load a calendar together
KEEPERS = {"actor": Actor(id="901", label="徐志强"), "second": Actor(id="902", label="周敏")}
command_numbers = itertools.count(0x1000)


def new_command_id() -> str:
    return f"{next(command_numbers):032x}"


@functools.cache
def _hashed() -> str:
    return make_password(PASSWORD)


class People:
    """Makes people and posts without ceremony."""

    password = PASSWORD

    def __init__(self) -> None:
        self.made: dict[str, Person] = {}
        self._waiting: list[Model] | None = None

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is made meanwhile is new, so that nobody is looked for, and is written when this
        ends: one statement for each table."""
        self._waiting = []
        yield
        waiting, self._waiting = self._waiting, None
        for model in dict.fromkeys(map(type, waiting)):
            insert_rows([row for row in waiting if type(row) is model])

    def write(self, row: Model) -> None:
        if self._waiting is None:
            insert_rows([row])
        else:
            self._waiting.append(row)

    def person(self, username: str, name: str = "某人", identity: str = "") -> int:
        person = self.made[username] = Person(
            id=next_id(),
            username=username,
            name=name,
            password=_hashed(),
            identity_number=identity,
            identity_index=blind_index("identity", identity),
            joined_at=datetime(2013, 1, 1, tzinfo=UTC),
        )
        self.write(person)
        return person.id

    def close(self, person_id: int) -> None:
        Person.objects.filter(id=person_id).update(is_active=False)

    def post(self, username: str, role: Role, organisation: Organisation, **more: Any) -> Person:
        person = self.made.get(username)
        if person is None and self._waiting is None:
            person = Person.objects.filter(username=username).first()
        if person is None:
            self.person(username, f"{username}先生")
            person = self.made[username]
        items = [EVERY_ITEM] if role is Role.GENERAL_CLERK else None
        fields = {"valid_from": SINCE, "item_codes": items, **more}
        self.write(Post(person=person, organisation=organisation, role=role.value, **fields))
        return person

    def letter(self, person: Person, acts: list[str], items: list[str], until: date) -> None:
        LetterOfAuthority.objects.create(
            post=person.posts.get(),
            document_number="江授〔2013〕1号",
            item_codes=items,
            acts=acts,
            seal="审批专用章",
            valid_from=SINCE,
            valid_to=until,
        )

    def substitution(self, absent: Person, substitute: Person, **more: Any) -> None:
        fields = {"from_date": SINCE, "to_date": date(2030, 1, 1), "reason": "休假", **more}
        Substitution.objects.create(absent=absent, substitute=substitute, **fields)


def plain(text: str) -> dict[str, Any]:
    """Answers to the form of an edition that has none of its own."""
    return {"matter": {"summary": text}}


class World:
    """江山市 with a water and a planning department, and one person for each role."""

    def __init__(self) -> None:
        self.people = People()
        with self.people.together():
            self._found()
        self.citizen, self.stranger = self.people.made["citizen"], self.people.made["stranger"]

    def _found(self) -> None:
        self.region = Region(
            code="330881000000", name="江山市", level="county", valid_from=SINCE, source="测试"
        )
        self.people.write(self.region)
        self.centre = self.organisation("centre", "090", "江山市行政服务中心", kind="centre")
        self.water = self.organisation("slj", "016", "江山市水利局")
        self.planning = self.organisation("ghj", "014", "江山市规划局")
        post = self.people.post
        self.clerk = post("clerk", Role.CLERK, self.water)
        self.handler = post("handler", Role.HANDLER, self.water)
        self.approver = post("approver", Role.APPROVER, self.water)
        self.colleague = post("colleague", Role.CLERK, self.planning)
        self.general = post("general", Role.GENERAL_CLERK, self.centre)
        self.manager = post("manager", Role.CENTRE_MANAGER, self.centre)
        self.people.person("citizen", "毛小明", NUMBERS[0])
        self.people.person("stranger", "姜大成", NUMBERS[1])

    def organisation(
        self, code: str, unit3: str, name: str, kind: str = "department"
    ) -> Organisation:
        made = Organisation(
            code=code, area6="330881", unit3=unit3, kind=kind, region=self.region, valid_from=SINCE
        )
        self.people.write(made)
        self.people.write(OrganisationName(organisation=made, name=name, short_name=name[2:]))
        return made

    def item(self, code: str = "330881-qs", **more: Any) -> str:
        """A published item of the water department; `more` overrides columns of the edition."""
        from tests.catalogue.factories import publish

        return publish(code=code, department=more.pop("department", self.water), **more)

    def scope(self, person: Person, on: date = date(2013, 9, 17)) -> Scope:
        return scope_of(person, on)

    def actor(self, person: Person) -> Actor:
        scope = self.scope(person)
        return actor_of(scope, scope.grants[0] if scope.grants else None)

    def applicant(self, person: Person | None = None) -> cases.Applicant:
        return cases.Applicant(
            kind=ApplicantKind.NATURAL,
            name="毛小明",
            identity_number=NUMBERS[0],
            phone="13800000001",
            person_id=person.id if person else None,
        )

    def file(self, item: str, at: datetime, person: Person | None = None, **more: Any) -> Case:
        fields: dict[str, Any] = {
            "item_code": item,
            "applicant": self.applicant(person),
            "answers": plain("在峡口镇取水灌溉。"),
            "files": [],
            "channel": "online",
            "actor": Actor(id=str(person.id) if person else None, label="申请人"),
            "at": at,
            "command_id": new_command_id(),
            **more,
        }
        return Case.objects.get(id=int(cases.submit(**fields)["case_id"]))

    def act(
        self, who: Person, command: Callable[..., Any], case: Case, at: datetime, **more: Any
    ) -> Any:
        by = {"actor": self.actor(who), "at": at, "command_id": new_command_id(), **more}
        return command(case_id=case.id, **by)

    def seal(self, case: Case, at: datetime) -> None:
        """Seal all papers of a case that wait for it."""
        by = {"actor": self.actor(self.clerk), "at": at}
        for one in documents_of(case.stream):
            if one.needs_seal and one.sealed_at is None:
                seal_document(
                    document_id=one.id, seal_name="审批专用章", **by, command_id=new_command_id()
                )

    def bring(self, case: Case, state: str, at: datetime) -> Case:
        """Bring a submitted case to a state through the real commands."""
        way: list[tuple[str, Callable[[], Any]]] = [
            ("received", lambda: self.act(self.clerk, cases.receive, case, at)),
            ("accepted", lambda: self.act(self.clerk, cases.accept, case, at)),
            ("claimed", lambda: self.act(self.handler, cases.claim, case, at, step_key="review")),
            (
                "examined",
                lambda: self.act(
                    self.handler, cases.examine, case, at, step_key="review", opinion="符合条件"
                ),
            ),
            (
                "granted",
                lambda: self.act(
                    self.approver, cases.decide, case, at, verb=Verb.GRANT, reason="符合条件"
                ),
            ),
            ("sealed", lambda: self.seal(case, at)),
            (
                "delivered",
                lambda: self.act(
                    self.clerk, cases.hand_over, case, at, way=HandOverWay.WINDOW, note=""
                ),
            ),
        ]
        for reached, step in way:
            step()
            if reached == state:
                break
        case.refresh_from_db()
        return case


def morning(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return datetime(year, month, day, hour, tzinfo=LEGAL_ZONE).astimezone(UTC)
