"""Random lives of cases: a world, people, items of many kinds, commands legal and illegal."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.db import connection

from mingtang.accounts.rules import Role
from mingtang.base.clock import LEGAL_ZONE, legal_date
from mingtang.base.errors import DomainError
from mingtang.cases import services
from mingtang.cases.models import Original
from mingtang.cases.rules import (
    Deferred,
    HandOverWay,
    PauseReason,
    Proxy,
    Renewal,
    RequestKind,
    State,
    TerminationReason,
    Verb,
)
from mingtang.catalogue.models import Item
from mingtang.files.models import Document
from mingtang.ledger.followers import wanting
from mingtang.ledger.models import Delivery, Event, Untold
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import deliver_all
from mingtang.timing import queries as timing
from mingtang.timing.rules import DayOff
from mingtang.timing.services import load_calendar_year, seed_calendars
from tests.cases import shadow
from tests.cases.checks import Rows, check_case, picture
from tests.cases.shadow import No, Shadow, Spec, Who
from tests.cases.town import Town
from tests.world import KEEPERS, World, new_command_id, plain

TABLES = (
    *("cases_case", "cases_step", "cases_pause", "cases_request", "cases_correction"),
    *("cases_deferredmaterial", "cases_charge", "cases_original", "cases_handoverslip"),
    *("cases_submission", "files_document", "timing_clock", "ledger_command", "ledger_event"),
    *("ledger_delivery", "ledger_untold", "base_serial"),
)
MATERIALS = "申请表\n身份证明\n现场照片"
SERIAL_ROUTE = "初审|审查|初审|2个工作日\n复核|审查|复核|3个工作日\n审定|审查|审定"
PARALLEL_ROUTE = (
    "材料审查|审查|审查|2个工作日\n"
    "踏勘|现场踏勘|意见|2个工作日\n"
    "规划意见|联合审查|意见|3个工作日|||单位=江山市规划局\n"
    "汇总|审查|意见|1个工作日|||前置环节=踏勘、规划意见\n"
    "审定|审查|审定|1个工作日"
)
FEES = "工本费|10元/证|物价局文件\n检测费|按实际工作量计收|物价局文件"
ITEMS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("330881-one", {"statutory": 20, "promised": 5, "result_type": "证照"}),
    (
        "330881-serial",
        {
            "statutory": 20,
            "promised": 8,
            "route": SERIAL_ROUTE,
            "special": "专家评审|20个工作日\n听证|20日",
            "fees": FEES,
            "fee": "收费",
            "result_type": "证照",
        },
    ),
    (
        "330881-parallel",
        {"statutory": 45, "promised": 15, "route": PARALLEL_ROUTE, "special": "检测|10个工作日"},
    ),
    ("330881-spot", {"promised": 0, "on_the_spot": "是"}),
    ("330881-benefit", {"kind": "05", "promised": 10, "fees": FEES, "fee": "收费"}),
    ("330881-service", {"kind": "20", "promised": 3, "result_type": "证明"}),
    (
        "330881-below",
        {
            "statutory": 20,
            "promised": 8,
            "special": "听证|20日",
            "pre_examined_by": "乡镇（街道）",
            "pre_examination_days": "15",
        },
    ),
)
NAMES = tuple(
    name
    for name in (
        *("receive", "not_require", "decline", "correct_on_spot", "ask_correction", "supply"),
        *("still_missing", "send_back", "accept", "deem_accepted", "ask_more", "supply_deferred"),
        *("transfer", "claim", "examine", "take_back", "return_step", "transfer_step"),
        *("add_signer", "request_opinion", "ask_pause", "pause", "resume", "ask_extension"),
        *("extend", "reject_request", "decide", "deem_granted", "issue", "hand_over"),
        *("choose_delivery", "withdraw", "terminate", "reopen", "archive"),
        *("charge", "ask_waiver", "answer_waiver", "pay", "refund"),
        *("take_originals", "send_originals", "sign_slip", "return_originals", "recall_slip"),
        *("cancel_step", "confirm_mandate", "refer_up", "bounce", "hand_on"),
    )
)
BY_SYSTEM = frozenset({"deem_accepted", "deem_granted"})
BY_APPLICANT = frozenset({"supply", "supply_deferred", "withdraw", "choose_delivery"})
LIKELY: Mapping[State, tuple[str, ...]] = {  # what is tried mostly, so that lives get somewhere
    State.SUBMITTED: ("receive",),
    State.RECEIVED: (
        *("accept", "accept", "accept", "ask_correction", "still_missing", "correct_on_spot"),
        *("charge", "take_originals"),
    ),
    State.CORRECTING: ("supply", "supply", "supply", "send_back"),
    State.ACCEPTED: ("claim", "claim", "claim", "ask_extension", "extend", "charge"),
    State.REVIEWING: (
        *("claim", "claim", "claim", "claim", "examine", "examine", "examine", "examine"),
        *("examine", "examine", "examine", "ask_pause", "pause", "pause", "ask_extension"),
        *("extend", "extend", "reject_request", "return_step", "charge", "cancel_step", "supply"),
        "bounce",
    ),
    State.PAUSED: ("resume", "resume", "supply", "claim", "examine", "transfer_step", "take_back"),
    State.GRANTED: ("issue", "hand_over", "hand_over", "choose_delivery", "charge"),
    State.DEEMED_GRANTED: ("issue", "hand_over"),
    State.REFUSED: ("hand_over",),
    State.RETURNED: ("reopen",),
    State.WITHDRAWN: ("reopen",),
    State.TERMINATED: ("reopen",),
    State.DELIVERED: ("archive",),
    State.NOT_REQUIRED: ("archive",),
    State.DECLINED: ("archive",),
}
SELDOM = frozenset({"withdraw", "terminate", "not_require", "decline", "archive", "reopen"})
GOOD = ("符合条件，同意。", "情况属实", "请按规定办理")


class Lives:
    """One random history. The same seed tells the same story."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.seed, self.rng = world, seed, random.Random(seed)
        self.days = shadow.Days()
        month = self.rng.choice([(2013, 1, 21), (2013, 4, 22), (2013, 9, 2), (2013, 12, 16)])
        self.at = dt.datetime(*month, 9, 0, tzinfo=LEGAL_ZONE).astimezone(dt.UTC)
        seed_calendars(at=self.at)
        self.town = Town(world)
        self.specs = [self._publish(code, cells) for code, cells in ITEMS]
        self._people()
        self.shadows: list[Shadow] = []
        self.pictures: dict[int, Any] = {}
        self.counts = row_counts()
        self.tally: Counter[str] = Counter()
        self.went_through: Counter[str] = Counter()

    def _publish(self, code: str, cells: dict[str, Any]) -> Spec:
        self.world.item(code, materials=MATERIALS, **cells)
        edition = Item.objects.get(code=code).current_edition
        assert edition is not None
        steps = [
            (one["key"], one["kind"], stage, one["needs"], one.get("days"))
            for stage, part in enumerate(edition.route["stages"], 1)
            for one in part["steps"]
        ]
        declared = cells.get("special", "")
        return Spec(
            code=code,
            profile={"05": "benefit", "20": "public_service"}.get(cells.get("kind", ""), "permit"),
            promised=cells["promised"],
            statutory=cells.get("statutory", None if "kind" in cells else 20),
            steps=steps,
            materials=[line["id"] for line in edition.materials],
            fees=(("工本费", 1000), ("检测费", None)) if "fees" in cells else (),
            is_licence=cells.get("result_type") == "证照",
            on_the_spot="on_the_spot" in cells,
            special=[one.value for one in PauseReason if one.label in declared],
            below=int(cells.get("pre_examination_days", 0)) or None,
        )

    def _people(self) -> None:
        world, post = self.world, self.world.people.post
        lead = post("lead", Role.WINDOW_LEAD, world.water)
        second = post("second", Role.HANDLER, world.water)
        boss = post("boss", Role.APPROVER, world.water)
        planner = post("planner", Role.HANDLER, world.planning)
        chief = post("chief", Role.CHIEF_REPRESENTATIVE, world.water)
        deputy = post("deputy", Role.HANDLER, world.water)
        world.people.letter(chief, ["grant", "refuse"], ["*"], dt.date(2030, 1, 1))
        people = [world.clerk, lead, world.handler, second, planner, world.approver, boss, chief]
        people += [self.town.counter, self.town.handler, self.town.mayor]
        actors = [world.actor(person) for person in people]
        in_place = replace(world.actor(deputy), acting_for_id=str(world.handler.id))
        self.staff: list[tuple[Actor, Who]] = [
            (actor, _who(actor, {"grant", "refuse"} if actor.id == str(chief.id) else ()))
            for actor in [*actors, in_place]
        ]
        citizen = Actor(id=str(world.citizen.id), label="申请人")
        self.applicants = [(citizen, _who(citizen, ())), (Actor(None, "申请人"), Who(None))]
        self.towns = frozenset({self.town.hecun.id, self.town.sidu.id})
        self.units = [world.water.id, world.planning.id, world.centre.id, *sorted(self.towns)]

    # ── chance ────────────────────────────────────────────────────────────────────────────────

    @property
    def on(self) -> dt.date:
        return legal_date(self.at)

    def perhaps(self, chance: float) -> bool:
        return self.rng.random() < chance

    def text(self) -> str:
        return self.rng.choice(GOOD) if self.perhaps(0.93) else self.rng.choice(["", " ", "短"])

    def pick(self, choices: Any, otherwise: Any = None) -> Any:
        known = list(choices)
        return self.rng.choice(known) if known else otherwise

    def unit(self) -> int:
        return int(self.rng.choice(self.units))

    def by(self, name: str, case: Shadow, args: Mapping[str, Any]) -> tuple[Actor, Who]:
        """Who acts; for a step mostly whoever holds it."""
        if name in BY_SYSTEM:
            return SYSTEM, Who(None)
        if name in BY_APPLICANT and self.perhaps(0.5):
            return self.pick(self.applicants)
        piece = case.pieces.get(args.get("step_key", ""))
        holders = {piece.claimed, piece.assigned, *piece.done} if piece else set()
        wanted = [one for one in self.staff if one[1].persons & holders]
        if name == "sign_slip" and args["slip_id"] in case.slips:
            wanted = [
                one for one in self.staff if one[1].org == case.slips[args["slip_id"]]["receiver"]
            ]
        if name in {"send_originals", "return_originals"}:
            places = {
                case.originals[one]["place"]
                for one in args["original_ids"]
                if one in case.originals
            }
            wanted = [one for one in self.staff if one[1].org in places]
        return self.pick(wanted if wanted and self.perhaps(0.8) else self.staff)

    def name_for(self, case: Shadow) -> str:
        if self.perhaps(0.3):
            name = self.pick(NAMES)
            return self.pick(NAMES) if name in SELDOM else name  # twice in a row: once in a while
        names = list(LIKELY.get(case.state, NAMES))
        if case.state is State.REVIEWING and all(one.status == "done" for one in case.in_force):
            names = ["decide"] * 6 + ["pause", "extend", "reject_request", "return_step"]
        if any(one["state"] in {"due", "waiver_asked"} for one in case.charges.values()):
            names += ["pay", "ask_waiver", "ask_waiver", "answer_waiver", "answer_waiver"]
        elif case.charges:
            names += ["refund"]
        if any(not one["returned"] for one in case.originals.values()):
            names += ["send_originals", "sign_slip", "return_originals"]
        if any(one.kind == "pre_examination" and one.claimed for one in case.in_force):
            names += ["refer_up"] * 5
        if case.bounced:
            names += ["hand_on"] * 4
        if not all(case.deferred.values()):
            names += ["supply_deferred"] * 3
        return self.pick(names)

    # ── the story ─────────────────────────────────────────────────────────────────────────────

    def tell(self, commands: int) -> None:
        while sum(self.tally.values()) < commands:
            self._pass_time()
            open_cases = [one for one in self.shadows if one.state is not State.ARCHIVED]
            if len(open_cases) < 7 or self.perhaps(0.01):
                self._file()
            case = self.pick(open_cases if open_cases and self.perhaps(0.95) else self.shadows)
            if case:
                self._try(case, self.name_for(case))

    def _pass_time(self) -> None:
        self.at += dt.timedelta(minutes=self.rng.randint(1, 15))
        if self.perhaps(0.09):
            self.at += dt.timedelta(days=self.rng.randint(1, 4))
        if self.perhaps(0.012):
            self.at += dt.timedelta(days=self.rng.randint(7, 40))
        if self.perhaps(0.03):
            self._sweep()
        if self.perhaps(0.006):
            self._revise()

    def _file(self) -> None:
        spec, rng = self.pick(self.specs), self.rng
        proxy = Proxy("周小兰", "330881190001010023") if self.perhaps(0.15) else None
        until = self.on + dt.timedelta(days=rng.randint(20, 60)) if self.perhaps(0.2) else None
        fields: dict[str, Any] = {
            "item_code": spec.code,
            "applicant": replace(self.world.applicant(self.world.citizen), proxy=proxy),
            "answers": plain("在峡口镇取水灌溉。"),
            "files": [],
            "renewal": Renewal("取水证001", until) if until else None,
            "township_id": self.town.hecun.id if spec.below else None,
            "at": self.at,
            "command_id": new_command_id(),
        }
        at_counter = self.perhaps(0.4)
        kept = [("营业执照", 1)] if self.perhaps(0.5) else []
        if at_counter:
            actor, who = self.pick(self.staff)
            made = services.take_in(**fields, actor=actor, originals=kept)
        else:
            made = services.submit(**fields, actor=self.applicants[0][0])
        found = Shadow(
            spec=spec,
            days=self.days,
            org=self.town.hecun.id if spec.below else self.world.water.id,
            home=self.world.water.id,
            towns=self.towns,
            state=State.RECEIVED if at_counter else State.SUBMITTED,
            filed=self.on,
            id=int(made["case_id"]),
            renews_until=until,
            mandate=False if proxy else None,
            renewal=False if until else None,
            papers=["receipt"] if at_counter else [],
            events=["case.taken_in" if at_counter else "case.submitted"],
        )
        found.begin()
        self.shadows.append(found)
        if at_counter and kept:
            self._note_originals(found, who)
        self.tally["done"] += 1
        self._settled(found)

    def _try(self, case: Shadow, name: str) -> None:
        """One command: the oracle says what must come of it, then it is sent."""
        args = ARGS[name](self, case)
        actor, who = self.by(name, case, args)
        place = f"seed {self.seed}, command {sum(self.tally.values())}"
        where = f"{place}: {name} {args} by {who} on {self.on} in {case.state}"
        before = case.state
        try:
            _foretell(self, case, name, args, who)
        except No as no:
            self._must_be_refused(case, name, args, actor, f"{where}: {no}")
            assert case.state is before
            self.tally["refused"] += 1
            return
        try:
            answer = self._send(case, name, args, actor)
        except DomainError as error:
            raise AssertionError(f"{where}: refused though legal: {error}") from error
        _AFTER.get(name, _nothing)(self, case, args, who, answer)
        self.tally["done"] += 1
        self.went_through[name] += 1
        self._settled(case, where)

    def _send(self, case: Shadow, name: str, args: dict[str, Any], actor: Actor) -> Any:
        kwargs = _SENT.get(name, dict)(args)
        return getattr(services, name)(
            case_id=case.id, **kwargs, actor=actor, at=self.at, command_id=new_command_id()
        )

    def _must_be_refused(
        self, case: Shadow, name: str, args: dict[str, Any], actor: Actor, where: str
    ) -> None:
        try:
            self._send(case, name, args, actor)
        except DomainError as error:
            said = str(error)
        else:
            raise AssertionError(f"{where}: went through")
        assert any("\u4e00" <= char <= "\u9fff" for char in said), f"{where}: {said!r}"
        assert row_counts() == self.counts, f"{where}: left rows behind"
        assert picture(case.id) == self.pictures[case.id], f"{where}: changed the case"

    def _settled(self, case: Shadow, where: str = "") -> None:
        check_case(Rows(case.id), case, where or f"seed {self.seed}")
        self.pictures[case.id] = picture(case.id)
        self.counts = row_counts()

    def _sweep(self) -> None:
        """What the law does by itself; the oracle does it case by case."""
        on, moved = self.on, []
        for name in ("deem_accepted", "deem_granted"):
            for case in self.shadows:
                try:
                    getattr(case, name)(Who(None), on)
                    moved.append(case)
                except No:
                    continue
        done = services.sweep_deemed(self.at)
        where = f"seed {self.seed}: a sweep on {on}"
        wrong = [one.id for one in self.shadows if Rows(one.id).case.state != one.state]
        assert done == len(moved), f"{where} moved {done}, not {len(moved)}: {wrong}"
        assert services.sweep_deemed(self.at) == 0, f"{where} moved something twice"
        self._all_settled([*moved, *self._some()])

    def _some(self) -> list[Shadow]:
        """A few cases that nothing should have happened to."""
        return self.rng.sample(self.shadows, min(3, len(self.shadows)))

    def _revise(self) -> None:
        """A notice makes a rest day of a working day, or the other way round."""
        day = self.on + dt.timedelta(days=self.rng.randint(-5, 30))
        edition = timing.edition_in_force(day.year)
        assert edition is not None
        known = timing.days_off_of(edition)
        if any(one.date == day for one in known):
            return
        works = not self.days.works(day)
        load_calendar_year(
            year=day.year,
            days_off=[*known, DayOff(day, works, "临时安排")],
            source="测试",
            published_on=None,
            **KEEPERS,
            at=self.at,
            command_id=new_command_id(),
        )
        self.days.changed[day] = works
        self.deliver()
        self._all_settled([one for one in self.shadows if one.state.is_open])

    def _all_settled(self, cases: list[Shadow]) -> None:
        for case in cases:
            self._settled(case, f"seed {self.seed} on {self.on}")

    def deliver(self) -> None:
        """To everybody, in an order that nobody planned."""
        debts = [
            Delivery(event=event, follower=name)
            for event in Event.objects.exclude(untold=None).order_by("id")
            for name in wanting(event.kind, event.stream)
        ]
        for place, debt in enumerate(self.rng.sample(debts, len(debts))):
            debt.due_at = self.at - dt.timedelta(seconds=place)
        Delivery.objects.bulk_create(debts, batch_size=200)
        Untold.objects.all().delete()
        deliver_all(self.at)
        assert not Delivery.objects.exists()
        self.counts = row_counts()

    def _note_originals(self, case: Shadow, who: Who) -> None:
        for one in Original.objects.filter(case=case.id).exclude(id__in=case.originals):
            case.originals[one.id] = {"place": who.org, "returned": False}


