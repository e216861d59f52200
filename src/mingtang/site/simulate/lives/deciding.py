"""A simulated case from acceptance to the decision."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from mingtang.base.clock import legal_date
from mingtang.cases import queries, services
from mingtang.cases.rules import (
    Finding,
    PauseReason,
    RequestKind,
    StepKind,
    StepStatus,
    TerminationReason,
    Verb,
)
from mingtang.cases.rules.fees import fee_name, fixed_cents
from mingtang.catalogue import queries as catalogue
from mingtang.regions import queries as regions
from mingtang.site.demo import LETTERS, OFFICES
from mingtang.site.simulate.lives.accepting import Accepting
from mingtang.site.simulate.offices import WINDOW
from mingtang.site.simulate.planning import Fate

WAIVED, REFUNDED = 0.2, 0.15  # of the fees; of what was paid
LETTERED = 0.3  # of the decisions, where somebody at the window has a letter of authority
BOUNCED = 0.04  # of the cases that come to a department: the hand-over was not whole
AGAINST = 0.1  # of the pre-examinations; they go up all the same
TURNED_DOWN = 0.2  # of the extensions that are asked for


class Deciding(Accepting):
    """Its steps, fees, originals, pauses and extensions."""

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
