"""Opens every route with a thing in its address as everybody, in a city of the demo.

Who comes: the holders of the admitted roles at the thing's own unit, at another unit of the region
and in another region; for what belongs to a citizen, its owner, a stranger and a visitor. One
person with all these posts at once proves for each of them what they may not see, as rights add up
and take nothing away; the long form sends each role by itself.

    MINGTANG_HOME=… python -m tests.access [--each-role] [--widen]
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.db import transaction
from django.template.backends.django import Template
from django.test import Client
from django.urls import reverse

from mingtang.accounts import policy
from mingtang.accounts.models import Person, Post
from mingtang.accounts.rules import EVERY_ITEM, Role
from mingtang.api.doors import COUNTER
from mingtang.base.clock import now
from mingtang.base.ids import next_id
from mingtang.cases.models import Case
from mingtang.cases.rules import Deed, Verb
from mingtang.joint.models import JointCase
from mingtang.letters.models import Letter
from mingtang.regions.models import Organisation, OrganisationName, Region
from mingtang.requests.models import Request
from tests.access.routes import Route, routes
from tests.access.subjects import KINDS, LISTS, SEARCHED, VERBS, WORDS, Kind, Thing, kind_of

HIDDEN = 404
SINCE = date(2010, 1, 1)


@dataclass
class Findings:
    """What came of a walk over all routes."""

    probes: int = 0
    faults: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)  # routes that somebody saw the thing through
    listed: list[str] = field(default_factory=list)  # lists that showed a colleague something


@cache
def client_of(roles: frozenset[Role], unit: int) -> Client:
    """A browser in which somebody signed in who holds these posts, none of them on paper only."""
    person = Person(id=next_id(), username=f"probe-{next_id()}", name="某人", joined_at=now())
    person.save()
    for role in sorted(roles):
        items = [EVERY_ITEM] if role is Role.GENERAL_CLERK else None
        Post.objects.create(
            person=person, organisation_id=unit, role=role, item_codes=items, valid_from=SINCE
        )
    return _browser(person)


@cache
def _citizen(person: int | None) -> Client:
    found = Person.objects.filter(id=person).first() if person else None
    if found is None:
        found = Person(id=next_id(), username=f"probe-{next_id()}", name="路人", joined_at=now())
        found.save()
    return _browser(found)


def _browser(person: Person | None) -> Client:
    browser = Client(SERVER_NAME="127.0.0.1")
    if person is not None:
        browser.force_login(person)
    return browser


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


@cache
def _thing(kind: str) -> Thing:
    return KINDS[kind].find()


def address(route: Route, thing: Thing) -> str | None:
    """The address of a thing, or None where the demo has no such part of it."""
    values = {**WORDS, **thing.values}
    if route.method:
        return _operation(route, thing, values)
    if route.name in VERBS:
        values.setdefault("verb", VERBS[route.name])
        values.setdefault("act", VERBS[route.name])
    if route.name == "cases:act":
        values["verb"] = Verb(values["verb"])
    if route.name == "cases:deed":
        values["deed"] = Deed(VERBS[route.name])
    if set(route.names) - values.keys():
        return None
    return reverse(route.name, kwargs={name: values[name] for name in route.names})


def _operation(route: Route, thing: Thing, values: dict[str, Any]) -> str | None:
    """Of the API what reads: what acts looks at its body before it looks at the thing."""
    values.setdefault("id", next(iter(thing.values.values())))  # as the API calls it
    if route.method != "GET" or set(route.names) - values.keys():
        return None
    return route.path.format(**values)


def has_thing(route: Route, thing: Thing) -> bool:
    return bool(set(route.names) & {*thing.values, "id"})


def status(browser: Client, route: Route, url: str) -> int:
    """What somebody is answered; nothing that was done stays."""
    COUNTER.forget()
    with transaction.atomic():
        answer = browser.get(url)
        if answer.status_code == 405:
            answer = browser.post(url, {})
        transaction.set_rollback(True)
    return int(answer.status_code)


def _groups(roles: Iterable[Role], each: bool) -> list[frozenset[Role]]:
    wanted = frozenset(roles)
    if each:
        return [frozenset({role}) for role in sorted(wanted)]
    return [wanted] if wanted else []


@dataclass(frozen=True)
class Door:
    """A route with the address of a thing in it."""

    found: Findings
    route: Route
    url: str

    def expect(self, who: str, browser: Client, is_seen: bool) -> None:
        self.found.probes += 1
        answer = status(browser, self.route, self.url)
        if (answer != HIDDEN) is not is_seen:
            wanted = "看得到" if is_seen else "看不到"
            told = f"{self.route.name} {self.url} {who}：应当{wanted}，实际 {answer}"
            self.found.faults.append(told)


def probe_staff(found: Findings, route: Route, kind: Kind, thing: Thing, each: bool) -> None:
    """A route of staff: one's own unit, another unit, another region."""
    url = address(route, thing)
    if url is None:
        return
    units = thing.units or (Organisation.objects.get(code="centre").id,)
    seen = [status(client_of(route.roles, unit), route, url) != HIDDEN for unit in units]
    found.probes += len(seen)
    if not any(seen):
        return  # nobody of the demo comes so far: told as not proven
    found.opened.append(route.name)
    door, far, near = Door(found, route, url), elsewhere(), nearby()
    for group in _groups(route.roles, each):
        door.expect(f"外区域 {_said(group)}", client_of(group, far), kind.is_common)
    for group in _groups(route.roles - kind.near, each):
        door.expect(f"外单位 {_said(group)}", client_of(group, near), False)
    for group in _groups(route.roles & kind.near, each) if each else ():
        door.expect(f"同区域 {_said(group)}", client_of(group, near), True)


def probe_personal(found: Findings, route: Route, thing: Thing) -> None:
    """What belongs to a citizen: there for them, and for nobody else who has no code."""
    url = address(route, thing)
    if url is None or thing.person is None:
        return
    found.probes += 1
    if status(_citizen(thing.person), route, url) == HIDDEN:
        return
    found.opened.append(route.name)
    strangers = {
        "别的申请人": _citizen(None),
        "外区域工作人员": client_of(frozenset(Role), elsewhere()),
    }
    for who, browser in strangers.items():
        Door(found, route, url).expect(who, browser, False)
    visitor = status(_browser(None), route, url)
    found.probes += 1
    if visitor not in {HIDDEN, 302, 401}:
        found.faults.append(f"{route.name} {url} 访客：实际 {visitor}")


def _said(group: frozenset[Role]) -> str:
    return "、".join(sorted(group)) if len(group) < 4 else f"{len(group)} 种岗位"


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
    near = client_of(everyone, Organisation.objects.get(code="centre").id)
    far = client_of(everyone, elsewhere())
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
        if any(one in _read(near, url) for one in told):
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
    """Walk over all routes, or those of one kind of thing. Pages are not drawn: whether somebody
    may see one is decided before."""
    found = Findings()
    drawn, asked = Template.render, policy.scope_of
    Template.render = lambda self, context=None, request=None: ""  # type: ignore[method-assign]
    policy.scope_of = cache(asked)  # nobody's posts change meanwhile
    try:
        for route in routes():
            name = kind_of(route.name)
            if not name or only not in {"", name} or not has_thing(route, _thing(name)):
                continue
            if route.roles:
                probe_staff(found, route, KINDS[name], _thing(name), each)
            elif name in PERSONAL:
                probe_personal(found, route, _thing(name))
    finally:
        Template.render, policy.scope_of = drawn, asked  # type: ignore[method-assign]
    if not only:
        probe_lists(found, each)
    return found
