"""A centre and a department that publish, with the people of the review chain."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from mingtang.accounts.models import Person
from mingtang.accounts.rules import Role
from mingtang.channels import services as channels
from mingtang.disclosure import services
from mingtang.disclosure.models import Publication
from mingtang.disclosure.rules.items import Content
from mingtang.ledger.rules import SYSTEM, Actor
from tests.world import World, new_command_id

CONTENT = Content(
    title="关于开展农村饮用水工程检查的通知",
    body="各乡镇：\n\n请于本月底前完成检查。",
    column="work",
    formed_date=date(2013, 9, 10),
    category="20-13",
    genre="notice",
    theme="水利",
    source="市水利局",
)


class Office:
    """The disclosure office of the water department, and one way to say each act."""

    def __init__(self, world: World, at: datetime) -> None:
        self.world, self.at, self.organ = world, at, world.water
        post = world.people.post
        self.contact = post("contact", Role.SECTION_CONTACT, self.organ)
        self.worker = post("worker", Role.DISCLOSURE_OFFICE, self.organ)
        self.head = post("head", Role.DISCLOSURE_HEAD, self.organ)
        self.secrecy = post("secrecy", Role.SECRECY_REVIEWER, self.organ)
        self.other_head = post("other_head", Role.DISCLOSURE_HEAD, world.planning)
        channels.load_shipped(actor=SYSTEM, at=at, command_id=new_command_id())

    def by(self, person: Person | Actor, minutes: int = 0) -> dict[str, Any]:
        actor = person if isinstance(person, Actor) else self.world.actor(person)
        at = self.at + timedelta(minutes=minutes)
        return {"actor": actor, "at": at, "command_id": new_command_id()}

    def draft(self, person: Person | None = None, **more: Any) -> Publication:
        command = {
            name: more.pop(name)
            for name in ("asks_secrecy", "files", "on_behalf_of", "organisation_id")
            if name in more
        }
        made = services.draft(
            **{"organisation_id": self.organ.id, **command},
            content=replace(CONTENT, **more),
            **self.by(person or self.contact),
        )
        return self.item(made["publication_id"])

    def item(self, publication_id: Any) -> Publication:
        rows = Publication.objects.select_related("version", "published_version")
        return rows.get(id=int(publication_id))

    def bound(self, item: Publication) -> dict[str, Any]:
        return {"publication_id": item.id, "content_hash": self.item(item.id).version.content_hash}

    def submit(self, item: Publication) -> Publication:
        services.submit(**self.bound(item), **self.by(self.contact, 1))
        return self.item(item.id)

    def review(self, item: Publication, person: Person | None = None, **more: Any) -> Publication:
        services.review(**self.bound(item), **more, **self.by(person or self.head, 2))
        return self.item(item.id)

    def approved(self, **more: Any) -> Publication:
        return self.review(self.submit(self.draft(**more)))

    def publish(self, item: Publication, *on: services.On, **more: Any) -> Publication:
        by = self.by(more.pop("person", None) or self.head, 3)
        services.publish(**self.bound(item), on=list(on), **by)
        return self.item(item.id)

    def published(self, *on: services.On, **more: Any) -> Publication:
        return self.publish(self.approved(**more), *on)


@pytest.fixture
def office(world: World, at: datetime) -> Office:
    return Office(world, at)
