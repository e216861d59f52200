"""The demo's letters: forty of every kind, way and state, through the real commands.

Moments are counted back from the day of loading; names, numbers and matters are made up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mingtang.accounts import queries as accounts
from mingtang.base.clock import legal_date
from mingtang.ledger.rules import Actor
from mingtang.letters import services
from mingtang.letters.rules.kinds import Kind, Order, Source, Writer
from mingtang.regions import queries as regions
from mingtang.site.demo_words import LETTERS, Matter

OFFICE, SECOND, HEAD = "xinfang", "xinfang-2", "xinfang-zr"
WRITER = Actor(id=None, label="来信人")
HANDLERS = {
    "slj": "shuili-cb",
    "gsj": "gongshang-cb",
    "zjj": "zhujian-cb",
    "mzj": "minzheng-cb",
    "zfj": "zhifa-cb",
    "gtj": "guotu-cb",
}


@dataclass
class _Life:
    """One letter, told step by step, each a little after the one before."""

    n: int
    at: datetime
    actor_of: Callable[[str, datetime], Actor]
    command_id: Callable[[str], str]
    letter_id: int = 0
    step: int = 0

    def by(self, who: str, days_ago: float) -> dict[str, Any]:
        self.step += 1
        moment = self.at - timedelta(days=days_ago, minutes=60 - self.step)
        actor = self.actor_of(who, moment) if who else WRITER
        return {
            "actor": actor,
            "at": moment,
            "command_id": self.command_id(f"letter/{self.n}/{self.step}"),
        }

    def do(self, verb: str, who: str, days_ago: float, **more: Any) -> None:
        getattr(services, verb)(letter_id=self.letter_id, **more, **self.by(who, days_ago))


def load(
    at: datetime,
    *,
    actor_of: Callable[[str, datetime], Actor],
    command_id: Callable[[str], str],
) -> None:
    """Forty letters, and two mails that wait for somebody."""
    for person in accounts.people_by_username([OFFICE, HEAD]).values():
        services.name_keeper(
            person_id=person.id,
            actor=actor_of(HEAD, at),
            at=at - timedelta(days=90),
            command_id=command_id(f"letter-keeper/{person.username}"),
        )
    units = regions.ids_of_codes(HANDLERS)
    for n, matter in enumerate(LETTERS):
        _tell(_Life(n, at, actor_of, command_id), matter, units)
    services.take_mail(raw=b"From: ads@example.cn\nPrecedence: bulk\n\nsale", at=at)
    services.take_mail(raw=b"Subject: \xff\xfe\n\n\x80\x81\x82\xff", at=at)


def _tell(life: _Life, matter: Matter, units: dict[str, int]) -> None:
    _come(life, matter, units)
    for name in matter.steps:
        _STEPS[name](life, matter, units)


def _come(life: _Life, matter: Matter, units: dict[str, int]) -> None:
    """By the way that it came."""
    name = matter.writer
    writer = Writer(name, f"138000{life.n:05d}")
    said: dict[str, Any] = {
        "kind": matter.kind.value,
        "title": matter.title,
        "text": matter.text,
        "writer": writer,
        "about_id": units[matter.unit] if matter.kind.is_against else None,
        "may_publish": "publish" in matter.steps,
        "source": matter.source.value,
    }
    typed = {Source.BOX, Source.PHONE, Source.HOTLINE}
    if matter.source in typed:
        by = life.by(OFFICE, matter.days_ago)
        due = legal_date(by["at"]) + timedelta(days=9)
        order = Order(f"12345-{life.n:06d}", due) if matter.source is Source.HOTLINE else None
        made = services.register(**said, order=order, **by)
    else:
        made = services.file(**said, **life.by("", matter.days_ago))
    life.letter_id = int(made["letter_id"])


def _accept(life: _Life, matter: Matter, units: dict[str, int]) -> None:
    life.do("accept", OFFICE, matter.days_ago)


def _decline(life: _Life, matter: Matter, units: dict[str, int]) -> None:
    life.do("decline", OFFICE, matter.days_ago, refusal=matter.answer)


def _dispatch(life: _Life, matter: Matter, units: dict[str, int]) -> None:
    lead = "zfj" if matter.kind is Kind.TIP_OFF else matter.unit
    life.do("dispatch", OFFICE, matter.days_ago, lead_id=units[lead])


def _return(life: _Life, matter: Matter, units: dict[str, int]) -> None:
    who = HANDLERS[matter.unit]
    life.do("send_back", who, matter.days_ago - 1, reason="此事不在本局的职责范围内。")


def _designate(life: _Life, matter: Matter, units: dict[str, int]) -> None:
    life.do("designate", HEAD, matter.days_ago - 1, lead_id=units[matter.unit])


def _take(life: _Life, matter: Matter, units: dict[str, int]) -> None:
    life.do("take", HANDLERS[matter.unit], matter.days_ago - 1)


def _answer(life: _Life, matter: Matter, units: dict[str, int]) -> None:
    life.do("reply", HANDLERS[matter.unit], matter.days_ago - matter.took, text=matter.answer)


def _satisfied(life: _Life, matter: Matter, units: dict[str, int]) -> None:
    life.do("call_back", OFFICE, matter.days_ago - matter.took - 1, result="satisfied")


def _dissatisfied(life: _Life, matter: Matter, units: dict[str, int]) -> None:
    ago = matter.days_ago - matter.took - 1
    life.do("call_back", OFFICE, ago, result="dissatisfied", words="说了等于没说。")


def _redo(life: _Life, matter: Matter, units: dict[str, int]) -> None:
    life.do("redo", OFFICE, matter.days_ago - matter.took - 1, words="请写明哪一天办好。")


def _close(life: _Life, matter: Matter, units: dict[str, int]) -> None:
    life.do("close", OFFICE, matter.days_ago - matter.took - 1)


def _publish(life: _Life, matter: Matter, units: dict[str, int]) -> None:
    ago = matter.days_ago - matter.took - 2
    words = {"title": matter.title, "question": matter.text, "text": matter.answer}
    life.do("draft_copy", OFFICE, ago, **words)
    life.do("confirm_copy", SECOND, ago)


def _promote(life: _Life, matter: Matter, units: dict[str, int]) -> None:
    ago = matter.days_ago - matter.took - 2
    life.do("promote", OFFICE, ago, question=matter.title, text=matter.answer)


_STEPS: dict[str, Callable[[_Life, Matter, dict[str, int]], None]] = {
    "accept": _accept,
    "decline": _decline,
    "dispatch": _dispatch,
    "return": _return,
    "designate": _designate,
    "take": _take,
    "answer": _answer,
    "satisfied": _satisfied,
    "dissatisfied": _dissatisfied,
    "redo": _redo,
    "close": _close,
    "publish": _publish,
    "promote": _promote,
}
