"""Command: the shipped routes, made a city's own, those that are not there yet."""

from datetime import datetime
from typing import Any

from mingtang.catalogue.queries.briefs import briefs
from mingtang.joint.models import Route
from mingtang.joint.queries.routes import facts_of, known_to, route_exists
from mingtang.joint.rules import shipped as rules
from mingtang.joint.rules.checks import errors_of, settled
from mingtang.joint.rules.route import content_of
from mingtang.joint.services.drafts import opened, publication, published, registered, tell
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command

Made = dict[str, list[str]]


@command("route.load_shipped")
def load_shipped(
    *, units: str = "", items: str = "", actor: Actor, at: datetime, command_id: str
) -> Made:
    """Each shipped route whose code nobody has yet: as its first edition where nothing is wrong
    with it, else as a draft for the officers. `units` and `items` are the city's two tables (text
    of CSV), "" for none. Returns codes: {"published", "drafts"}. Raises BadTable."""
    city = rules.city_of(units or "unit,organisation", items or "route,node,item")
    return _load(city, {"actor": actor, "at": at, "command_id": command_id})


@command("route.load_demo")
def load_for_demo(*, actor: Actor, at: datetime, command_id: str) -> Made:
    """The shipped routes for the city of the demo."""
    city = rules.city_of(rules.table("units_330881"), rules.table("items_330881"))
    return _load(city, {"actor": actor, "at": at, "command_id": command_id})


def _load(city: rules.City, told: dict[str, Any]) -> Made:
    known = {code: facts_of(one) for code, one in briefs(city.items.values()).items()}
    made: Made = {"published": [], "drafts": []}
    for one in rules.shipped():
        if not route_exists(one.code):
            found = settled(rules.fitted(one, city, known))
            content, route = content_of(found), registered(one.code, one.name)
            is_whole = not errors_of(found, known_to(found))
            (_publish if is_whole else _draft)(route, one, content, told)
            made["published" if is_whole else "drafts"].append(one.code)
    return made


def _publish(
    route: Route, one: rules.ShippedRoute, content: dict[str, Any], told: dict[str, Any]
) -> None:
    edition = published(route, one.name, content, one.note, told["actor"], told["at"])
    tell("route.published", route, publication(edition), **told)


def _draft(
    route: Route, one: rules.ShippedRoute, content: dict[str, Any], told: dict[str, Any]
) -> None:
    draft = opened(route, one.name, content, told["actor"], told["at"], note=one.note)
    tell("route.draft_shipped", route, {"draft_id": str(draft.id)}, **told)
