"""Reports of independent hands: a clean one gets no error; a planted fault gets one.

A few of each here; `python -m tests.reports.hands` draws a thousand of each.
"""

from random import Random

import pytest

from tests.reports.hands import HANDS
from tests.reports.hands.judge import Judge
from tests.reports.hands.kit import KINDS

FEW = range(16)


def _drawn(hand, at):
    rng = Random(f"few-{hand}-{at}")
    return rng, HANDS[hand](rng)


@pytest.mark.slow
@pytest.mark.parametrize("hand", HANDS)
def test_a_clean_report_of_each_hand_gets_no_error(tmp_path, hand):
    judge = Judge(tmp_path)
    drafts = [_drawn(hand, at)[1] for at in FEW]
    assert [judge.errors(draft, draft.clean) for draft in drafts] == [[] for _ in drafts]


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_planted_fault_of_each_kind_gets_one(tmp_path, hand, kind):
    judge = Judge(tmp_path)
    for at in FEW[::3]:
        rng, draft = _drawn(hand, at)
        fault = draft.plant(kind, rng)
        assert fault is None or judge.errors(draft, fault.text), fault


def test_what_is_planted_is_one_place(tmp_path):
    rng, draft = _drawn("bureau", 1)
    fault = draft.plant("sum", rng)
    lines = zip(draft.clean.split("\n"), fault.text.split("\n"), strict=True)
    assert [at for at, (right, wrong) in enumerate(lines, 1) if right != wrong] == [fault.line]