def _who(actor: Actor, letter: Any) -> Who:
    return Who(
        int(actor.id) if actor.id else None,
        int(actor.organisation_id) if actor.organisation_id else None,
        int(actor.acting_for_id) if actor.acting_for_id else None,
        frozenset(letter),
    )


def row_counts() -> tuple[int, ...]:
    """How many rows each table has, in one statement."""
    counted = ", ".join(f"(SELECT count(*) FROM {table})" for table in TABLES)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counted}")
        return tuple(cursor.fetchone())


def _foretell(lives: Lives, case: Shadow, name: str, args: dict[str, Any], who: Who) -> None:
    said = {key: value for key, value in args.items() if not key.startswith("_")}
    getattr(case, name)(who, lives.on, **said)


def _nothing(lives: Lives, case: Shadow, args: Any, who: Who, answer: Any) -> None:
    return None


def _note_charge(lives: Lives, case: Shadow, args: Any, who: Who, answer: Any) -> None:
    case.charges[int(answer["charge_id"])] = {
        "cents": sum(cents for _name, cents in args["fees"]),
        "state": "due",
        "blocks": args["blocks_issue"],
        "waiver": 0,
        "answered": False,
        "paid": 0,
        "refunded": 0,
    }


def _note_slip(lives: Lives, case: Shadow, args: Any, who: Who, answer: Any) -> None:
    case.slips[int(answer["slip_id"])] = {
        "originals": list(args["original_ids"]),
        "receiver": args["receiver_id"],
        "sender": who.id,
        "from": who.org,
        "signed": False,
    }


