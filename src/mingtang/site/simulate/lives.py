"""The life of one simulated case: what each person does next, and when they do it."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.base.ids import derived_command_id
from mingtang.cases import queries, services
from mingtang.cases.rules import (
    Finding,
    HandOverWay,
    PauseReason,
    RequestKind,
    State,
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
from mingtang.interaction.rules import Level
from mingtang.ledger.rules import Actor
from mingtang.regions import queries as regions
from mingtang.site.demo import LETTERS, OFFICES
from mingtang.site.demo_editions import answers_to
from mingtang.site.simulate.caring import care
from mingtang.site.simulate.offices import COUNTERS, TOWN_COUNTER, TOWNSHIP, WINDOW, Office
from mingtang.site.simulate.papers import uploaded
from mingtang.site.simulate.people import applicant, person_name, proxy, username_of
from mingtang.site.simulate.planning import Fate, Plan, at_home, office_moment
from mingtang.timing.queries import open_clock

ARCHIVED = 0.5  # of what was delivered; the rest waits for somebody to have time
LEFT = 0.3  # of those at a counter leave an original with us
WAIVED, REFUNDED = 0.2, 0.15  # of the fees; of what was paid
CHOSEN = 0.3  # say beforehand how they want the result
LETTERED = 0.3  # of the decisions, where somebody at the window has a letter of authority
TURNED_DOWN = 0.2  # of the extensions that are asked for
BOUNCED = 0.04  # of the cases that come to a department: the hand-over was not whole
AGAINST = 0.1  # of the pre-examinations; they go up all the same
TAKEN_BACK = 0.5  # of those who withdraw do so before anybody looked
PLAIN = {"matter": {"summary": "按办事指南提交申请，材料随附。"}}
GOES_ON = frozenset({State.ACCEPTED, State.REVIEWING, State.PAUSED})
HAS_RESULT = frozenset({State.GRANTED, State.REFUSED, State.DEEMED_GRANTED})


class Life:
    """Runs as a chain of waits: each yield is the moment of the next act."""

    def __init__(self, plan: Plan, office: Office, rng: random.Random) -> None:
        self.plan, self.office, self.rng = plan, office, rng
        self.at = plan.filed_at
        self.count = 0
        self.case_id, self.number = 0, ""
        on = legal_date(plan.filed_at)
        self.answers = answers_to(plan.place.item, on, plan.number) or PLAIN

    # ── time ──────────────────────────────────────────────────────────────────────────────────

    def later(self, least: int, most: int) -> datetime:
        """Some working days on, in office hours."""
        days = self.rng.randint(least, most)
        self.at = office_moment(self.rng, self.at, self.office.calendar, days=days)
        return self.at

    def in_time(self, least: int, most: int) -> datetime:
        """The same, within what is left of the promise: offices look at it, but for late ones."""
        clock = None if self.plan.fate is Fate.LATE else open_clock(self.stream, "promised")
        if clock is None:
            return self.later(least, most)
        left = max(self.office.calendar.count(legal_date(self.at), clock.due_date), 0)
        return self.later(min(least, left), min(most, left))

    @property
    def stream(self) -> str:
        return f"case:{self.case_id}"

    def at_home(self, least: int, most: int) -> datetime:
        """Some days on, when people have time."""
        day = legal_date(self.at) + timedelta(days=self.rng.randint(least, most))
        self.at = max(at_home(self.rng, day), self.at + timedelta(minutes=5))
        return self.at

    # ── acts ──────────────────────────────────────────────────────────────────────────────────

    def _do(self, command: Callable[..., Any], who: str, **content: Any) -> dict[str, Any] | None:
        actor = self.office.actor(who, self.at)
        done: dict[str, Any] | None = self.by(command, actor, case_id=self.case_id, **content)
        return done

    def by(self, command: Callable[..., Any], actor: Actor, **content: Any) -> Any:
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
    def counter(self) -> str:
        return COUNTERS[self.plan.channel]

    @property
    def window(self) -> str:
        """Who receives and accepts: the township's counter where it examines first."""
        return TOWN_COUNTER if self.plan.place.is_referred else WINDOW

    @property
    def edition(self) -> Any:
        return self.office.edition(self.plan.place.item)

    def state(self) -> State:
        return queries.state_of(self.case_id)

    def now(self) -> queries.Situation:
        return queries.Situation(queries.filed_case(self.number))

    # ── the life ──────────────────────────────────────────────────────────────────────────────

    def run(self) -> Iterator[datetime]:
        if not self._file():
            return
        fate = self.plan.fate
        if fate is Fate.WITHDRAWN and self.rng.random() < TAKEN_BACK:
            yield self.at_home(0, 2)
            self._withdraw()
            return
        if self.plan.channel == "online":
            is_forgotten = fate is Fate.FORGOTTEN
            # meanwhile the law has accepted what was forgotten, where the law does
            yield self.later(7, 9) if is_forgotten else self.later(0, 2)
            if self.state() is State.SUBMITTED:
                self._do(services.receive, self.window)
        yield from self._to_acceptance()
        if self.state() in GOES_ON:
            yield from self._to_decision()
        if self.state() in HAS_RESULT:
            yield from self._to_delivery()

    def _file(self) -> bool:
        plan = self.plan
        content: dict[str, Any] = {
            "item_code": plan.place.item,
            "applicant": self._applicant(),
            "answers": self.answers,
            "channel": plan.channel,
            "variant": self._variant(),
        }
        if plan.place.is_referred:
            content["township_id"] = regions.organisation_by_code(TOWNSHIP).id
        if plan.channel == "online":
            made = self.by(services.submit, self._citizen(), **content, **self._photographed())
        else:
            if self._is_unfinished:
                content |= {"answers": dict(list(self.answers.items())[:1]), "may_lack": True}
            originals = [("身份证", 1)] if self.rng.random() < LEFT else []
            who = self.office.actor(self.counter, self.at)
            made = self.by(services.take_in, who, originals=originals, **content)
        if made is None:
            return False
        self.case_id, self.number = int(made["case_id"]), str(made["number"])
        return True

    def _applicant(self) -> services.Applicant:
        plan = self.plan
        who = applicant(self.rng, is_enterprise=plan.is_enterprise, is_known=self._is_known)
        return replace(who, proxy=proxy(self.rng)) if plan.fate is Fate.BY_PROXY else who

    def _photographed(self) -> dict[str, Any]:
        if self.plan.fate is not Fate.UPLOADED or not self.edition.materials:
            return {}
        person = self._citizen().id
        return uploaded(
            self.edition,
            self.edition.materials[0],
            f"simulate/{self.plan.number}",
            person_id=int(person) if person else None,
            at=self.at,
        )

    @property
    def _is_unfinished(self) -> bool:
        """At a counter a form may be begun, and the rest asked for."""
        return self.plan.fate is Fate.CORRECTED and len(self.answers) > 1

    def _variant(self) -> str:
        variants = catalogue.variants_of(self.edition)
        return str(self.rng.choice(variants)["code"]) if variants else ""

    def _citizen(self) -> Actor:
        if not self._is_known:
            return Actor(None, "申请人")
        return self.office.actor(username_of(self.plan.is_enterprise), self.at)

    @property
    def _is_known(self) -> bool:
        """One case in six is of the two people of the demo who sign in."""
        return self.plan.number % 6 == 0

    def _withdraw(self) -> None:
        self.by(services.withdraw, self._citizen(), case_id=self.case_id, reason="暂时不办了。")

    # ── to acceptance ─────────────────────────────────────────────────────────────────────────

    def _to_acceptance(self) -> Iterator[datetime]:
        fate = self.plan.fate
        yield self.later(0, 2)
        if fate is Fate.NOT_REQUIRED:
            self._do(services.not_require, self.window, reason="这件事已改为自行办理，不需要批准。")
        elif fate is Fate.DECLINED:
            reason = "事项属于上级机关办理。"
            self._do(services.decline, self.window, reason=reason, competent="衢州市相应主管部门")
        elif fate in {Fate.CORRECTED, Fate.RETURNED, Fate.EXHAUSTED}:
            yield from self._correction()
        if self.state() is State.RECEIVED:
            yield from self._acceptance()
        elif not self.state().is_open:
            yield from self._end()

    def _acceptance(self) -> Iterator[datetime]:
        """With the mandate of a proxy seen; a material may come later, to the same counter."""
        is_proxy = self.plan.fate is Fate.BY_PROXY
        lacking = self._lacking() if self.plan.fate is Fate.DEFERRED else []
        self._do(services.accept, self.window, is_mandate_seen=is_proxy, deferred=lacking)
        if lacking and self.state() is State.ACCEPTED:
            yield self.later(0, 2)
            brought = [one.material_id for one in lacking]
            originals = [(self.edition.materials[0]["name"], 1)]
            about = {"material_ids": brought, "files": [], "originals": originals}
            self._do(services.supply_deferred, self.counter, **about)

    def _lacking(self) -> list[services.Deferred]:
        """Promised within three working days, for what is handled in one: the same day."""
        today = legal_date(self.at)
        due = (
            self.office.calendar.add(today, 3) if (self.edition.promised_amount or 0) > 3 else today
        )
        first = self.edition.materials[0]["id"]
        return [services.Deferred(first, "三个工作日内补交原件。", due)]

    def _correction(self) -> Iterator[datetime]:
        materials = self.edition.materials
        first = materials[0] if materials else None
        missing = [{"id": first["id"], "name": first["name"], "text": "没有签名"}] if first else []
        note = "" if missing else "请写明用途。"
        self._do(services.ask_correction, self.window, missing=missing, note=note)
        if self.plan.fate is not Fate.RETURNED:
            yield self.at_home(1, 9)
            given = {"answers": self.answers} if self._is_unfinished else {}
            about = {"case_id": self.case_id, "note": "已补签名。", **given}
            self.by(services.supply, self._citizen(), **about)
            yield self.later(0, 1)
        if self.plan.fate is Fate.EXHAUSTED:
            self._do(services.still_missing, self.window, note="补来的一份仍没有签名。")
        if self.plan.fate is not Fate.CORRECTED:
            yield self.later(28, 34)
            self._do(services.send_back, self.window, reason="补正期限已过，没有补齐材料。")

    # ── to the decision ───────────────────────────────────────────────────────────────────────

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
            yield from self._end()
            return
        yield from self._before_examination()
        if fate is Fate.PAUSED:
            yield from self._pause()
        if fate is Fate.EXTENDED:
            yield from self._extension()
        if fate is Fate.LATE:
            yield self.later(18, 26)
        for _round in range(6):
            yield self.in_time(0, 1)
            if not self._examine_ready():
                break
        for _round in range(3):  # who stood in for the handler does not decide: the approver will
            yield self.in_time(0, 1)
            if self._decide():
                return
            yield self.later(4, 6)

    def _before_examination(self) -> Iterator[datetime]:
        if self.plan.place.is_referred:
            yield from self._referral()
        yield from self._fees()
        yield from self._slip()
        if self.rng.random() < BOUNCED:
            yield from self._bounce()

    def _referral(self) -> Iterator[datetime]:
        """The township examines and reports up, some of them late."""
        is_late = self.plan.fate is Fate.LATE
        yield self.later(21, 26) if is_late else self.later(2, 12)
        for step in self._waiting(StepStatus.READY)[:1]:
            who = self._handler_of(step)
            self._do(services.claim, who, step_key=step.key)
            yield self.later(0, 2)
            is_against = self.rng.random() < AGAINST
            finding = Finding.UNFIT if is_against else Finding.FIT
            opinion = "情况与申请不符，请上级审查。" if is_against else "情况属实，同意上报。"
            about = {"step_key": step.key, "opinion": opinion, "finding": finding}
            self._do(services.refer_up, who, **about)

    def _bounce(self) -> Iterator[datetime]:
        """The department sends it back to the window, which hands it on again."""
        yield self.in_time(0, 1)
        if self._do(services.bounce, self.handler, reason="移交的材料与清单对不上。"):
            yield self.in_time(0, 2)
            self._do(services.hand_on, self.counter, note="已核对，补齐移交。")

    def _fees(self) -> Iterator[datetime]:
        fees = catalogue.fees_of(self.edition)
        if not fees:
            return
        fee = self.rng.choice(fees)
        cents = fixed_cents(fee["standard"]) or 100 * self.rng.randint(20, 400)
        made = self._do(services.charge, WINDOW, fees=[(fee_name(fee), cents)])
        if made is None:
            return
        charge_id = int(made["charge_id"])
        yield self.in_time(0, 2)
        if self.rng.random() < WAIVED:
            about = {"charge_id": charge_id, "cents": cents, "reason": "低保家庭，依规定减免。"}
            self._do(services.ask_waiver, WINDOW, **about)
            yield self.in_time(0, 1)
            self._do(services.answer_waiver, self.approver, charge_id=charge_id, is_approved=True)
            return
        reference = f"P{self.plan.number:06}"
        paid = self._do(services.pay, WINDOW, charge_id=charge_id, reference=reference)
        if paid and self.rng.random() < REFUNDED:
            yield self.in_time(1, 2)
            about = {"charge_id": charge_id, "cents": cents, "reason": "重复缴费，退还。"}
            self._do(services.refund, self.approver, **about)

    def _slip(self) -> Iterator[datetime]:
        """Originals go to who examines, with a slip that is signed there."""
        kept = self._kept()
        if not kept:
            return
        receiver = regions.organisation_by_code(self.plan.place.unit).id
        due = self.office.calendar.add(legal_date(self.at), 3)
        about = {"original_ids": kept, "receiver_id": receiver, "due_date": due}
        sent = self._do(services.send_originals, self.counter, **about)
        yield self.in_time(0, 1)
        if sent:
            self._do(services.sign_slip, self.handler, slip_id=int(sent["slip_id"]))

    @property
    def _may_have_left_some(self) -> bool:
        return self.plan.channel != "online" or self.plan.fate is Fate.DEFERRED

    def _kept(self) -> list[int]:
        if not self._may_have_left_some:
            return []
        return [one.id for one in self.now().originals if one.returned_at is None]

    def _pause(self) -> Iterator[datetime]:
        for step in self._waiting(StepStatus.READY)[:1]:
            self._do(services.claim, self._handler_of(step), step_key=step.key)
        why, note = PauseReason(self.plan.place.pause), "依法需要，所需时间书面告知。"
        asked = self._do(services.ask_pause, self.handler, why=why, note=note, days=10)
        yield self.later(0, 1)
        if asked and self._do(services.pause, self.approver):
            yield self.later(5, 9)
            self._do(services.resume, self.handler, result="已经做完，可以继续审查。")

    def _extension(self) -> Iterator[datetime]:
        yield self.later(0, 2)
        note = "材料要向外地核实。"
        if self._do(services.ask_extension, self.handler, days=5, note=note):
            yield self.later(0, 1)
            if self.rng.random() < TURNED_DOWN:
                reason = "期限内可以办完，不延长。"
                about = {"kind": RequestKind.EXTENSION, "reason": reason}
                self._do(services.reject_request, self.approver, **about)
            else:
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
        steps = queries.steps_of_cases([self.case_id]).get(self.case_id, [])
        return [one for one in steps if one.status in statuses]

    def _handler_of(self, step: Any) -> str:
        unit = self.office.unit_of(step.organisation_id, legal_date(self.at))
        return f"{OFFICES[unit]}-cb"

    def _decide(self) -> dict[str, Any] | None:
        if self.plan.fate is Fate.REFUSED:
            said = {
                "reason": "现场核对，申请的场所不符合规定的条件。",
                "legal_basis": "《中华人民共和国行政许可法》第三十八条",
            }
            return self._do(services.decide, self.approver, verb=Verb.REFUSE, **said)
        who, reason = self.approver, "符合法定条件。"
        if self.plan.place.unit in LETTERS and self.rng.random() < LETTERED:
            who = f"{OFFICES[self.plan.place.unit]}-sd"
        return self._do(services.decide, who, verb=Verb.GRANT, reason=reason)

    # ── to the end ────────────────────────────────────────────────────────────────────────────

    def _to_delivery(self) -> Iterator[datetime]:
        yield self.later(0, 1)
        actor = self.office.actor(self.approver, self.at)
        for paper in documents_of(self.stream):
            if paper.needs_seal and paper.sealed_at is None:
                name = "行政审批专用章"
                self.by(seal_document, actor, document_id=paper.id, seal_name=name)
        way = self.rng.choices(list(HandOverWay), [6, 3, 1])[0]
        if self.rng.random() < CHOSEN:
            yield self.at_home(0, 1)
            self.by(services.choose_delivery, self._citizen(), case_id=self.case_id, way=way)
        if self._needs_licence():
            yield self.later(0, 1)
            self._do(services.issue, WINDOW, licence_number=f"江许{self.number[-12:]}")
        yield self.later(0, 4)
        self._return_originals()
        self._do(services.hand_over, WINDOW, way=way, note=self._handed_to(way))
        yield from self._end()
        if self.rng.random() < ARCHIVED:
            yield self.later(1, 15)
            self._do(services.archive, WINDOW)

    def _needs_licence(self) -> bool:
        return services.needs_licence(queries.filed_case(self.number))

    def _return_originals(self) -> None:
        """From where they are: the unit that signed for them, else the counter."""
        for one in self.now().originals if self._may_have_left_some else []:
            if one.returned_at is None:
                unit = self.office.unit_of(one.place_id, legal_date(self.at))
                who = self.handler if unit == self.plan.place.unit else self.counter
                self._do(services.return_originals, who, original_ids=[one.id])

    def _handed_to(self, way: HandOverWay) -> str:
        notes = {
            HandOverWay.WINDOW: "本人领取",
            HandOverWay.POST: f"EMS{self.plan.number:09}CN",
            HandOverWay.PROXY: person_name(self.rng),
        }
        return notes[way]

    def _end(self) -> Iterator[datetime]:
        """The applicant rates, or does not."""
        if not self.plan.level:
            return
        yield self.at_home(0, 5)
        channel = "account" if self._is_known else "code"
        said = {"number": self.number, "level": self.plan.level, "text": "", "channel": channel}
        rated = self.by(interaction.submit, self._citizen(), **said)
        if rated and Level(self.plan.level).is_bad:
            yield from care(self)

    def rate_again(self, level: str) -> None:
        """The applicant's word after the answer to a bad rating."""
        self.by(interaction.rerate, self._citizen(), subject=self.stream, level=level)
