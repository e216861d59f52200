"""The demo's hall: two groups of numbers, pads at their windows, a board, a machine for numbers; a
few numbers that were taken, called and finished just now; guides on the shelf."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from mingtang.accounts.queries import person_by_username, windows_held
from mingtang.base.clock import legal_date
from mingtang.base.codes import spell_code
from mingtang.base.entropy import salt
from mingtang.catalogue import services as catalogue
from mingtang.ledger.rules import Actor
from mingtang.queues import services as queues
from mingtang.queues.rules import Source
from mingtang.regions import queries as regions
from mingtang.screens import services as screens
from mingtang.screens.queries.devices import paired
from mingtang.screens.rules.devices import Kind

MANAGER, GENERAL, WATER = "zhongxin", "chuangkou", "shuili-ck"
CENTRE = "centre"
GUEST = Actor(id=None, label="来办事的人")
ACT = Callable[[str, datetime], Actor]


def load(at: datetime, *, actor_of: ACT, command_id: Callable[[str], str]) -> None:
    """Nothing where the two clerks sit at no window."""
    general, water = _window(GENERAL, at), _window(WATER, at)
    if general and water:
        _Hall(at, actor_of, command_id).open(general, water)


def _window(username: str, at: datetime) -> int | None:
    person = person_by_username(username)
    held = windows_held([person.id], legal_date(at)) if person else []
    return held[0] if held else None


class _Hall:
    def __init__(self, at: datetime, actor_of: ACT, command_id: Callable[[str], str]) -> None:
        self.at, self.actor_of, self.command_id = at, actor_of, command_id
        self.step = 0
        self.hall = regions.organisation_by_code(CENTRE).id

    def by(self, who: str = MANAGER, minutes: int = 0) -> dict[str, Any]:
        self.step += 1
        moment = self.at - timedelta(minutes=minutes)
        actor = self.actor_of(who, moment) if who else GUEST
        return {"actor": actor, "at": moment, "command_id": self.command_id(f"hall/{self.step}")}

    def open(self, general: int, water: int) -> None:
        self._screens(general, water)
        one = self._queue("A", "综合业务", "不知道取哪个号，就取这个", general)
        other = self._queue("B", "取水和水利", "取水许可、水土保持", water)
        for minutes in (38, 31, 24, 9, 4):
            self._take(one, minutes)
        for minutes in (27, 6):
            self._take(other, minutes)
        self._serve(GENERAL, general, [(30, 19), (18, 6), (3, None)])
        self._serve(WATER, water, [(20, None)])
        self._shelf("330881-016-001", laid=60, left=41)
        self._shelf("330881-025-001", laid=40, left=8)

    def _screens(self, general: int, water: int) -> None:
        self._screen(Kind.BOARD, "一楼大屏", None, "审批事项办结公示")
        self._screen(Kind.KIOSK, "门口取号机", None, "取号")
        self._screen(Kind.PAD, "综合窗口评价器", general, "您好，欢迎来办事")
        self._screen(Kind.PAD, "水利窗口评价器", water, "您好，欢迎来办事")

    def _screen(self, kind: Kind, name: str, window: int | None, shows: str) -> None:
        code = spell_code(salt(8))
        screens.add_device(
            kind=kind.value,
            name=name,
            organisation_id=self.hall,
            window_id=window,
            code=code,
            **self.by(minutes=60),
        )
        made = screens.pair(code=code, **{**self.by(minutes=59), "actor": GUEST})
        device = paired(made["device_id"])
        screens.beat(device, version="1", shows=shows, at=self.at)

    def _queue(self, letter: str, name: str, hint: str, window: int) -> str:
        made = queues.keep_queue(
            queue_id="",
            organisation_id=self.hall,
            letter=letter,
            name=name,
            hint=hint,
            capacity=2,
            is_open=True,
            has_all_hours=True,
            window_ids=[window],
            **self.by(minutes=60),
        )
        return str(made["queue_id"])

    def _shelf(self, item: str, laid: int, left: int) -> None:
        made = catalogue.shelve_guide(
            organisation_id=self.hall,
            place="一楼服务台",
            item_code=item,
            copies=laid,
            least=10,
            **self.by(minutes=600),
        )
        guide = int(made["guide_id"])
        catalogue.count_guide(guide_id=guide, halls=[self.hall], left=left, **self.by(minutes=60))

    def _take(self, queue: str, minutes: int) -> None:
        queues.take(queue_id=queue, source=Source.KIOSK.value, **self.by("", minutes))

    def _serve(self, who: str, window: int, times: list[tuple[int, int | None]]) -> None:
        """Calls so many minutes ago, each finished so many minutes ago, or still going on."""
        for called, finished in times:
            made = queues.call_next(window_id=window, **self.by(who, called))
            if finished is not None:
                ticket = made["ticket_id"]
                queues.finish(ticket_id=ticket, window_id=window, **self.by(who, finished))
