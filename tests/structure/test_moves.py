"""Every row of the table of moves can be done, and everything that is told has a title."""

import ast
import inspect
from pathlib import Path

import pytest
from scripts import make_case_states

import mingtang
from mingtang.cases import services
from mingtang.cases.forms import DEED_FORMS, FORM_OF
from mingtang.cases.present.events import EVENT_TITLES
from mingtang.cases.rules import DEEDS, MOVE_OF, MOVES, Deed, State, Verb
from mingtang.cases.rules.papers import FORMS
from mingtang.cases.views.case import ACTS, DEED_ACTS
from mingtang.files.services import seal_document

SERVICES = Path(mingtang.__file__).parent / "cases" / "services"
BY_LAW = {Verb.DEEM_ACCEPTED: services.deem_accepted, Verb.DEEM_GRANTED: services.deem_granted}


def test_every_verb_has_one_row_in_the_table():
    assert [move.verb for move in MOVES] == list(dict.fromkeys(move.verb for move in MOVES))
    assert set(MOVE_OF) == set(Verb)


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.verb.value)
def test_every_move_has_a_service_and_a_form_or_is_the_laws_own(move):
    assert move.by_system == (move.verb in BY_LAW)
    assert (move.verb in FORM_OF) == (move.verb in ACTS) == (not move.by_system)
    assert callable(ACTS.get(move.verb) or BY_LAW[move.verb])
    assert move.roles or move.by_system, "nobody may do it"


def test_every_deed_has_a_row_a_form_and_a_service():
    assert set(DEEDS) == set(DEED_FORMS) == set(DEED_ACTS) == set(Deed)
    assert DEED_ACTS[Deed.SEAL] is seal_document


@pytest.mark.parametrize("verb", sorted(FORM_OF), ids=lambda verb: verb.value)
def test_a_form_says_no_more_than_its_service_hears(verb):
    """What a form offers by itself is an argument of the command."""
    act = ACTS[verb]
    heard = set(inspect.signature(act).parameters) | {
        "uploads",
        "signer",
        "promise",
        "due_date",
        "bring_by",
    }
    fixed = set(FORM_OF[verb].base_fields) - {"command_id"}
    assert fixed <= heard, fixed - heard


def _told() -> set[str]:
    """The kinds of events that the services of cases tell: literals of case.… in a call."""
    found = set()
    for path in SERVICES.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        decorators = {
            id(node)
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef)
            for one in function.decorator_list
            for node in ast.walk(one)
        }
        found |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.startswith("case.")
            and id(node) not in decorators
        }
    return found


def test_every_event_that_is_told_has_a_title():
    told = _told()
    assert len(told) > 40
    assert told <= set(EVENT_TITLES), told - set(EVENT_TITLES)
    titled = {kind for kind in EVENT_TITLES if kind.startswith("case.")}
    assert titled <= told, "a title for what nobody tells"


def test_every_document_of_the_table_is_a_form_of_paper():
    titles = {form.title for form in FORMS.values()}
    told = {title for move in MOVES if move.document for title in move.document.split("、")}
    assert told <= titles


def test_every_state_can_be_reached_and_left_but_the_archive():
    reached = {move.target for move in MOVES if move.target} | {State.SUBMITTED, State.RECEIVED}
    left = {state for move in MOVES for state in move.sources}
    assert reached == set(State)
    assert left == set(State) - {State.ARCHIVED}


def test_the_page_of_states_is_up_to_date():
    """Run scripts/make_case_states.py after changing the table."""
    assert make_case_states.PAGE.read_text(encoding="utf-8") == make_case_states.page()
