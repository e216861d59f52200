"""Each walk of a desk or of the public also runs through the API alone, or it is said why not:
there is a twin of each, and the twins do each act that the walk does (tests/acts.py)."""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from tests import acts

TESTS = Path(__file__).parent.parent

LOOKS = "of how a page looks, prints, or is moved in: there is nothing of it in the interface"
GUARDS = "a guard over everything, or a control of one; no life of anything"
UPLOADS = "of a browser that sends a file in pieces; files by the API: test_filing"
SCREENS = "a board or a television, which only shows; what is put on it: test_walks_house"
HAND = "a person's own key and second factor; a system has a token"

# by file of tests/api: the walk (file, or file::test), and the test that lives the same life
BY_FILE = {
    "test_walks.py": {
        "test_a_joint_matter_is_filed_taken_in_and_seen_by_who_filed_it": """
            walks/test_joint.py
        """,
        "test_a_village_writes_examines_releases_and_answers": """
            walks/test_villages.py
            e2e/test_villages.py
        """,
        "test_an_opinion_is_asked_for_said_and_answered": """
            e2e/test_consultations.py
        """,
        "test_a_publication_from_the_draft_to_the_public": """
            e2e/test_disclosure.py
        """,
        "test_a_number_is_taken_called_and_served": """
            e2e/test_hall.py
        """,
        "test_a_letter_from_its_writer_to_the_answer_and_back": """
            e2e/test_letter.py
        """,
        "test_an_information_request_is_filed_followed_and_received": """
            e2e/test_requests.py
        """,
        "test_a_card_is_explained_appealed_with_evidence_and_upheld": """
            e2e/test_supervision.py
        """,
    },
    "test_walks_twins.py": {
        "test_a_complaint_from_the_call_to_the_public_copy": """
            walks/test_letter.py
            e2e/test_letter.py
        """,
        "test_village_township_county_and_one_case": """
            e2e/test_hall.py
            e2e/test_life.py
            walks/test_referred.py
        """,
    },
    "test_walks_desks.py": {
        "test_an_agent_is_named_works_files_hands_over_and_is_rated": """
            walks/test_project.py
            e2e/test_project.py
        """,
        "test_what_holds_for_villages_is_set_and_loosened_only_by_two": """
            walks/test_villages.py
        """,
        "test_an_instruction_is_given_reported_and_closed": """
            e2e/test_supervision.py::test_a_task_is_given_reported_and_closed
        """,
    },
    "test_walks_pages.py": {
        "test_a_scheme_is_read_changed_and_switched": """
            e2e/test_supervision.py
            walks/test_project.py
            e2e/test_assessing.py
        """,
        "test_an_assessment_from_the_scheme_to_the_lock": """
            e2e/test_project.py
            e2e/test_supervision.py
            walks/test_project.py
            e2e/test_assessing.py
        """,
        "test_a_bad_rating_is_set_right_and_rated_again": """
            e2e/test_assessing.py::test_who_leads_the_rated_unit_does_not_learn_who_rated
        """,
        "test_a_clean_up_from_the_notice_to_the_results": """
            e2e/test_cleaning.py
        """,
        "test_an_item_is_written_and_published_by_another": """
            e2e/test_draft_form.py
            e2e/test_editing.py
            e2e/test_form_editor.py
        """,
        "test_an_item_is_begun_suspended_and_retired": """
            e2e/test_cleaning.py
            e2e/test_form_editor.py
        """,
    },
    "test_walks_house.py": {
        "test_a_substitution_is_arranged_and_ended": """
            e2e/test_leads.py
        """,
    },
    "test_walks_parts.py": {
        "test_a_part_is_examined_before_its_time_and_made_a_case": """
            e2e/test_project.py
            walks/test_joint.py
            walks/test_project.py
        """,
        "test_a_project_reports_its_months_and_is_completed": """
            walks/test_project.py
            e2e/test_project.py
        """,
        "test_an_account_is_laid_in_the_archive": """
            walks/test_villages.py
            e2e/test_villages.py
        """,
        "test_a_card_is_cancelled_by_two": """
            e2e/test_supervision.py
        """,
        "test_the_columns_are_looked_at_again": """
            e2e/test_disclosure.py
        """,
        "test_a_units_catalogue_of_what_is_public_is_taken_in": """
            e2e/test_disclosure.py
        """,
        "test_a_board_is_made_loud_and_whoever_holds_a_token_rates": """
            e2e/test_hall.py
        """,
        "test_a_case_stands_still_gets_more_time_and_is_sent_home": """
            e2e/test_life.py
        """,
        "test_a_request_is_searched_consulted_about_decided_and_contested": """
            e2e/test_requests.py
        """,
        "test_what_no_schedule_asks_for_is_begun_and_its_list_released": """
            walks/test_villages.py
        """,
    },
    "test_walk.py": {
        "test_a_case_from_filing_to_rating": """
            e2e/test_editing.py
            e2e/test_hall.py
            e2e/test_project.py
            e2e/test_life.py
            e2e/test_main_job.py
        """,
    },
    "test_filing.py": {
        "test_the_files_of_each_material_become_the_cases": """
            e2e/test_twelve_forms.py
        """,
    },
}
TWINS: dict[str, set[str]] = defaultdict(set)
for file, tests in BY_FILE.items():
    for test, lives in tests.items():
        for walk in lives.split():
            TWINS[walk].add(f"{file}::{test}")