_AFTER: Mapping[str, Callable[..., None]] = {
    "charge": _note_charge,
    "send_originals": _note_slip,
    "take_originals": lambda lives, case, args, who, answer: lives._note_originals(case, who),
    "supply": lambda lives, case, args, who, answer: lives._note_originals(case, who),
}
_SENT: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "supply": lambda args: {**args, "files": []},
    "supply_deferred": lambda args: {**args, "files": []},
    "accept": lambda args: {**args, "deferred": [Deferred(*one) for one in args["deferred"]]},
    "archive": lambda args: {},
    "hand_over": lambda args: {name: args[name] for name in ("way", "note")},
}


# ── what a command is sent with ───────────────────────────────────────────────────────────────


def _missing(lives: Lives, case: Shadow) -> list[dict[str, str]]:
    ids = lives.rng.sample(case.spec.materials, lives.rng.randint(0, 2))
    ids += ["0123456789ab"] if lives.perhaps(0.04) else []
    return [{"id": one, "name": f"材料{one}", "text": ""} for one in ids]


def _originals(lives: Lives) -> list[tuple[str, int]]:
    return [("身份证", 0 if lives.perhaps(0.1) else 2)] if lives.perhaps(0.3) else []


def _correction(lives: Lives, case: Shadow) -> dict[str, Any]:
    override = lives.text() if lives.perhaps(0.6 if case.rounds else 0.1) else ""
    return {"missing": _missing(lives, case), "note": lives.text(), "override_reason": override}


