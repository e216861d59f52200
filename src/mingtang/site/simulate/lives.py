"""The life of one simulated case: what each person does next, and when they do it."""

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from mingtang.accounts import queries as accounts
from mingtang.base.clock import legal_date
from mingtang.base.ids import derived_command_id
from mingtang.cases import queries, services
from mingtang.cases.rules import (
    ApplicantKind,
    HandOverWay,
    PauseReason,
    StepKind,
    StepStatus,
    TerminationReason,
    Verb,
)
from mingtang.cases.rules.fees import fee_name, fixed_cents
from mingtang.catalogue import queries as catalogue
from mingtang.files.queries import documents_of
from mingtang.files.services import seal_document
from mingtang.interaction import services as interaction
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions
from mingtang.site.demo import CITIZENS, ENTERPRISE, OFFICES, actor_of
from mingtang.site.demo_editions import answers_to
from mingtang.site.simulate.planning import Fate, Plan, at_home, office_moment
from mingtang.timing.rules import WorkingCalendar

WINDOW, TOWN = "chuangkou", "hecun-ck"
SURNAMES = "毛周姜徐郑柴祝何王吴刘杨陈林黄张李赵胡朱"
NAMES = (
    "建国",
    "秀英",
    "伟",
    "芳",
    "志强",
    "丽",
    "军",
    "敏",
    "春梅",
    "国华",
    "小红",
    "永明",
    "桂兰",
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
CHECKS = "10X98765432"
ARCHIVED = 0.5  # of what was delivered; the rest waits for somebody to have time
Act = Callable[..., dict[str, Any] | None]


class Office:
    """What all lives share: the calendar, who acts for a unit, how an act is tried."""

    def __init__(self, calendar: WorkingCalendar, act: Act, seed: int) -> None:
        self.calendar, self.act, self.seed = calendar, act, seed
        self._actors: dict[tuple[str, int], Actor] = {}
        self._units: dict[int, str] = {}

    def actor(self, username: str, at: datetime) -> Actor:
        key = username, at.year
        if key not in self._actors:
            self._actors[key] = actor_of(username, at)
        return self._actors[key]

    def unit_of(self, organisation_id: int, on: date) -> str:
        if organisation_id not in self._units:
            card = regions.organisation_card(organisation_id, on)
            self._units[organisation_id] = card.code
        return self._units[organisation_id]


class Life:
    """Runs as a chain of waits: each yield is the moment of the next act."""

    def __init__(self, plan: Plan, office: Office, rng: random.Random) -> None:
        self.plan, self.office, self.rng = plan, office, rng
        self.at = plan.filed_at
        self.count = 0
        self.case_id, self.number = 0, ""

    # ── time ──────────────────────────────────────────────────────────────────────────────────

    def later(self, least: int, most: int) -> datetime:
        """Some working days on, in office hours."""
        days = self.rng.randint(least, most)
        self.at = office_moment(self.rng, self.at, self.office.calendar, days=days)
        return self.at

    def at_home(self, least: int, most: int) -> datetime:
        """Some days on, when people have time."""
        day = legal_date(self.at) + timedelta(days=self.rng.randint(least, most))
        self.at = max(at_home(self.rng, day), self.at + timedelta(minutes=5))
        return self.at

    # ── acts ──────────────────────────────────────────────────────────────────────────────────

    def _do(self, command: Callable[..., Any], who: str, **content: Any) -> dict[str, Any] | None:
        actor = self.office.actor(who, self.at)
        done: dict[str, Any] | None = self._by(command, actor, case_id=self.case_id, **content)
        return done

    def _by(self, command: Callable[..., Any], actor: Actor, **content: Any) -> Any:
        self.count += 1
        name = derived_command_id("simulate", self.office.seed, self.plan.number, self.count)
        return self.office.act(command, actor=actor, at=self.at, command_id=name, **content)

    @property
    def handler(self) -> str:
        return f"{OFFICES[self.plan.place.unit]}-cb"

    @property
    def approver(self) -> str:
        return f"{OFFICES[self.plan.place.unit]}-sp"

    @property
    def window(self) -> str:
        return TOWN if self.plan.channel == "township" else WINDOW

    def case(self) -> Any:
        return queries.filed_case(self.number)

    def now(self) -> Any:
        return queries.Situation(self.case())

    # ── the life ──────────────────────────────────────────────────────────────────────────────

    def run(self) -> Iterator[datetime]:
        if not self._file():
            return
        fate = self.plan.fate
        if fate is Fate.WITHDRAWN and self.rng.random() < 0.5:
            yield self.at_home(0, 2)
            self._withdraw()
            return
        if fate is Fate.FORGOTTEN and self.plan.channel == "online":
            yield self.later(7, 9)  # meanwhile the law has accepted it, where the law does
            if self.case().accepted_at is None:
                self._do(services.receive, WINDOW)
        elif self.plan.channel == "online":
            yield self.later(0, 2)
            self._do(services.receive, WINDOW)
        yield from self._to_acceptance()
        if self.case().accepted_at is None:
            return
        yield from self._to_decision()
        if self.case().decided_at is None:
            return
        yield from self._to_delivery()

    def _file(self) -> bool:
        plan = self.plan
        answers = answers_to(plan.place.item, legal_date(self.at), plan.number)
        content: dict[str, Any] = {
            "item_code": plan.place.item,
            "applicant": self._applicant(),
            "answers": answers or {"matter": {"summary": "按办事指南提交申请，材料随附。"}},
            "channel": plan.channel,
            "variant": self._variant(),
        }
        if plan.channel == "online":
            made = self._by(services.submit, self._citizen(), **content)
        else:
            originals = [("身份证", 1)] if self.rng.random() < 0.3 else []
            who = self.office.actor(self.window, self.at)
            made = self._by(services.take_in, who, originals=originals, **content)
        if made is None:
            return False
        self.case_id, self.number = int(made["case_id"]), str(made["number"])
        return True

    def _variant(self) -> str:
        variants = catalogue.variants_of(catalogue.edition_for_filing(self.plan.place.item))
        return str(self.rng.choice(variants)["code"]) if variants else ""

    def _citizen(self) -> Actor:
        username = CITIZENS[1 if self.plan.is_enterprise else 0][0]
        return self.office.actor(username, self.at) if self._is_known else Actor(None, "申请人")

    @property
    def _is_known(self) -> bool:
        """One case in six is of the two people of the demo who sign in."""
        return self.plan.number % 6 == 0

    def _applicant(self) -> services.Applicant:
        username, name, number, phone = CITIZENS[1 if self.plan.is_enterprise else 0]
        person = accounts.person_by_username(username) if self._is_known else None
        kind = ApplicantKind.NATURAL
        if self.plan.is_enterprise:
            kind, (number, name) = ApplicantKind.LEGAL, ENTERPRISE
        elif not self._is_known:
            name = self.rng.choice(SURNAMES) + self.rng.choice(NAMES)
            number = citizen_number(self.rng)
            phone = f"138{self.rng.randrange(10**8):08}"
        return services.Applicant(
            kind=kind,
            name=name,
            identity_number=number,
            phone=phone,
            address="浙江省江山市",
            person_id=person.id if person else None,
        )

    def _withdraw(self) -> None:
        self._by(services.withdraw, self._citizen(), case_id=self.case_id, reason="暂时不办了。")

    def _to_acceptance(self) -> Iterator[datetime]:
        fate = self.plan.fate
        yield self.later(0, 2)
        if fate is Fate.NOT_REQUIRED:
            self._do(services.not_require, WINDOW, reason="这件事已改为自行办理，不需要批准。")
            return
        if fate is Fate.DECLINED:
            reason = "事项属于上级机关办理。"
            self._do(services.decline, WINDOW, reason=reason, competent="衢州市相应主管部门")
            return
        if fate in {Fate.CORRECTED, Fate.RETURNED}:
            yield from self._correction()
            if fate is Fate.RETURNED:
                return
        if self.case().accepted_at is None:
            self._do(services.accept, WINDOW)

    def _correction(self) -> Iterator[datetime]:
        materials = self.case().edition.materials
        first = materials[0] if materials else None
        missing = [{"id": first["id"], "name": first["name"], "text": "没有签名"}] if first else []
        note = "" if missing else "请写明用途。"
        self._do(services.ask_correction, WINDOW, missing=missing, note=note)
        if self.plan.fate is Fate.RETURNED:
            yield self.later(28, 34)
            self._do(services.send_back, WINDOW, reason="补正期限已过，没有收到补正材料。")
            return
        yield self.at_home(1, 9)
        self._by(services.supply, self._citizen(), case_id=self.case_id, note="已补签名。")
        yield self.later(0, 2)

    def _to_decision(self) -> Iterator[datetime]:
        fate = self.plan.fate
        if fate is Fate.WITHDRAWN:
            yield self.at_home(0, 3)
            self._withdraw()
            return
        if fate is Fate.TERMINATED:
            yield self.later(1, 2)
            why = TerminationReason.OBJECT_GONE
            self._do(services.terminate, self.approver, why=why, reason="申请的场所已经拆除。")
            return
        yield from self._fees()
        if fate is Fate.PAUSED:
            yield from self._pause()
        if fate is Fate.EXTENDED:
            yield from self._extension()
        if fate is Fate.LATE:
            yield self.later(18, 26)
        for _round in range(6):
            yield self.later(0, 1)
            if not self._examine_ready():
                break
        yield self.later(0, 1)
        self._decide()

    def _fees(self) -> Iterator[datetime]:
        case = self.case()
        fees = catalogue.fees_of(case.edition)
        if not fees:
            return
        fee = self.rng.choice(fees)
        cents = fixed_cents(fee["standard"]) or 100 * self.rng.randint(20, 400)
        made = self._do(services.charge, WINDOW, fees=[(fee_name(fee), cents)])
        if made is None:
            return
        charge = self.now().charges[-1]
        yield self.at_home(0, 2)
        if self.rng.random() < 0.2:
            reason = "低保家庭，依规定减免。"
            about = {"charge_id": charge.id, "cents": charge.cents}
            self._do(services.ask_waiver, WINDOW, **about, reason=reason)
            self._do(services.answer_waiver, self.approver, charge_id=charge.id, is_approved=True)
        else:
            self._do(services.pay, WINDOW, charge_id=charge.id, reference=f"P{self.plan.number:06}")

    def _pause(self) -> Iterator[datetime]:
        for step in self._waiting(StepStatus.READY)[:1]:
            self._do(services.claim, self._handler_of(step), step_key=step.key)
        why = PauseReason.EXPERT_REVIEW
        note = "要请专家到现场看一看。"
        asked = self._do(services.ask_pause, self.handler, why=why, note=note, days=10)
        yield self.later(0, 1)
        if asked and self._do(services.pause, self.approver):
            yield self.later(5, 9)
            self._do(services.resume, self.handler, result="专家意见：可行。")

    def _extension(self) -> Iterator[datetime]:
        yield self.later(1, 3)
        note = "材料要向外地核实。"
        if self._do(services.ask_extension, self.handler, days=5, note=note):
            yield self.later(0, 1)
            self._do(services.extend, self.approver)
        yield self.later(2, 6)

    def _examine_ready(self) -> bool:
        """Claim and examine all that waits; whether there was anything."""
        ready = self._waiting(StepStatus.READY, StepStatus.CLAIMED)
        for step in ready:
            who = self._handler_of(step)
            if step.status == StepStatus.READY:
                self._do(services.claim, who, step_key=step.key)
            companion = "姜立新" if step.kind == StepKind.SITE_VISIT else ""
            opinion = "材料齐全，符合条件。"
            about = {"step_key": step.key, "opinion": opinion, "companion": companion}
            self._do(services.examine, who, **about)
        return bool(ready)

    def _waiting(self, *statuses: StepStatus) -> list[Any]:
        return [one for one in self.now().steps_in_force if one.status in statuses]

    def _handler_of(self, step: Any) -> str:
        unit = self.office.unit_of(step.organisation_id, legal_date(self.at))
        return f"{OFFICES[unit]}-cb"

    def _decide(self) -> None:
        if self.plan.fate is Fate.REFUSED:
            said = {
                "reason": "不符合规定的条件。",
                "legal_basis": "《中华人民共和国行政许可法》第三十八条",
            }
            self._do(services.decide, self.approver, verb=Verb.REFUSE, **said)
        else:
            reason = "符合法定条件。"
            self._do(services.decide, self.approver, verb=Verb.GRANT, reason=reason)

    def _to_delivery(self) -> Iterator[datetime]:
        yield self.later(0, 1)
        actor = self.office.actor(self.approver, self.at)
        for paper in documents_of(f"case:{self.case_id}"):
            if paper.needs_seal and paper.sealed_at is None:
                name = "行政审批专用章"
                self._by(seal_document, actor, document_id=paper.id, seal_name=name)
        if services.needs_licence(self.case()):
            yield self.later(0, 1)
            self._do(services.issue, WINDOW, licence_number=f"江许{self.number[-12:]}")
        yield self.later(0, 4)
        self._return_originals()
        way = self.rng.choices([HandOverWay.WINDOW, HandOverWay.POST], [4, 1])[0]
        note = "本人领取" if way is HandOverWay.WINDOW else f"EMS{self.plan.number:09}CN"
        self._do(services.hand_over, WINDOW, way=way, note=note)
        if self.plan.level:
            yield self.at_home(0, 5)
            channel = "account" if self._is_known else "code"
            said = {"number": self.number, "level": self.plan.level, "text": "", "channel": channel}
            self._by(interaction.submit, self._citizen(), **said)
        if self.rng.random() < ARCHIVED:
            yield self.later(1, 15)
            self._do(services.archive, WINDOW)

    def _return_originals(self) -> None:
        kept = [one.id for one in self.now().originals if one.returned_at is None]
        if kept:
            self._do(services.return_originals, self.window, original_ids=kept)


def citizen_number(rng: random.Random) -> str:
    """A number that passes its check (GB 11643-1999), of nobody: the last digits run free."""
    born = date(1950, 1, 1) + timedelta(days=rng.randrange(50 * 365))
    body = f"330881{born:%Y%m%d}{rng.randrange(1, 1000):03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + CHECKS[total % 11]
