"""A hall for tests: two windows with clerks, two groups of numbers."""

from datetime import datetime
from typing import Any

from mingtang.queues import services
from mingtang.queues.models import Queue, Ticket
from mingtang.regions.models import Centre, Window
from tests.world import new_command_id


class Hall:
    def __init__(self, world: Any, at: datetime, hours: str = "8:30–11:30，13:30–17:00") -> None:
        self.world, self.at = world, at
        self.centre = Centre.objects.create(
            region=world.region,
            organisation=world.centre,
            name="大厅",
            level="county",
            hours=hours,
        )
        self.first = self._window("1", "水利", world.water, world.clerk)
        self.second = self._window("2", "规划", world.planning, world.colleague)
        self.a, self.b = self.queue("A", [self.first]), self.queue("B", [self.second])

    def _window(self, number: str, name: str, unit: Any, clerk: Any) -> Window:
        made = Window.objects.create(
            centre=self.centre, number=number, name=name, organisation=unit
        )
        clerk.posts.update(window=made)
        return made

    def queue(self, letter: str, windows: list[Window], **more: Any) -> Queue:
        fields = {"name": f"{letter}类", "hint": "", "capacity": 2, "is_open": True, **more}
        made = services.keep_queue(
            queue_id="",
            organisation_id=self.world.centre.id,
            letter=letter,
            has_all_hours=False,
            window_ids=[one.id for one in windows],
            **fields,
            **self.by(self.world.manager),
        )
        return Queue.objects.get(id=int(made["queue_id"]))

    def by(self, who: Any = None, at: datetime | None = None) -> dict[str, Any]:
        actor = self.world.actor(who or self.world.clerk)
        return {"actor": actor, "at": at or self.at, "command_id": new_command_id()}

    def take(self, queue: Queue, at: datetime | None = None) -> Ticket:
        made = services.take(queue_id=str(queue.id), source="kiosk", **self.by(at=at))
        return Ticket.objects.get(id=int(made["ticket_id"]))

    def call(self, window: Window | None = None, at: datetime | None = None) -> str:
        made = services.call_next(window_id=(window or self.first).id, **self.by(at=at))
        return str(made["label"])

    def move(self, act: Any, ticket: Ticket, window: Window | None = None, **more: Any) -> None:
        place = (window or self.first).id
        act(ticket_id=str(ticket.id), window_id=place, **more, **self.by())
        ticket.refresh_from_db()
