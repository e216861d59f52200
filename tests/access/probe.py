"""Opens every route with a thing in its address as everybody, in a city of the demo.

Who comes: a holder of each role, admitted there or not, at the thing's own unit, at another unit of
the region and in another region; for what belongs to a citizen, its owner, a stranger and a
visitor. The yardstick is not a status but an address of a thing that is not there: whoever may not
see a thing is answered about it as about that one, by page and API, asking and sending.

At the thing's own unit one person with all the admitted posts opens the door; the long form sends
each role by itself, and then, for as long as is asked, people with several posts here and there.

    MINGTANG_HOME=… python -m tests.access [--each-role] [--minutes M] [--seed S]
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import islice
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from mingtang.accounts.models import Person, Post
from mingtang.accounts.queries import scope_of
from mingtang.accounts.rules import EVERY_ITEM, Role, Scope
from mingtang.api.doors import COUNTER
from mingtang.base.clock import now, today
from mingtang.base.errors import NotFound
from mingtang.base.ids import next_id
from mingtang.cases.models import Case
from mingtang.cases.rules import Deed, Verb
from mingtang.joint.models import JointCase
from mingtang.letters.models import Letter
from mingtang.regions.models import Organisation, OrganisationName, Region
from mingtang.requests.models import Request
from tests.access import bodies, made
from tests.access.asking import HIDDEN, Answer, Who, ask, undrawn
from tests.access.routes import Route, routes
from tests.access.subjects import KINDS, LISTS, SEARCHED, VERBS, WORDS, Kind, Thing, kind_of

GATE = Answer(HIDDEN, str(NotFound()))
WRONG_METHOD, WRONG_BODY = 405, 422
SAYS_NOTHING = (WRONG_METHOD, WRONG_BODY)  # said to whoever is let in, before a thing is looked for
MOST_VERBS = 5  # of an operation of the API; the long form asks by each
CROWD = 200  # people with several posts, for each kind of thing
SINCE = date(2010, 1, 1)


@dataclass
class Findings:
    """What came of a walk over all routes."""

    probes: int = 0
    faults: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)  # routes that somebody saw the thing through
    listed: list[str] = field(default_factory=list)  # lists that showed a colleague something


# ── who asks ──────────────────────────────────────────────────────────────────────────────────


def holder(roles: frozenset[Role], unit: int) -> Who:
    """Somebody who holds these posts at one unit, none of them on paper only."""
    return holder_of(frozenset((role, unit) for role in roles))


@cache
def holder_of(posts: frozenset[tuple[Role, int]]) -> Who:
    """Somebody who holds each of these roles at the unit beside it."""
    person = Person(id=next_id(), username=f"probe-{next_id()}", name="某人", joined_at=now())
    person.save()
    for role, unit in sorted(posts):
        items = [EVERY_ITEM] if role is Role.GENERAL_CLERK else None
        Post.objects.create(
            person=person, organisation_id=unit, role=role, item_codes=items, valid_from=SINCE
        )
    return Who(person, scope_of(person, today()))


def named(username: str) -> Who:
    person = Person.objects.get(username=username)
    return Who(person, scope_of(person, today()))


@cache
def citizen(person: int | None) -> Who:
    found = Person.objects.filter(id=person).first() if person else None
    if found is None:
        found = Person(id=next_id(), username=f"probe-{next_id()}", name="路人", joined_at=now())
        found.save()
    return Who(found, scope_of(found, today()))


VISITOR = Who(None, Scope(None, ""))


@cache
def elsewhere() -> int:
    """A department of another county."""
    region = Region(id=next_id(), code="330822000000", name="常山县", level="county", source="测试")
    region.valid_from = SINCE
    region.save()
    return _unit("far", "330822", region, "常山县水利局")


def _unit(code: str, area6: str, region: Region, name: str) -> int:
    unit = Organisation(
        id=next_id(), code=code, area6=area6, unit3="998", kind="department", region=region
    )
    unit.valid_from = SINCE
    unit.save()
    OrganisationName.objects.create(organisation=unit, name=name, short_name=name[3:])
    return unit.id


@cache
def nearby() -> int:
    """A department of the same county that has nothing to do with anything."""
    county = Region.objects.get(code="330881000000")
    return _unit("near", "330881", county, "江山市气象局")


# ── what is asked for ─────────────────────────────────────────────────────────────────────────


@cache
def _thing(kind: str) -> Thing:
    return KINDS[kind].find()


@dataclass(frozen=True)
class Door:
    """A way to a thing: how it is asked for, and the same way to one that is not there."""

    route: Route
    method: str
    url: str
    absent: str
    body: Any = None

    def ask(self, who: Who) -> Answer:
        return ask(who, self.method, self.url, self.body)

    def ask_for_nothing(self, who: Who) -> Answer:
        return ask(who, self.method, self.absent, self.body)


def _values(route: Route, thing: Thing, verb: str) -> dict[str, Any]:
    known = {name: value for name, value in thing.values.items() if value is not None}
    values = {**WORDS, **known}
    if route.method:
        values.setdefault("id", next(iter(thing.values.values())))  # as the API calls it
    for name in {"verb", "act"} & {*route.names} if verb else ():
        values.setdefault(name, verb)
    if route.name == "cases:act" or route.name == "cases:batch":
        values["verb"] = Verb(values["verb"])
    if "deed" in route.names:
        values["deed"] = verb if route.method else Deed(verb)
    return values


def _without(route: Route, thing: Thing, values: dict[str, Any]) -> dict[str, Any]:
    """The address of a thing of this sort that is not there; of a verb there are only some."""
    main = next(name for name in (*thing.values, "id") if name in route.names)
    if main == "verb":
        return values
    value = values[main]
    digits = "7" * len(str(value)) if str(value).isdecimal() else "none-such"
    return {**values, main: int(digits) if isinstance(value, int) else digits}


def _address(route: Route, values: dict[str, Any]) -> str:
    if route.method:
        return route.path.format(**values)
    return reverse(route.name, kwargs={name: values[name] for name in route.names})


def doors(route: Route, thing: Thing, each: bool) -> Iterator[Door]:
    """Each method and each verb by which a thing is asked for; none where the city has no such
    part of it."""
    if route.method == "POST":
        verbs = islice(bodies.verbs_of(route), None if each else MOST_VERBS)
        ways = [("POST", verb, body) for verb, body in verbs]
    elif route.method:
        ways = [("GET", "", None)]
    else:
        verb = VERBS.get(route.name, "")
        ways = [("GET", verb, None), ("POST", verb, bodies.of_page())]
    for method, verb, body in ways:
        values = _values(route, thing, verb)
        if set(route.names) <= values.keys():
            absent = _address(route, _without(route, thing, values))
            yield Door(route, method, _address(route, values), absent, body)


def has_thing(route: Route, thing: Thing) -> bool:
    return bool(set(route.names) & {*thing.values, "id"})


# ── the walk ──────────────────────────────────────────────────────────────────────────────────


@dataclass
class Watch:
    """Sends people through a door and writes down what should not have been."""

    found: Findings
    door: Door
    nothing: Answer | None = None  # what was last told of a thing that is not there

    def _fault(self, who: str, wanted: str, got: Answer) -> None:
        door = self.door
        told = f"{door.route.name} {door.method} {door.url} {who}：应当{wanted}，实际 {got}"
        self.found.faults.append(told)

    def is_refused(self, who: str, somebody: Who) -> None:
        """At the gate, before it was asked what is there."""
        self.found.probes += 1
        got = self.door.ask(somebody)
        if got != GATE:
            self._fault(who, "不得入内", got)

    def is_kept_out(self, who: str, somebody: Who) -> None:
        """Told the same of this thing as of none."""
        self.found.probes += 1
        got = self.door.ask(somebody)
        if got == self.nothing:
            return
        self.nothing = self.door.ask_for_nothing(somebody)
        if got != self.nothing:
            self._fault(who, f"看不到（{self.nothing}）", got)

    def met(self, somebody: Who) -> tuple[Answer, bool]:
        """What they are answered, and whether it tells them anything of the thing."""
        self.found.probes += 1
        got = self.door.ask(somebody)
        if self.door.url == self.door.absent:
            return got, not got.is_nothing
        return got, got.status < 400 or got != self.door.ask_for_nothing(somebody)

    def is_let_in(self, who: str, somebody: Who) -> None:
        got, is_in = self.met(somebody)
        if not is_in and got.status not in SAYS_NOTHING:
            self._fault(who, "看得到", got)


def probe_staff(found: Findings, door: Door, kind: Kind, thing: Thing, each: bool) -> None:
    """A route of staff: one's own unit, another unit, another region; each role."""
    watch, admitted = Watch(found, door), door.route.roles
    units = thing.units or (Organisation.objects.get(code="centre").id,)
    own = [holder(admitted, unit) for unit in units] + [named(one) for one in thing.people]
    met = [watch.met(somebody) for somebody in own]
    if all(answer.status == WRONG_METHOD for answer, _is_in in met):
        return
    if any(is_in for _answer, is_in in met):
        found.opened.append(door.route.name)
    for role in sorted(Role):
        alone = frozenset({role})
        places = {"本单位": units[0], "外单位": nearby(), "外区域": elsewhere()}
        for where, unit in places.items():
            somebody, said = holder(alone, unit), f"{where} {role}"
            if role not in admitted:
                watch.is_refused(said, somebody)
            elif (where == "外区域" and not kind.is_common) or (
                where == "外单位" and role not in kind.near
            ):
                watch.is_kept_out(said, somebody)
            elif each and where == "外单位":
                watch.is_let_in(said, somebody)
    for who, somebody in (("申请人", citizen(None)), ("访客", VISITOR)):
        watch.is_kept_out(who, somebody)