# Acts of a walk that no twin of it does yet. What is done is struck out: a test asks for it.
LACKING: dict[str, str] = {}
# Walks in a browser whose acts no run has written down yet: they have twins, which
# are not compared act by act. `scripts/make_walks.py` says how a run writes them down.
UNSEEN: dict[str, str] = {}
REASONS = {
    LOOKS: "e2e/test_paper.py e2e/test_pictures.py e2e/test_portal.py e2e/test_search.py",
    GUARDS: "walks/test_canaries.py e2e/test_access.py e2e/test_looking.py e2e/test_malformed.py",
    UPLOADS: "e2e/test_uploading.py",
    SCREENS: "e2e/test_tv.py",
    HAND: "e2e/test_puzzle.py e2e/test_security_key.py",
}


@cache
def names_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = (one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))
    return frozenset(name for name in names if name.startswith("test_"))


def walks() -> set[str]:
    """The walks that there are, by file and by test."""
    found = set()
    for folder in ("walks", "e2e"):
        for path in (TESTS / folder).glob("test_*.py"):
            name = f"{folder}/{path.name}"
            found |= {name} | {f"{name}::{test}" for test in names_in(path)}
    return found


def alone(there: set[str], twins: dict[str, set[str]], reasoned: set[str]) -> set[str]:
    """The files of walks of which nothing is said; what is said of walks that are not there; twins
    that are not there."""
    said = twins.keys() | reasoned
    files = {one for one in there if "::" not in one}
    astray = {twin for some in twins.values() for twin in some if not is_there(twin)}
    return (files - said) | (said - there) | astray


def is_there(twin: str) -> bool:
    file, _, test = twin.partition("::")
    path = TESTS / "api" / file
    return path.exists() and test in names_in(path)


def test_each_walk_has_a_twin_or_a_reason():
    reasoned = {file for files in REASONS.values() for file in files.split()}
    assert reasoned & TWINS.keys() == set(), "said twice"
    assert alone(walks(), TWINS, reasoned) == set()


def test_a_walk_without_a_twin_is_seen():
    """Positive control: a new walk, a walk that is gone, a twin that is gone."""
    reasoned = {file for files in REASONS.values() for file in files.split()}
    assert alone(walks() | {"walks/test_new.py"}, TWINS, reasoned) == {"walks/test_new.py"}
    assert alone(walks() - {"e2e/test_tv.py"}, TWINS, reasoned) == {"e2e/test_tv.py"}
    gone = TWINS | {"walks/test_joint.py": {"test_walks.py::test_no_such"}}
    assert alone(walks(), gone, reasoned) == {"test_walks.py::test_no_such"}


# ── act by act ────────────────────────────────────────────────────────────────────────────────


def twins_of(walk: str) -> set[str]:
    """Of a test, else of its file."""
    return TWINS.get(walk) or TWINS.get(walk.partition("::")[0]) or set()


def not_done(table: dict[str, list[str]]) -> dict[str, set[str]]:
    """By walk, the acts that none of its twins does."""
    found = {}
    for walk in table:
        if not walk.startswith("api/"):
            by_twins = {kind for twin in twins_of(walk) for kind in table.get(f"api/{twin}", ())}
            found[walk] = set(table[walk]) - by_twins
    return {walk: kinds for walk, kinds in found.items() if kinds}


def test_the_twins_do_each_act_of_a_walk():
    lacking = {walk: set(kinds.split()) for walk, kinds in LACKING.items()}
    assert not_done(acts.table()) == lacking, "extend a twin, or name one that does it in BY_FILE"


def test_each_walk_and_each_twin_has_been_run():
    twins = {f"api/{twin}" for some in TWINS.values() for twin in some}
    named = twins | {walk for walk in walks() if "::" in walk and twins_of(walk)}
    unseen = {f"{file}::{test}" for file, tests in UNSEEN.items() for test in tests.split()}
    assert unseen.isdisjoint(acts.table()), "these have been run: strike them out"
    assert acts.table().keys() | unseen == named, "run them, then scripts/make_walks.py"


def test_an_act_that_no_twin_does_is_seen():
    """Positive control: a walk that does one thing more, a twin that does one less."""
    table = dict(acts.table())
    walk, twin = (
        "walks/test_joint.py::test_five_departments_side_by_side_one_of_them_late",
        "api/test_walks_parts.py::test_a_part_is_examined_before_its_time_and_made_a_case",
    )
    assert walk not in not_done(table)
    assert not_done(table | {walk: [*table[walk], "no.such"]})[walk] == {"no.such"}
    less = table | {twin: [one for one in table[twin] if one != "joint.convert"]}
    assert not_done(less)[walk] == {"joint.convert"}


WALK = "walks/test_villages.py::test_a_month_of_a_village"


class _Ran:
    """A test that has run, as far as the check asks about it."""

    def __init__(self, name: str) -> None:
        place, _, self.name = name.partition("::")
        self.path, self.name_in_tests = TESTS / place, name


def test_an_act_that_a_run_misses_or_adds_is_seen():
    """Positive control of tests/acts.py: what is looked at after each run of a walk or a twin."""
    twin, walk = _Ran("api/test_walk.py::test_a_case_from_filing_to_rating"), _Ran(WALK)
    kept = set(acts.table()[twin.name_in_tests])
    acts.check(twin, kept)
    with pytest.raises(AssertionError, match=r"case\.accept"):
        acts.check(twin, kept - {"case.accept"})
    acts.check(walk, {"case.accept", "card.notify"})  # a twin does it; the system does it itself
    with pytest.raises(AssertionError, match=r"no\.such"):
        acts.check(walk, {"case.accept", "no.such"})
