"""No one person alone stops a clock, dates an act back, publishes, changes the calendar or cancels
a card: each command that can is by two, or there is a written reason why one may."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mingtang.ledger.services import command
from mingtang.timing.services import pause_clock
from tests.structure import alone

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "alone.md"

TWO = "by two: the code refuses whoever did the first part"
UNDER_LETTER = (
    "by two, as the code compares; an on-the-spot item (即办件) also by one chief representative "
    "under a letter of authority for this item and act, which another person gave them "
    "(行政许可法第三十四条第二款: what can be decided on the spot is decided on the spot; "
    "第三款 asks for two officials only where facts are to be verified); it is marked as decided "
    "alone, on the case and in the figures"
)
AFTER_TWO = "the last step of several: those before it were other people's"
CLOSED = (
    "an inspector says that nothing more is to be done about a card, which goes on counting: "
    "nobody says so who explained it or appealed against it, nor while its office may still appeal"
)
DONE = (
    "the limit ends because what it measures was done by this act, or is waited for no more, "
    "on the day of the act"
)
STOPPED = (
    "the act ends the matter by a move that the law gives the office; a paper with its reason \
and the remedy goes to the applicant"
)
THEIRS = "the applicant's own act, or done for them at the counter under their name"
MACHINE = "the system does it by the law's own day or after an event; nobody chooses when"
STEPS = "steps stand still only while the whole case does, which is by two"
THIRD = (
    "the law does not count the time in which a third party is asked (政府信息公开条例第三十二条): \
the paper to the third party and the notice to the applicant come of the same act"
)
HEAD = (
    "the law gives it to the head of the office alone, with a paper to the applicant; "
    "days and number of times are bounded (政府信息公开条例第三十三条、第三十五条; "
    "信访 by the row of limits)"
)
OTHERS = (
    "who does it is not who is measured: the office that asked for it; no right of an applicant \
hangs on it"
)
AHEAD = (
    "a day to come, or the first or last day of something that holds from then on; "
    "the day of the act is kept beside it"
)
PAPER = "a day that a paper bears which is kept with it; limits never end before the act by it"
ARRIVED = (
    "the day on which a letter came by post, from its stamp: it makes the office's "
    "limit end sooner, not later, and stands on the receipt"
)
DEMO = "what is shipped with the program, loaded by who keeps the installation; marked as such"
TEXT = "fixed fields or what the filter leaves, none of them written freely; taken down as easily"
WORD = "a word for hours on the board of the own hall, by its manager, kept in the ledger"
SHEETS = (
    "figures that the sources gave; each point given by hand was confirmed by a second person, \
and the judged may object"
)
SHIPPED = (
    "years that come with the program and were not loaded yet, each as published; told to the "
    "ledger, and limits are never reckoned by fewer years than the program knows"
)
AFTER_PAPER = (
    "within joint.confirm_paper_receipt, which is by two: the cases that began with the matter"
)
CONFIRMED = "the time on a paper receipt counts once a second person compared it with the scan"
READ = "what was typed is read by another before it is public, and bound by its hash"
ROWS = "the days of rows that another node or a period names; no limit hangs on them here"
LESS = "less is public by it than before"
OTHER_WORD = "another thing that is called off, no card of supervision"
COUNTED_FROM_NOW = "the day is told; days that had passed when it was said count as before"
INSIDE = "nothing is public by it: a draft, a mark, a word of one's own"

TABLE: dict[str, dict[str, str]] = {
    "stops the time": {
        TWO: "case.pause case.extend joint.extend",
        STEPS: """
            case.accept case.cancel_step case.deem_accepted case.examine case.open_part
            case.refer_up case.reopen case.return_step case.take_back
        """,
        THIRD: "request.consult",
        HEAD: "request.extend request.delay letter.extend",
    },
    "ends a limit": {
        TWO: """
            card.approve_cancel case.confirm_paper_receipt disclosure.keep disclosure.publish
            joint.confirm_paper_receipt letter.confirm_paper_receipt
            request.confirm_paper_receipt request.decide
        """,
        UNDER_LETTER: "case.decide",
        AFTER_PAPER: "case.count_part_from",
        AFTER_TWO: "village.release",
        CLOSED: "card.close",
        DONE: """
            bad_rating.answer bad_rating.contact card.answer_order card.uphold case.accept
            case.examine case.hand_over case.refer_up case.reopen case.resume case.return_step
            case.take_back case.cancel_step consultation.draft consultation.draft_result
            consultation.report disclosure.draft disclosure.import disclosure.revise joint.accept
            joint.convert joint.end_part joint.give_opinion letter.accept letter.answer
            letter.transfer meeting.cancel meeting.minute meeting.opine request.move_to_active
            task.report village.reply
        """,
        STOPPED: """
            case.ask_correction case.decline case.not_require case.send_back case.still_missing
            case.terminate joint.ask_correction joint.go_on_without joint.send_back joint.terminate
            letter.decline request.ask_correction request.charge request.confirm_lapse
        """,
        THEIRS: """
            card.appeal card.explain case.supply case.supply_deferred case.withdraw joint.supply
            joint.supply_deferred joint.withdraw joint.withdraw_part letter.withdraw
            request.correct request.give_reasons request.pay request.withdraw
        """,
        MACHINE: """
            bad_rating.withdraw case.deem_accepted case.deem_granted case.open_part
            case.supply_part disclosure.draft_list joint.deem_accepted joint.settle
            supervision.raise
        """,
        THIRD: "request.answer_consultation",
        OTHERS: """
            project.add_milestone project.choose_route project.complete project.plan_node
            project.report_month project.resume project.solve_problem project.suspend
            village.take_down
        """,
    },
    "changes the calendar": {TWO: "calendar.load", SHIPPED: "calendar.seed"},
    "makes public": {
        TWO: """
            disclosure.keep disclosure.publish entry.confirm item.publish_draft letter.confirm_copy
            observation.confirm route.publish_draft villages.confirm_limit
        """,
        AFTER_TWO: "campaign.announce consultation.open period.lock village.release",
        SHEETS: "period.publish",
        TEXT: "project.publish project.unpublish rating.publish_text",
        WORD: "insert.show",
        LESS: "disclosure.take_down letter.take_down_copy villages.decline_limit",
        DEMO: "item.import route.load_demo route.load_shipped",
        INSIDE: """
            case.charge case.decide case.decline case.not_require case.open_part case.terminate
            consultation.comment consultation.draft_result consultation.issue_tokens
            consultation.submit_sheet factor.enrol item.create item.open_draft
        """,
    },
    "cancels a card": {
        TWO: "card.approve_cancel",
        OTHER_WORD: "appointment.book appointment.cancel meeting.cancel",
    },
    alone.DATES: {
        TWO: "calendar.load",
        CONFIRMED: """
            case.enter_paper_receipt case.take_in joint.enter_paper_receipt
            letter.enter_paper_receipt request.enter_paper_receipt
        """,
        AFTER_PAPER: "case.count_part_from",
        READ: """
            disclosure.draft disclosure.import disclosure.revise village.add_lines village.owe
            village.write
        """,
        ROWS: "exchange.export exchange.receive",
        AHEAD: """
            agency.draw_letter agency.plan appointment.book authority.grant basic.load card.order
            case.accept case.issue case.submit consultation.draft case.send_originals
            engagement.begin exchange.set_code insert.show
            intermediary.register intermediary.renew joint.accept letter.register
            letter_limit.set mandate.register
            meeting.invite post.assign project.add_milestone project.raise_problem
            substitution.arrange supervision.add_rule_version supervision.load_rules
            supervision.switch_profile task.assign villages.add villages.add_section
            villages.end_notice villages.end_section villages.load_shipped villages.push_notice
            villages.seat villages.set_limit villages.unseat
        """,
        ARRIVED: "request.register",
        PAPER: """
            agency.note_act agency.sign cashier.close_day course.note disclosure.note_training
            engagement.complete observation.make project.admit project.complete project.plan_node
            release.make release.make_many request.answer_consultation
            request.close_remedy request.confirm_receipt
            request.consult request.correct request.deliver request.note_consulted request.pay
            request.register_remedy village.begin
        """,
        COUNTED_FROM_NOW: "project.resume project.suspend",
        MACHINE: """
            case.open_part disclosure.draft_list joint.begin_part joint.end_part
        """,
    },
}
# What says that whoever did the first part may not do the second.
CHECKS = frozenset(
    (
        *("SamePerson", "SamePersonConfirms", "OnePersonTwice", "OnePersonAlone", "OwnDraft"),
        *("check_another", "check_separation", "check_second", "check_second_person", "check_two"),
        "SecondPersonAgrees",
    )
)


def rows() -> dict[str, dict[str, str]]:
    """Effect → command → why it may."""
    return {
        effect: {kind: why for why, kinds in table.items() for kind in kinds.split()}
        for effect, table in TABLE.items()
    }


def found() -> dict[str, set[str]]:
    by_effect: dict[str, set[str]] = {effect: set() for effect in alone.EFFECTS}
    for kind, one in alone.commands().items():
        for effect in alone.effects_of(one):
            by_effect[effect].add(kind)
    return by_effect


def is_by_two(one: Any) -> bool:
    return bool(CHECKS & alone.names_reached(one))


def test_each_command_that_can_is_in_the_table_and_no_other():
    written = {effect: set(told) for effect, told in rows().items()}
    assert written == found()


def test_what_is_said_to_be_by_two_compares_the_two():
    said = {
        kind
        for table in TABLE.values()
        for why in (TWO, UNDER_LETTER, CLOSED)
        for kind in table.get(why, "").split()
    }
    assert {kind for kind in said if not is_by_two(alone.commands()[kind])} == set()


def test_control_a_command_that_stops_a_clock_by_one_is_seen():
    @command("test.stop_it")
    def stop_it(*, on: date, actor: Any, at: Any, command_id: str) -> dict[str, Any]:
        pause_clock(stream="x", kind="promised", on=on)
        return {}

    stop_it.__wrapped__.__module__ = "mingtang.made_up"
    assert alone.effects_of(stop_it) == {"stops the time", alone.DATES}
    assert not is_by_two(stop_it)
    assert is_by_two(alone.commands()["case.pause"])


def test_the_page_says_what_the_table_says():
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m scripts.make_alone"


def page() -> str:
    intro = (
        "Made by `python -m scripts.make_alone` from `tests/structure/test_alone.py`: "
        "do not edit. Each command whose own code can stop or end a limit, take a day from who "
        "acts, make something public, change the calendar or cancel a card, and by whom, or "
        "why by one. `tests/faults/test_one_person.py` lets one person with every post try each of "
        "them, in a house in which others began much, and reads from the tables what came about."
    )
    lines = ["# What one person may do alone", "", intro]
    for effect, table in TABLE.items():
        lines += ["", f"## A command that {effect}", ""]
        lines += ["| why | commands |", "|---|---|"]
        for why, kinds in table.items():
            told = ", ".join(f"`{kind}`" for kind in sorted(kinds.split()))
            lines.append(f"| {why} | {told} |")
    return "\n".join(lines) + "\n"