@cache
def mixed(kind: str, number: int) -> frozenset[tuple[Role, int]]:
    """Up to four posts here and there, none of which shows its holder a thing of this kind; the
    number tells one such holder from the next."""
    dice, seeing, rule = random.Random(f"{kind} {number}"), seers()[kind], KINDS[kind]
    here = _thing(kind).units or (Organisation.objects.get(code="centre").id,)
    posts = set()
    for _ in range(dice.randint(2, 4)):
        role, unit = dice.choice(sorted(Role)), dice.choice((*here, nearby(), elsewhere()))
        may_see = role in seeing and (unit in here or (unit == nearby() and role in rule.near))
        if not may_see and not (rule.is_common and role in seeing):
            posts.add((role, unit))
    return frozenset(posts)


def probe_mixed(watch: Watch, posts: frozenset[tuple[Role, int]]) -> None:
    """One post must not lend its place, or its role, to another."""
    said = "、".join(f"{role}@{unit}" for role, unit in sorted(posts))
    if any(role in watch.door.route.roles for role, _unit in posts):
        watch.is_kept_out(said, holder_of(posts))
    else:
        watch.is_refused(said, holder_of(posts))


@cache
def seers() -> dict[str, frozenset[Role]]:
    """The roles that some route or other shows a kind of thing to, at its own unit."""
    every: dict[str, frozenset[Role]] = {}
    for route in routes():
        name = kind_of(route.name)
        every[name] = every.get(name, frozenset()) | route.roles
    return every


