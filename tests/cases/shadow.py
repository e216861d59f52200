"""An oracle of the life of a case: the guards once more in plain code, on plain values.

It shares the table of moves and the names of states with the rules, nothing else: days are walked
one by one, steps are looked at one by one. Each act raises `No` or changes the shadow.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mingtang.cases.rules import MOVE_OF, State, Verb
from tests.timing import oracle

ONE_DAY = dt.timedelta(days=1)
EXTENSION_DAYS = {"permit": 10}
BEFORE = {State.SUBMITTED, State.RECEIVED, State.CORRECTING}
GONE = {"cancelled", "dropped"}  # by the end of the case, or because nobody needs it
HANDLED = {State.ACCEPTED, State.REVIEWING, State.PAUSED}
DECIDED = {State.GRANTED, State.REFUSED, State.DEEMED_GRANTED}
CHARGED_IN = HANDLED | {State.RECEIVED, State.GRANTED}
LEADS = {
    State.SUBMITTED: ["completeness"],
    State.RECEIVED: ["completeness"],
    State.CORRECTING: ["correction"],
    State.ACCEPTED: ["pre_examination", "promised", "statutory"],
    State.REVIEWING: ["pre_examination", "promised", "statutory"],
    State.PAUSED: ["pause"],
    State.GRANTED: ["delivery"],
    State.DEEMED_GRANTED: ["delivery"],
}


class No(Exception):
    """The act is refused."""


def need(truth: object, why: str) -> None:
    if not truth:
        raise No(why)


@dataclass
class Days:
    """The calendar, day by day, with what a revision changed."""

    changed: dict[dt.date, bool] = field(default_factory=dict)

    def works(self, day: dt.date) -> bool:
        return self.changed.get(day, oracle.works(day))


@dataclass
class Watch:
    """One limit."""

    start: dt.date
    amount: int
    unit: str = "working_day"
    pauses: list[tuple[dt.date, dt.date]] = field(default_factory=list)
    paused: dt.date | None = None
    stopped: dt.date | None = None
    fixed: dt.date | None = None  # when it stopped, it was due on this day

    @property
    def is_open(self) -> bool:
        return self.stopped is None

    def due(self, days: Days) -> dt.date:
        if self.fixed:
            return self.fixed
        counts = days.works if self.unit == "working_day" else lambda _day: True
        return oracle.walk(self.start, self.amount, self.pauses, counts)

    def stop(self, on: dt.date, days: Days) -> None:
        self.fixed = self.due(days)
        if self.paused:
            self.pauses, self.paused = [*self.pauses, (self.paused, on)], None
        self.stopped = on

    def go_on(self, on: dt.date) -> "Watch":
        assert self.stopped
        between = (self.stopped, max(on, self.stopped))
        return Watch(self.start, self.amount, self.unit, [*self.pauses, between])


@dataclass
class Piece:
    """A step: the instance that counts."""

    key: str
    kind: str
    stage: int
    needs: Sequence[str] = ()
    limit: int | None = None
    status: str = "not_ready"
    assigned: int | None = None
    claimed: int | None = None
    done: set[int] = field(default_factory=set)

    @property
    def is_running(self) -> bool:
        return self.status in {"ready", "claimed"}


@dataclass(frozen=True)
class Who:
    """Who acts, for whom, where."""

    id: int | None
    org: int | None = None
    acting_for: int | None = None
    letter: frozenset[str] = frozenset()  # decisions that a letter of authority allows

    @property
    def persons(self) -> set[int]:
        return {one for one in (self.id, self.acting_for) if one}


@dataclass(frozen=True)
class Spec:
    """An item as it was published."""

    code: str
    profile: str
    promised: int
    statutory: int | None
    steps: Sequence[tuple[str, str, int, Sequence[str], int | None]]  # key kind stage needs days
    materials: Sequence[str] = ()  # ids
    fees: Sequence[tuple[str, int | None]] = ()
    is_licence: bool = False
    on_the_spot: bool = False
    special: Sequence[str] = ()
    below: int | None = None  # days in which a township examines first


def says(text: str) -> bool:
    return len(text.strip()) >= 2


@dataclass
class Shadow:
    """A case."""

    spec: Spec
    days: Days
    org: int
    state: State
    filed: dt.date
    id: int = 0
    home: int = 0  # the item's own department
    towns: frozenset[int] = frozenset()
    referred: bool = False
    bounced: bool = False
    bounces: int = 0
    renews_until: dt.date | None = None
    mandate: bool | None = None
    renewal: bool | None = None  # the old licence was compared; None: no renewal
    address: str = ""
    watches: dict[str, Watch] = field(default_factory=dict)
    pieces: dict[str, Piece] = field(default_factory=dict)
    instances: Counter[str] = field(default_factory=Counter)
    examined: set[int] = field(default_factory=set)
    requests: dict[str, dict[str, Any]] = field(default_factory=dict)
    deferred: dict[str, bool] = field(default_factory=dict)  # id → supplied
    rounds: int = 0
    complete: dt.date | None = None
    is_more_awaited: bool = False  # of what was asked for after acceptance
    extended: bool = False
    outcome: str | None = None
    issued: bool = False
    ended_from: State | None = None
    charges: dict[int, dict[str, Any]] = field(default_factory=dict)
    originals: dict[int, dict[str, Any]] = field(default_factory=dict)
    slips: dict[int, dict[str, Any]] = field(default_factory=dict)
    papers: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    # ── filing ────────────────────────────────────────────────────────────────────────────────

    def begin(self) -> None:
        self._start("completeness", self.filed, 5)
        until = self.renews_until
        if until and self.spec.profile == "permit" and (until - self.filed).days >= 30:
            self._until("renewal", self.filed, until)

    def _start(self, kind: str, on: dt.date, amount: int, unit: str = "working_day") -> None:
        self.watches[kind] = Watch(on, amount, unit)

    def _until(self, kind: str, on: dt.date, until: dt.date) -> None:
        self._start(kind, on, (until - on).days, "calendar_day")

    def _stop(self, kind: str, on: dt.date) -> None:
        self.watches[kind].stop(on, self.days)

    def _stop_all(self, on: dt.date) -> None:
        for watch in self.watches.values():
            if watch.is_open:
                watch.stop(on, self.days)

    def is_running(self, kind: str) -> bool:
        return kind in self.watches and self.watches[kind].is_open

    def due(self, kind: str) -> dt.date:
        return self.watches[kind].due(self.days)

    @property
    def leading_due(self) -> dt.date | None:
        kinds = LEADS.get(self.state, [])
        if self.extended and "statutory" in kinds:
            kinds = ["statutory"]
        return next((self.due(kind) for kind in kinds if self.is_running(kind)), None)

    def _may(self, verb: Verb) -> None:
        need(self.state in MOVE_OF[verb].sources, f"{verb} from {self.state}")

    def _move(self, verb: Verb) -> None:
        move = MOVE_OF[verb]
        if move.target is not None and self.state not in move.stays_in:
            self.state = move.target

    def _told(self, event: str, paper: str = "") -> None:
        self.events.append(f"case.{event}")
        if paper:
            self.papers.append(paper)

    # ── until acceptance ──────────────────────────────────────────────────────────────────────

    def receive(
        self, who: Who, on: dt.date, *, is_mandate_seen: bool, is_renewal_seen: bool | None
    ) -> None:
        self._may(Verb.RECEIVE)
        self._see(is_mandate_seen)
        if self.renewal is not None and is_renewal_seen:
            self.renewal = True
        self._move(Verb.RECEIVE)
        self._told("received")

    def _see(self, is_seen: bool) -> None:
        if self.mandate is not None and is_seen:
            self.mandate = True

    def not_require(self, who: Who, on: dt.date, *, reason: str) -> None:
        self._may(Verb.NOT_REQUIRE)
        self._check_in_time(on)
        need(says(reason), "no reason")
        self._end(Verb.NOT_REQUIRE, on)
        self._told("not_required", "not_required")

    def decline(self, who: Who, on: dt.date, *, reason: str, competent: str) -> None:
        self._may(Verb.DECLINE)
        self._check_in_time(on)
        need(says(reason) and says(competent), "no reason or organ")
        self._end(Verb.DECLINE, on)
        self._told("declined", "declined")

    def correct_on_spot(self, who: Who, on: dt.date, *, note: str) -> None:
        self._may(Verb.CORRECT_ON_SPOT)
        need(says(note), "no note")
        self._told("corrected_on_spot")

    def _is_silent(self, on: dt.date) -> bool:
        """Five days are over and nobody told the applicant anything: it counts as accepted."""
        is_deemed = self.spec.profile == "permit" and not self.rounds
        return is_deemed and on > self.due("completeness")

    def _check_in_time(self, on: dt.date) -> None:
        need(not self._is_silent(on), "counts as accepted")

    def _check_missing(self, missing: Sequence[dict[str, str]], note: str) -> None:
        need(all(one["id"] in self.spec.materials for one in missing), "unknown material")
        need(missing or says(note), "nothing said to be missing")

    def ask_correction(
        self,
        who: Who,
        on: dt.date,
        *,
        missing: Sequence[dict[str, str]],
        note: str,
        override_reason: str,
    ) -> None:
        self._may(Verb.ASK_CORRECTION)
        need(not self.rounds or override_reason.strip(), "second round")
        self._check_in_time(on)
        self._check_missing(missing, note)
        self._stop("completeness", on)
        self._start("correction", on, 30, "calendar_day")
        self.rounds, self.complete = self.rounds + 1, None
        self._move(Verb.ASK_CORRECTION)
        self._told("correction_asked", "correction")

    def supply(
        self, who: Who, on: dt.date, *, note: str, originals: Sequence[tuple[str, int]]
    ) -> None:
        self._may(Verb.SUPPLY)
        need(note.strip() or originals, "nothing supplied")
        self._check_kept(who, originals)
        if self.state in HANDLED:
            need(self.is_more_awaited, "nothing is awaited")
        else:
            self._stop("correction", on)
            self._start("completeness", on, 0)
            self.complete = on
        self.is_more_awaited = False
        self._move(Verb.SUPPLY)
        self._told("supplied", "correction_receipt")

    def still_missing(self, who: Who, on: dt.date, *, note: str) -> None:
        self._may(Verb.STILL_MISSING)
        need(self.complete, "nothing was supplied")
        need(says(note), "no note")
        self._stop("completeness", on)
        self.watches["correction"] = self.watches["correction"].go_on(on)
        self.complete = None
        self._move(Verb.STILL_MISSING)
        self._told("found_incomplete")

    def send_back(self, who: Who, on: dt.date, *, reason: str, asked_by_applicant: bool) -> None:
        self._may(Verb.SEND_BACK)
        need(says(reason), "no reason")
        need(asked_by_applicant or on > self.due("correction"), "time is not over")
        self._end(Verb.SEND_BACK, on)
        self._told("returned", "returned")

    def accept(
        self,
        who: Who,
        on: dt.date,
        *,
        deferred: Sequence[tuple[str, str, dt.date]],
        is_mandate_seen: bool,
        is_renewal_seen: bool | None,
    ) -> None:
        self._may(Verb.ACCEPT)
        need(self.mandate is not False or is_mandate_seen, "mandate not seen")
        need(self.renewal is not False or is_renewal_seen is not None, "licence not compared")
        since = self.complete or (self.filed if self._is_silent(on) else on)
        last = Watch(since, self.spec.below or self.spec.promised).due(self.days)
        ids = [one for one, _promise, _due in deferred]
        need(len(set(ids)) == len(ids), "deferred twice")
        for one, promise, due in deferred:
            need(one in self.spec.materials, "unknown material")
            need(says(promise) and on <= due <= last, "promise or day of a deferred material")
        self._see(is_mandate_seen)
        self._compare(is_renewal_seen, on)
        self._accepted(Verb.ACCEPT, since, on)
        self.deferred = dict.fromkeys(ids, False)
        if ids:
            self._until("deferred", on, max(due for _one, _promise, due in deferred))
        self._told("accepted", "accepted")

    def _compare(self, is_seen: bool | None, on: dt.date) -> None:
        if self.renewal is not False:
            return
        self.renewal = is_seen or None
        if not is_seen:
            self.renews_until = None
            if self.is_running("renewal"):
                self._stop("renewal", on)

    def confirm_mandate(self, who: Who, on: dt.date) -> None:
        need(self.mandate is False, "no mandate to see")
        self.mandate = True
        self._told("mandate_seen")

    def deem_accepted(self, who: Who, on: dt.date) -> None:
        self._may(Verb.DEEM_ACCEPTED)
        need(self._is_silent(on), "no deemed acceptance, or five days are not over")
        self._accepted(Verb.DEEM_ACCEPTED, self.complete or self.filed, on)
        self._told("deemed_accepted", "deemed_accepted")

    def _accepted(self, verb: Verb, since: dt.date, on: dt.date) -> None:
        self._stop("completeness", on)
        if self.spec.below:
            self._start("pre_examination", since, self.spec.below)
            self.pieces["pre_examination"] = Piece("pre_examination", "pre_examination", 0)
            self.instances["pre_examination"] += 1
        else:
            self._limits(since)
        self._move(verb)
        for key, kind, stage, needs, days in self.spec.steps:
            self.pieces[key] = Piece(key, kind, stage, needs, days or None)
            self.instances[kind] += 1
        self._advance(on)

    def _limits(self, since: dt.date) -> None:
        self._start("promised", since, self.spec.promised)
        if self.spec.statutory is not None:
            self._start("statutory", since, self.spec.statutory)

    def ask_more(
        self,
        who: Who,
        on: dt.date,
        *,
        missing: Sequence[dict[str, str]],
        note: str,
        override_reason: str,
    ) -> None:
        self._may(Verb.ASK_MORE)
        need(says(override_reason), "not approved")
        self._check_missing(missing, note)
        self.rounds += 1
        self.is_more_awaited = True
        self._told("correction_asked", "correction")

    def supply_deferred(self, who: Who, on: dt.date, *, material_ids: Sequence[str]) -> None:
        self._may(Verb.SUPPLY_DEFERRED)
        brought = [one for one, is_in in self.deferred.items() if not is_in and one in material_ids]
        need(brought, "nothing of it is awaited")
        self.deferred |= dict.fromkeys(brought, True)
        if all(self.deferred.values()):
            self._stop("deferred", on)
        self._told("deferred_supplied")

    def transfer(self, who: Who, on: dt.date, *, organisation_id: int, reason: str) -> None:
        self._may(Verb.TRANSFER)
        need(says(reason) and organisation_id != self.org, "reason or unit")
        need(not self.spec.below or organisation_id in self.towns, "no township")
        self.org = organisation_id
        self._told("transferred", "transfer")

    # ── steps ─────────────────────────────────────────────────────────────────────────────────

    @property
    def in_force(self) -> list[Piece]:
        return [piece for piece in self.pieces.values() if piece.status not in GONE]

    def _piece(self, key: str) -> Piece:
        need(key in self.pieces and self.pieces[key].status not in GONE, "no such step")
        return self.pieces[key]

    def _is_before(self, first: Piece, then: Piece) -> bool:
        return first.stage < then.stage or first.key in then.needs

    def _after(self, piece: Piece) -> list[Piece]:
        found = [piece]
        for one in found:  # grows while it is read
            for then in self.in_force:
                if then is not piece and then not in found and self._is_before(one, then):
                    found.append(then)
        return found[1:]

    def _advance(self, on: dt.date) -> None:
        finished = {piece.key for piece in self.in_force if piece.status == "done"}
        fresh = [
            piece
            for piece in self.in_force
            if piece.status == "not_ready"
            and not any(
                self._is_before(other, piece) and other.key not in finished
                for other in self.in_force
            )
        ]
        for piece in fresh:
            piece.status = "ready"
            self._time(piece, on)

    def _time(self, piece: Piece, on: dt.date) -> None:
        if not piece.limit:
            return
        kind = f"step:{piece.key}"
        ran = self.watches.get(kind)
        self.watches[kind] = ran.go_on(on) if ran else Watch(on, piece.limit)
        if self.state is State.PAUSED:
            self.watches[kind].paused = on

    def _halt(self, piece: Piece, on: dt.date) -> None:
        if piece.limit and piece.is_running:
            self._stop(f"step:{piece.key}", on)

    def _again(self, piece: Piece) -> None:
        self.instances[piece.kind] += 1
        piece.status, piece.claimed, piece.done = "not_ready", None, set()

    def _put_off(self, after: Sequence[Piece], on: dt.date) -> None:
        for piece in after:
            self._halt(piece, on)
            if piece.status in {"claimed", "done"}:
                self._again(piece)
            piece.status = "not_ready"

    def claim(self, who: Who, on: dt.date, *, step_key: str) -> None:
        self._may(Verb.CLAIM)
        piece = self._piece(step_key)
        need(piece.status == "ready", "not ready")
        need(piece.assigned is None or piece.assigned in who.persons, "assigned to another")
        piece.status, piece.claimed = "claimed", who.id
        self._move(Verb.CLAIM)
        self._told("step_claimed")

    def examine(
        self, who: Who, on: dt.date, *, step_key: str, opinion: str, companion: str
    ) -> None:
        self._may(Verb.EXAMINE)
        piece = self._piece(step_key)
        need(opinion.strip(), "no opinion")
        need(not self.bounced, "back at the window")
        need(piece.kind != "pre_examination", "goes up")
        need(piece.status == "claimed" and piece.claimed in who.persons, "not theirs")
        need(piece.kind != "site_visit" or says(companion), "one officer alone")
        self._halt(piece, on)
        piece.status, piece.done = "done", set(who.persons)
        self.examined |= who.persons
        self._advance(on)
        self._told("examined")

    def refer_up(self, who: Who, on: dt.date, *, step_key: str, opinion: str) -> None:
        self._may(Verb.REFER_UP)
        piece = self._piece(step_key)
        need(says(opinion), "no opinion")
        need(not self.bounced, "back at the window")
        need(piece.status == "claimed" and piece.claimed in who.persons, "not theirs")
        need(piece.kind == "pre_examination", "decided here")
        others = [one for one in self.in_force if one.stage == 0 and one is not piece]
        need(all(one.status == "done" for one in others), "the lower level is not done")
        need(not self.requests, "a request is open")
        piece.status, piece.done = "done", set(who.persons)
        self.examined |= who.persons
        self.referred, self.org = True, self.home
        self._stop("pre_examination", on)
        self._limits(on)
        self._advance(on)
        self._told("referred_up", "referred_up")

    def bounce(self, who: Who, on: dt.date, *, reason: str) -> None:
        self._may(Verb.BOUNCE)
        need(says(reason), "no reason")
        need(not self.bounced, "back already")
        self.bounced, self.bounces = True, self.bounces + 1
        self._told("bounced")

    def hand_on(self, who: Who, on: dt.date, *, note: str) -> None:
        self._may(Verb.HAND_ON)
        need(says(note), "no note")
        need(self.bounced, "not back")
        self.bounced = False
        self._told("handed_on")

    def _is_up(self, piece: Piece) -> bool:
        return self.referred and piece.stage == 0

    def take_back(self, who: Who, on: dt.date, *, step_key: str) -> None:
        self._may(Verb.TAKE_BACK)
        piece = self._piece(step_key)
        need(piece.status == "done" and piece.done & who.persons, "not done by them")
        need(not self._is_up(piece), "it went up")
        after = self._after(piece)
        need(not any(one.status in {"claimed", "done"} for one in after), "others went on")
        self._put_off(after, on)
        self._again(piece)
        self._advance(on)
        piece.status, piece.claimed = "claimed", who.id
        self._told("step_taken_back")

    def return_step(self, who: Who, on: dt.date, *, step_key: str, reason: str) -> None:
        self._may(Verb.RETURN_STEP)
        need(says(reason), "no reason")
        piece = self._piece(step_key)
        need(piece.status == "done" and not piece.done & who.persons, "not done, or their own")
        need(not self._is_up(piece), "it went up")
        self._put_off(self._after(piece), on)
        self._again(piece)
        self._advance(on)
        self._told("step_returned")

    def transfer_step(self, who: Who, on: dt.date, *, step_key: str, to_person_id: int) -> None:
        self._may(Verb.TRANSFER_STEP)
        piece = self._piece(step_key)
        need(piece.is_running, "not open")
        need(to_person_id is None or to_person_id != piece.claimed, "theirs already")
        piece.status, piece.claimed, piece.assigned = "ready", None, to_person_id
        self._told("step_transferred")

    def add_signer(
        self, who: Who, on: dt.date, *, person_id: int, organisation_id: int, reason: str
    ) -> None:
        self._may(Verb.ADD_SIGNER)
        need(says(reason) and person_id not in who.persons, "reason, or oneself")
        self._add("sign", None).assigned = person_id
        self._told("signer_added")

    def request_opinion(
        self, who: Who, on: dt.date, *, organisation_id: int, question: str, days: int
    ) -> None:
        self._may(Verb.REQUEST_OPINION)
        need(says(question) and 1 <= days <= 90, "question or days")
        need(organisation_id != self.org, "of oneself")
        piece = self._add("opinion", days)
        self._time(piece, on)
        self._told("opinion_requested")

    def cancel_step(self, who: Who, on: dt.date, *, step_key: str, reason: str) -> None:
        self._may(Verb.CANCEL_STEP)
        need(says(reason), "no reason")
        piece = self._piece(step_key)
        need(piece.kind in {"sign", "opinion"} and piece.is_running, "planned, or not waiting")
        self._halt(piece, on)
        piece.status = "dropped"
        self._advance(on)
        self._told("step_cancelled")

    def _add(self, kind: str, limit: int | None) -> Piece:
        self.instances[kind] += 1
        running = [piece.stage for piece in self.in_force if piece.is_running]
        stage = min(running, default=max((one.stage for one in self.pieces.values()), default=1))
        piece = Piece(f"{kind}-{self.instances[kind]}", kind, stage, (), limit, "ready")
        self.pieces[piece.key] = piece
        return piece

    # ── special procedures, extensions ────────────────────────────────────────────────────────

    def ask_pause(self, who: Who, on: dt.date, *, why: str, note: str, days: int) -> None:
        self._may(Verb.ASK_PAUSE)
        need(says(note) and 1 <= days <= 365, "note or days")
        need(why in self.spec.special, "not declared")
        need("pause" not in self.requests, "asked already")
        self.requests["pause"] = {"by": who.persons, "days": days}
        self._told("pause_asked")

    def pause(self, who: Who, on: dt.date) -> None:
        self._may(Verb.PAUSE)
        asked = self._asked("pause", who)
        for kind, watch in self.watches.items():
            is_limit = kind in {"pre_examination", "promised", "statutory"}
            if watch.is_open and (is_limit or kind.startswith("step:")):
                watch.paused = on
        self._start("pause", on, asked["days"])
        del self.requests["pause"]
        self._move(Verb.PAUSE)
        self._told("paused", "pause")

    def _asked(self, kind: str, who: Who) -> dict[str, Any]:
        need(kind in self.requests, "nobody asked")
        need(not self.requests[kind]["by"] & who.persons, "asked by the same person")
        return self.requests[kind]

    def resume(self, who: Who, on: dt.date, *, result: str) -> None:
        self._may(Verb.RESUME)
        need(says(result), "no result")
        self._stop("pause", on)
        for watch in self.watches.values():
            if watch.paused:
                watch.pauses, watch.paused = [*watch.pauses, (watch.paused, on)], None
        self._move(Verb.RESUME)
        self._told("resumed")

    def _check_extension(self, on: dt.date, days: int) -> None:
        need(not self.extended, "a second extension")
        need(self.is_running("statutory"), "no statutory limit")
        need(on <= self.due("statutory"), "too late")
        need(1 <= days <= EXTENSION_DAYS.get(self.spec.profile, 0), "days")

    def ask_extension(self, who: Who, on: dt.date, *, days: int, note: str) -> None:
        self._may(Verb.ASK_EXTENSION)
        need(says(note), "no note")
        self._check_extension(on, days)
        need("extension" not in self.requests, "asked already")
        self.requests["extension"] = {"by": who.persons, "days": days}
        self._told("extension_asked")

    def extend(self, who: Who, on: dt.date) -> None:
        self._may(Verb.EXTEND)
        asked = self._asked("extension", who)
        self._check_extension(on, asked["days"])
        self.watches["statutory"].amount += asked["days"]
        self.extended = True
        del self.requests["extension"]
        self._told("extended", "extension")

    def reject_request(self, who: Who, on: dt.date, *, kind: str, reason: str) -> None:
        self._may(Verb.REJECT_REQUEST)
        need(says(reason), "no reason")
        self._asked(kind, who)
        del self.requests[kind]
        self._told("request_rejected")

    # ── the decision and what follows ─────────────────────────────────────────────────────────

    def decide(self, who: Who, on: dt.date, *, verb: Verb, reason: str, legal_basis: str) -> None:
        self._may(verb)
        need(says(reason), "no reason")
        need(verb is Verb.GRANT or legal_basis.strip(), "no legal basis")
        need(all(piece.status == "done" for piece in self.in_force), "steps unfinished")
        need(all(self.deferred.values()), "deferred material is out")
        need(not self.requests, "a request is open")
        need(not self.bounced, "back at the window")
        need(self.mandate is not False, "mandate not seen")
        if who.persons & self.examined:
            is_allowed = self.spec.on_the_spot and verb.value in who.letter
            need(is_allowed, "examined it themselves")
        self._stop_all(on)
        self._move(verb)
        is_grant = verb is not Verb.REFUSE
        if is_grant:
            self._start("delivery", on, 10)
        self.outcome = {"grant": "granted", "refuse": "refused"}.get(verb.value, "granted_partly")
        self._told("granted" if is_grant else "refused", self.outcome)
        self.papers.append("result")

    def deem_granted(self, who: Who, on: dt.date) -> None:
        self._may(Verb.DEEM_GRANTED)
        need(self.renewal, "licence not compared")
        need(self.is_running("renewal") and on > self.due("renewal"), "not expired")
        self._close()
        self._stop_all(on)
        self._start("delivery", on, 10)
        self._move(Verb.DEEM_GRANTED)
        self.org = self.home if self.spec.below else self.org
        self.outcome = "deemed_granted"
        self._told("deemed_granted", "deemed_granted")
        self.papers.append("result")

    @property
    def owes(self) -> bool:
        return any(
            one["state"] in {"due", "waiver_asked"} and one["blocks"]
            for one in self.charges.values()
        )

    def issue(
        self, who: Who, on: dt.date, *, licence_number: str, expires_on: dt.date | None
    ) -> None:
        self._may(Verb.ISSUE)
        need(not self.issued, "issued already")
        need(licence_number.strip(), "no number")
        need(expires_on is None or expires_on > on, "expired")
        need(not self.owes, "not paid")
        self.issued = True
        self._told("issued")

    def hand_over(self, who: Who, on: dt.date, *, way: str, note: str, is_sealed: bool) -> None:
        self._may(Verb.HAND_OVER)
        need(is_sealed, "the decision has no seal")
        need(way != "post" or note.strip(), "no number of the letter")
        need(way != "proxy" or says(note), "no proxy")
        need(self.mandate is not False, "mandate not seen")
        if self.outcome != "refused":
            need(self.issued or not self.spec.is_licence, "no licence")
            need(not self.owes, "not paid")
        self._stop_all(on)
        self._move(Verb.HAND_OVER)
        self._told("delivered", "delivery")

    def choose_delivery(self, who: Who, on: dt.date, *, way: str, address: str) -> None:
        need(self.state in BEFORE | HANDLED | DECIDED, "over")
        if way == "post":
            self.address = address.strip() or self.address
            need(self.address, "no address")
        self._told("delivery_chosen")

    # ── other ends ────────────────────────────────────────────────────────────────────────────

    def _close(self) -> None:
        for piece in self.pieces.values():
            if piece.status in {"not_ready", "ready", "claimed"}:
                piece.status, piece.claimed = "cancelled", None
        self.requests.clear()
        self.bounced = False

    def _end(self, verb: Verb, on: dt.date) -> None:
        self.ended_from = State.REVIEWING if self.state is State.PAUSED else self.state
        self._close()
        self._stop_all(on)
        self._move(verb)

    def withdraw(self, who: Who, on: dt.date, *, reason: str) -> None:
        self._may(Verb.WITHDRAW)
        self._end(Verb.WITHDRAW, on)
        self._told("withdrawn", "withdrawn")

    def terminate(self, who: Who, on: dt.date, *, why: str, reason: str) -> None:
        self._may(Verb.TERMINATE)
        need(says(reason), "no reason")
        self._end(Verb.TERMINATE, on)
        self._told("terminated", "terminated")

    def reopen(self, who: Who, on: dt.date, *, reason: str) -> None:
        self._may(Verb.REOPEN)
        need(says(reason), "no reason")
        assert self.ended_from
        self.state, self.ended_from = self.ended_from, None
        kinds = ["completeness"]
        if self.state is State.CORRECTING:
            kinds = ["correction"]
        elif self.state in HANDLED:
            is_below = self.spec.below and not self.referred
            kinds = ["pre_examination"] if is_below else ["promised", "statutory"]
            kinds += [] if all(self.deferred.values()) else ["deferred"]
        for kind in kinds:
            if kind in self.watches:
                self.watches[kind] = self.watches[kind].go_on(on)
        if "renewal" in self.watches and self.renews_until and on <= self.renews_until:
            self._until("renewal", on, self.renews_until)
        for piece in self.pieces.values():
            if piece.status == "cancelled":
                self._again(piece)
        self._advance(on)
        self._told("reopened")

    def archive(self, who: Who, on: dt.date, *, is_sealed: bool) -> None:
        self._may(Verb.ARCHIVE)
        need(all(one["returned"] for one in self.originals.values()), "originals are left")
        states = {one["state"] for one in self.charges.values()}
        need(not states & {"due", "waiver_asked"}, "a debt is left")
        need(is_sealed, "a paper has no seal")
        self._move(Verb.ARCHIVE)
        self._told("archived", "archive")

    # ── money ─────────────────────────────────────────────────────────────────────────────────

    def charge(
        self, who: Who, on: dt.date, *, fees: Sequence[tuple[str, int]], blocks_issue: bool
    ) -> None:
        need(self.state in CHARGED_IN, "no charge here")
        need(fees, "no fee")
        schedule = dict(self.spec.fees)
        for name, cents in fees:
            need(name in schedule, "not in the schedule")
            need(cents > 0 and schedule[name] in {None, cents}, "another sum")
        self._told("charged", "payment")

    def _owed(self, charge_id: int, state: str) -> dict[str, Any]:
        need(charge_id in self.charges, "no such charge")
        need(self.charges[charge_id]["state"] == state, "charge is elsewhere")
        return self.charges[charge_id]

    def ask_waiver(self, who: Who, on: dt.date, *, charge_id: int, cents: int, reason: str) -> None:
        one = self._owed(charge_id, "due")
        need(not one["answered"], "waived already")
        need(0 < cents <= one["cents"] and says(reason), "sum or reason")
        one |= {"state": "waiver_asked", "asked": who.id, "waiver": cents}
        self._told("waiver_asked")

    def answer_waiver(self, who: Who, on: dt.date, *, charge_id: int, is_approved: bool) -> None:
        one = self._owed(charge_id, "waiver_asked")
        need(one["asked"] not in who.persons, "asked themselves")
        is_whole = is_approved and one["waiver"] == one["cents"]
        one |= {"state": "waived" if is_whole else "due", "answered": is_approved}
        if not is_approved:
            one["waiver"] = 0
        self._told("waiver_answered")

    def pay(self, who: Who, on: dt.date, *, charge_id: int, reference: str) -> None:
        one = self._owed(charge_id, "due")
        one |= {"state": "paid", "payer": who.id, "paid": one["cents"] - one["waiver"]}
        self._told("paid")

    def refund(self, who: Who, on: dt.date, *, charge_id: int, cents: int, reason: str) -> None:
        one = self._owed(charge_id, "paid")
        need(one["payer"] not in who.persons, "took it themselves")
        need(0 < cents <= one["paid"] and says(reason), "sum or reason")
        one |= {"state": "refunded", "refunded": cents}
        self._told("refunded")

    # ── originals ─────────────────────────────────────────────────────────────────────────────

    def _check_kept(self, who: Who, originals: Sequence[tuple[str, int]]) -> None:
        need(not originals or who.org, "nobody at a counter")
        need(all(count >= 1 for _name, count in originals), "none of it")

    def take_originals(
        self, who: Who, on: dt.date, *, originals: Sequence[tuple[str, int]]
    ) -> None:
        need(self.state in BEFORE | HANDLED | DECIDED, "over")
        need(originals, "none")
        self._check_kept(who, originals)
        self._told("originals_kept")

    def _here(self, ids: Sequence[int], org: int | None) -> None:
        need(ids, "none named")
        for one in ids:
            need(one in self.originals, "no such original")
            found = self.originals[one]
            need(not found["returned"] and found["place"] == org, "elsewhere")
        under_way = {
            one for slip in self.slips.values() if not slip["signed"] for one in slip["originals"]
        }
        need(not under_way & set(ids), "on its way")

    def send_originals(
        self,
        who: Who,
        on: dt.date,
        *,
        original_ids: Sequence[int],
        receiver_id: int,
        due_date: dt.date,
    ) -> None:
        need(due_date >= on, "due before today")
        self._here(original_ids, who.org)
        need(receiver_id != who.org, "to oneself")
        self._told("originals_sent", "slip")

    def sign_slip(self, who: Who, on: dt.date, *, slip_id: int) -> None:
        need(slip_id in self.slips, "no such slip")
        slip = self.slips[slip_id]
        need(slip["receiver"] == who.org and not slip["signed"], "not theirs, or signed")
        need(slip["sender"] not in who.persons, "sent it themselves")
        slip["signed"] = True
        for one in slip["originals"]:
            self.originals[one]["place"] = who.org
        self._told("originals_received")

    def recall_slip(self, who: Who, on: dt.date, *, slip_id: int) -> None:
        need(slip_id in self.slips, "no such slip")
        slip = self.slips[slip_id]
        need(slip["from"] == who.org and not slip["signed"], "not theirs, or signed")
        slip["signed"] = True  # nobody waits for it any more, and nothing has moved
        self._told("slip_recalled")

    def return_originals(self, who: Who, on: dt.date, *, original_ids: Sequence[int]) -> None:
        self._here(original_ids, who.org)
        for one in original_ids:
            self.originals[one]["returned"] = True
        self._told("originals_returned")