def _accept(lives: Lives, case: Shadow) -> dict[str, Any]:
    deferred = []
    if lives.perhaps(0.3):
        ids = lives.rng.choices([*case.spec.materials, "0123456789ab"], [9, 9, 9, 1], k=2)
        ahead = lives.on + dt.timedelta(days=lives.rng.randint(-1, 6))
        deferred = [(one, lives.text(), ahead) for one in ids[: lives.rng.randint(1, 2)]]
    return {
        "deferred": deferred,
        "is_mandate_seen": lives.perhaps(0.7),
        "is_renewal_seen": lives.rng.choice([True, True, False, None]),
    }


def _key(*statuses: str) -> Callable[[Lives, Shadow], dict[str, Any]]:
    def chosen(lives: Lives, case: Shadow) -> dict[str, Any]:
        fitting = [one.key for one in case.pieces.values() if one.status in statuses]
        known = [*case.pieces, "nothing"]
        return {"step_key": lives.pick(fitting if fitting and lives.perhaps(0.85) else known)}

    return chosen


def _examine(lives: Lives, case: Shadow) -> dict[str, Any]:
    companion = "周大成" if lives.perhaps(0.7) else ""
    return {**_key("claimed")(lives, case), "opinion": lives.text(), "companion": companion}


def _transfer_step(lives: Lives, case: Shadow) -> dict[str, Any]:
    people = [None, None, *(who.id for _actor, who in lives.staff)]
    return {**_key("ready", "claimed")(lives, case), "to_person_id": lives.pick(people)}


