"""Each walk of a desk or of the public also runs through the API alone, or it is said why not."""

import ast
from functools import cache
from pathlib import Path

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
            walks/test_referred.py
        """,
    },
    "test_walks_desks.py": {
        "test_an_agent_is_named_works_files_hands_over_and_is_rated": """
            walks/test_project.py
            e2e/test_project.py
        """,
        "test_an_instruction_is_given_reported_and_closed": """
            e2e/test_supervision.py::test_a_task_is_given_reported_and_closed
        """,
    },
    "test_walks_pages.py": {
        "test_an_assessment_from_the_scheme_to_the_lock": """
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
        """,
        "test_an_item_is_begun_suspended_and_retired": """
            e2e/test_form_editor.py
        """,
    },
    "test_walks_house.py": {
        "test_a_substitution_is_arranged_and_ended": """
            e2e/test_leads.py
        """,
    },
    "test_walk.py": {
        "test_a_case_from_filing_to_rating": """
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
TWINS = {
    walk: f"{file}::{test}"
    for file, tests in BY_FILE.items()
    for test, lives in tests.items()
    for walk in lives.split()
}
REASONS = {
    LOOKS: "e2e/test_paper.py e2e/test_pictures.py e2e/test_portal.py e2e/test_search.py",
    GUARDS: "walks/test_canaries.py e2e/test_access.py e2e/test_looking.py e2e/test_malformed.py",
    UPLOADS: "e2e/test_uploading.py",
    SCREENS: "e2e/test_tv.py",
    HAND: "e2e/test_security_key.py",
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


def alone(there: set[str], twins: dict[str, str], reasoned: set[str]) -> set[str]:
    """The files of walks of which nothing is said; what is said of walks that are not there; twins
    that are not there."""
    said = twins.keys() | reasoned
    files = {one for one in there if "::" not in one}
    astray = {twin for twin in twins.values() if not is_there(twin)}
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
    gone = TWINS | {"walks/test_joint.py": "test_walks.py::test_no_such"}
    assert alone(walks(), gone, reasoned) == {"test_walks.py::test_no_such"}
