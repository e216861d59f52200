"""Every command can be reached through the API, or there is a written reason why not."""

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

import mingtang
from mingtang.api.interface import api
from mingtang.api.urls import urlpatterns
from tests.structure.reach import commands_of

SOURCE = Path(mingtang.__file__).parent

BY_ITSELF = "the system does it: by the law's own day, a clock, an event, or within another command"
BY_THE_KEEPER = "whoever keeps the installation does it, with the command `mingtang`"
NO_SCREEN = "no screen does it either: what is set has its last day"
BY_READING = "noted where it is read: GET /desk/letters/{id}"
BY_HAND = "belongs to a person at a keyboard: a sign-in, a device in the hall, a masked field"

REASONS = {
    BY_ITSELF: """
        bad_rating.open bad_rating.withdraw calendar.seed card.notify case.count_part_from
        case.deem_accepted case.deem_granted case.open_part case.remind_deferred
        case.supply_part consultation.report disclosure.count disclosure.draft_list item.move
        joint.deem_accepted joint.remind_deferred joint.settle licence.remind
        mail.note_oversize mail.take request.propose_lapse
        shown_time.count supervision.raise tv.bundle village.owe
    """,
    BY_THE_KEEPER: """
        archive.package authority.grant basic.load
        calendar.load channel.load_shipped client.end client.register
        disclosure.import exchange.export exchange.note_returned exchange.receive item.import
        ledger.hand_on_key legacy.import sealing.hand_on_key
        life_event.load list.bring_in paper_receipt.print person.add place.describe post.assign
        identity.unlink password.reset person.close personal.retain programme.add programme.load
        region.load         release.make_many
        route.load_demo route.load_shipped supervision.load_rules synonyms.load
        villages.add villages.load_shipped
    """,
    NO_SCREEN: "villages.end_notice villages.end_section",
    BY_READING: "letter.read",
    BY_HAND: """
        calendar.end_feed calendar.make_feed device.add device.pair device.renew_code
        factor.agree_reset factor.ask_reset factor.enrol factor.register_key factor.remove_key
        factor.renew_codes identity.link password.change
        identity.welcome personal.reveal session.end
    """,
}


@cache
def every_command() -> frozenset[str]:
    """The kinds of all commands that the code has."""
    texts = (path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    return frozenset(
        kind for text in texts for kind in re.findall(r'\bcommand\("([\w.]+)"[,)]', text)
    )


@cache
def reached() -> dict[str, set[str]]:
    """By which operations of the API each command is reached; what only reads reaches none."""
    assert urlpatterns
    found: dict[str, set[str]] = defaultdict(set)
    for _prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                if "GET" not in operation.methods:
                    for kind in commands_of(operation.view_func):
                        found[kind].add(path)
    return found


def reasons() -> dict[str, str]:
    return {kind: why for why, kinds in REASONS.items() for kind in kinds.split()}


def astray(every: frozenset[str], by_api: set[str], reasoned: set[str]) -> set[str]:
    """What is reached by nothing and excused by nothing; what is excused and need not be."""
    return (every - by_api - reasoned) | (reasoned & by_api) | (reasoned - every)


def test_every_command_is_reached_by_the_api_or_there_is_a_reason():
    assert sum(len(kinds.split()) for kinds in REASONS.values()) == len(reasons()), "said twice"
    lost = astray(every_command(), set(reached()), set(reasons()))
    assert lost == set(), "declare an operation of the API, or write the reason above"


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("case.accept", "/cases/{number}/acts/{verb}"),
        ("case.decide", "/cases/{number}/acts/{verb}"),
        ("agency.sign", "/desk/agency/{id}/acts/{verb}"),
        ("project.plan_node", "/desk/projects/{id}/nodes/{node}"),
        ("joint.open", "/joint/routes/{code}/matters"),
        ("request.correct", "/requests/follow/{number}/correct"),
        ("item.publish_draft", "/desk/items/{code}/acts/publish"),
        ("campaign.decide", "/desk/campaigns/{campaign_id}/decide"),
        ("personal.note_copy", "/own-data/copy"),
        ("bad_rating.rerate", "/progress/{number}/rating/again"),
    ],
)
def test_a_command_is_found_where_it_is(kind, path):
    assert path in reached()[kind]


def test_an_operation_that_is_gone_is_missed():
    """Positive control: without the desk of agents, what is done there is astray."""
    left = {kind for kind, paths in reached().items() if any("agency" not in one for one in paths)}
    lost = astray(every_command(), left, set(reasons()))
    assert {"agency.sign", "agency.file_matter"} < lost
    stale = {"case.accept": NO_SCREEN} | reasons()
    assert "case.accept" in astray(every_command(), set(reached()), set(stale))
    assert "no.such" in astray(every_command(), set(reached()), {*reasons(), "no.such"})