def _ask_pause(lives: Lives, case: Shadow) -> dict[str, Any]:
    declared = [PauseReason(one) for one in case.spec.special]
    why = lives.pick(declared if declared and lives.perhaps(0.8) else list(PauseReason))
    days = lives.rng.choice([0, 1, 10, 20, 366]) if lives.perhaps(0.3) else 10
    return {"why": why, "note": lives.text(), "days": days}


def _decide(lives: Lives, case: Shadow) -> dict[str, Any]:
    verb = lives.pick([Verb.GRANT, Verb.GRANT, Verb.GRANT_PARTLY, Verb.REFUSE])
    basis = "《水法》第四十八条" if lives.perhaps(0.85) else " "
    return {"verb": verb, "reason": lives.text(), "legal_basis": basis}


def _issue(lives: Lives, case: Shadow) -> dict[str, Any]:
    number = "取水（江）字001号" if lives.perhaps(0.9) else " "
    ahead = lives.on + dt.timedelta(days=lives.rng.choice([-1, 0, 1, 365]))
    return {"licence_number": number, "expires_on": ahead if lives.perhaps(0.5) else None}


def _hand_over(lives: Lives, case: Shadow) -> dict[str, Any]:
    """Mostly the decision was sealed before."""
    decision = _unsealed(case).filter(kind=case.outcome or "")
    if lives.perhaps(0.8):
        decision.update(**_seal(lives))
    return {
        "way": lives.pick(HandOverWay),
        "note": lives.rng.choice(["", "EMS123", "周小兰"]),
        "is_sealed": not decision.exists(),
    }