def staff_doors() -> Iterator[Door]:
    """Each way to a thing that is for staff."""
    for route in routes():
        name = kind_of(route.name)
        if name and route.roles and has_thing(route, _thing(name)):
            yield from doors(route, _thing(name), each=True)


def run_mixed(found: Findings, goes_on: Callable[[], bool], seed: int) -> None:
    """The doors of staff in any order, each time for somebody else."""
    dice, watches = random.Random(seed), [Watch(found, door) for door in staff_doors()]
    with undrawn():
        while goes_on():
            watch = dice.choice(watches)
            posts = mixed(kind_of(watch.door.route.name), dice.randrange(CROWD))
            if posts:
                probe_mixed(watch, posts)


def probe_personal(found: Findings, door: Door, thing: Thing) -> None:
    """What belongs to a citizen: there for them, and for nobody else who has no code."""
    watch = Watch(found, door)
    if thing.person is None or not watch.met(citizen(thing.person))[1]:
        return
    found.opened.append(door.route.name)
    watch.is_kept_out("别的申请人", citizen(None))
    watch.is_kept_out("访客", VISITOR)
    for role in sorted(Role):
        watch.is_kept_out(f"外区域 {role}", holder(frozenset({role}), elsewhere()))


def browser_of(roles: frozenset[Role], unit: int) -> Client:
    browser = Client(SERVER_NAME="127.0.0.1")
    person = holder(roles, unit).person
    assert person is not None
    browser.force_login(person)
    return browser


def canaries() -> list[str]:
    """What gives somebody's business away wherever it stands: numbers of cases, letters, requests
    and joint matters, and the phones and identity numbers of the demo's citizens."""
    numbers: list[str] = []
    for model in (Case, Letter, Request, JointCase):
        numbers += model.objects.order_by("id").values_list("number", flat=True)
    citizens = Person.objects.exclude(identity_index="").order_by("id")
    return [
        *numbers,
        *(one for person in citizens for one in (person.phone, person.identity_number)),
    ]


def probe_lists(found: Findings, each: bool) -> None:
    """Every page, list, search and export without a thing in its address: in another region
    somebody of every role reads nothing of this one, not by asking for it either."""
    told, everyone = canaries(), frozenset(Role)
    near = browser_of(everyone, Organisation.objects.get(code="centre").id)
    far = browser_of(everyone, elsewhere())
    for route in routes():
        is_staffs = not route.names and (route.roles or route.policy.needs_sign_in)
        if not is_staffs or route.method == "POST" or not (each or route.name in LISTS):
            continue
        url = route.path if route.method else reverse(route.name)
        searches = [f"?q={one}" for one in told[:1]] if route.name in SEARCHED or each else []
        for asked in ("", *searches):
            found.probes += 1
            seen = _read(far, url + asked)
            leaks = [one for one in told if one in seen and one not in asked]
            if leaks:
                found.faults.append(f"{route.name} {url}{asked} 外区域：出现 {leaks[0]}")
        shown = _read(near, url)
        if any(one in shown for one in told):
            found.listed.append(route.name)


def _read(browser: Client, url: str) -> str:
    COUNTER.forget()
    with transaction.atomic():
        answer = browser.get(url)
        transaction.set_rollback(True)
    if answer.status_code != 200:
        return ""
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode(errors="replace")


PERSONAL = ("case", "request", "letter", "joint", "message")


def run(*, each: bool = False, only: str = "") -> Findings:
    """Walk over all routes, or those of one kind of thing, in a city that has one of each."""
    found = Findings()
    if not only:
        made.everything()
    with undrawn():
        for route in routes():
            name = kind_of(route.name)
            if not name or only not in {"", name} or not has_thing(route, _thing(name)):
                continue
            for door in doors(route, _thing(name), each):
                if route.roles:
                    probe_staff(found, door, KINDS[name], _thing(name), each)
                elif name in PERSONAL:
                    probe_personal(found, door, _thing(name))
    if not only:
        probe_lists(found, each)
    return found