def _unsealed(case: Shadow) -> Any:
    return Document.objects.filter(subject=f"case:{case.id}", needs_seal=True, sealed_at=None)


def _seal(lives: Lives) -> dict[str, Any]:
    entry = {"sealed_by": lives.world.clerk, "seal_name": "章", "seal_method": "physical"}
    return {"sealed_at": lives.at, **entry}


def _fees(lives: Lives, case: Shadow) -> dict[str, Any]:
    fees = [("工本费", 1000)] if lives.perhaps(0.7) else []
    fees += [("检测费", lives.rng.choice([0, 5000, 12345]))] if lives.perhaps(0.4) else []
    if lives.perhaps(0.1):
        fees.append(lives.rng.choice([("工本费", 900), ("押金", 100)]))
    return {"fees": fees, "blocks_issue": lives.perhaps(0.8)}


def _charge(lives: Lives, case: Shadow) -> int:
    return lives.pick(case.charges, 5) if lives.perhaps(0.95) else 5


def _sum(lives: Lives, case: Shadow) -> dict[str, Any]:
    one = _charge(lives, case)
    most = case.charges.get(one, {"cents": 1000})["cents"]
    cents = lives.rng.choice([0, 1, most // 2, most, most, most + 1])
    return {"charge_id": one, "cents": cents, "reason": lives.text()}


def _chosen(lives: Lives, case: Shadow) -> list[int]:
    here = [one for one, found in case.originals.items() if not found["returned"]]
    some = lives.rng.sample(here, lives.rng.randint(0, len(here)))
    return some + ([7] if lives.perhaps(0.05) else [])


def _reason(lives: Lives, case: Shadow) -> dict[str, Any]:
    return {"reason": lives.text()}


def _none(lives: Lives, case: Shadow) -> dict[str, Any]:
    return {}


def _archive(lives: Lives, case: Shadow) -> dict[str, Any]:
    """Mostly the papers were sealed before."""
    papers = _unsealed(case)
    if lives.perhaps(0.8):
        papers.update(**_seal(lives))
    return {"is_sealed": not papers.exists()}


ARGS: Mapping[str, Callable[[Lives, Shadow], dict[str, Any]]] = {
    "receive": lambda lives, case: {
        "is_mandate_seen": lives.perhaps(0.3),
        "is_renewal_seen": lives.perhaps(0.5),
    },
    "not_require": _reason,
    "decline": lambda lives, case: {"reason": lives.text(), "competent": lives.text()},
    "correct_on_spot": lambda lives, case: {"note": lives.text()},
    "ask_correction": _correction,
    "supply": lambda lives, case: {"note": lives.text(), "originals": _originals(lives)},
    "still_missing": lambda lives, case: {"note": lives.text()},
    "send_back": lambda lives, case: {
        **_reason(lives, case),
        "asked_by_applicant": lives.perhaps(0.3),
    },
    "accept": _accept,
    "deem_accepted": _none,
    "ask_more": _correction,
    "supply_deferred": lambda lives, case: {
        "material_ids": lives.rng.sample(case.spec.materials, lives.rng.randint(1, 3))
    },
    "transfer": lambda lives, case: {"organisation_id": lives.unit(), **_reason(lives, case)},
    "claim": _key("ready"),
    "examine": _examine,
    "refer_up": lambda lives, case: {**_key("claimed")(lives, case), "opinion": lives.text()},
    "bounce": _reason,
    "hand_on": lambda lives, case: {"note": lives.text()},
    "take_back": _key("done"),
    "return_step": lambda lives, case: {**_key("done")(lives, case), **_reason(lives, case)},
    "transfer_step": _transfer_step,
    "add_signer": lambda lives, case: {
        "person_id": lives.pick(lives.staff)[1].id,
        "organisation_id": case.org,
        **_reason(lives, case),
    },
    "request_opinion": lambda lives, case: {
        "organisation_id": lives.unit(),
        "question": lives.text(),
        "days": lives.rng.choice([0, 3, 5, 90, 91]),
    },
    "ask_pause": _ask_pause,
    "pause": _none,
    "resume": lambda lives, case: {"result": lives.text()},
    "ask_extension": lambda lives, case: {
        "days": lives.rng.choice([0, 5, 10, 10, 11]),
        "note": lives.text(),
    },
    "extend": _none,
    "reject_request": lambda lives, case: {"kind": lives.pick(RequestKind), **_reason(lives, case)},
    "decide": _decide,
    "deem_granted": _none,
    "issue": _issue,
    "hand_over": _hand_over,
    "choose_delivery": lambda lives, case: {
        "way": lives.pick(HandOverWay),
        "address": lives.rng.choice(["", "江滨路1号"]),
    },
    "withdraw": _reason,
    "terminate": lambda lives, case: {"why": lives.pick(TerminationReason), **_reason(lives, case)},
    "reopen": _reason,
    "archive": _archive,
    "charge": _fees,
    "ask_waiver": _sum,
    "answer_waiver": lambda lives, case: {
        "charge_id": _charge(lives, case),
        "is_approved": lives.perhaps(0.6),
    },
    "pay": lambda lives, case: {"charge_id": _charge(lives, case), "reference": ""},
    "refund": _sum,
    "take_originals": lambda lives, case: {"originals": _originals(lives)},
    "send_originals": lambda lives, case: {
        "original_ids": _chosen(lives, case),
        "receiver_id": lives.unit(),
        "due_date": lives.on + dt.timedelta(days=lives.rng.randint(-1, 5)),
    },
    "sign_slip": lambda lives, case: {"slip_id": lives.pick(case.slips, 5)},
    "recall_slip": lambda lives, case: {"slip_id": lives.pick(case.slips, 5)},
    "cancel_step": lambda lives, case: {
        **_key("ready", "claimed")(lives, case),
        **_reason(lives, case),
    },
    "confirm_mandate": _none,
    "return_originals": lambda lives, case: {"original_ids": _chosen(lives, case)},
}
