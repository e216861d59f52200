"""Reports in the manner of many hands: none gets an error; each fault that is planted gets one."""

from itertools import cycle

import pytest

from mingtang.reports.readers import read_report
from mingtang.reports.rules.checking import lint
from mingtang.reports.rules.documents import Context
from tests.reports.foreign import OLD
from tests.reports.foreign_last import LAST
from tests.reports.foreign_more import MORE
from tests.reports.foreign_new import NEW
from tests.reports.foreign_tables import LAYOUTS, cell_by_cell, label_then_row, wrapped

TEXTS = OLD + MORE + LAST
# Told apart by nobody: empty cells where nothing shows that there is a cell.
UNREADABLE = {cell_by_cell, wrapped, label_then_row}
DRAWN = [
    pytest.param(one, at, id=f"{one.name}-{make.__name__}")
    for one in NEW
    for at, make in enumerate(LAYOUTS)
    if one.zero or make not in UNREADABLE
]


def _read(folder, content):
    path = folder / "report"
    path.write_bytes(content)
    return read_report(path)


def _errors(document, previous=None):
    findings = lint(document, Context(previous=previous)).findings
    return {(one.id, one.line, one.quote) for one in findings if one.severity == "error"}


@pytest.mark.parametrize("one", TEXTS, ids=lambda one: one.name)
def test_a_report_of_another_hand_gets_no_error(tmp_path, one):
    assert _errors(_read(tmp_path, one.text.encode())) == set()


@pytest.mark.parametrize("one", TEXTS, ids=lambda one: one.name)
def test_each_fault_in_it_gets_one_with_its_place(tmp_path, one):
    for right, wrong in one.faults:
        assert one.text.count(right) == 1, right
        text = one.text.replace(right, wrong)
        errors = _errors(_read(tmp_path, text.encode()))
        assert errors, (right, wrong)
        for _, line, quote in errors:
            assert 1 <= line <= text.count("\n") + 1
            assert quote


@pytest.mark.parametrize(("one", "layout"), DRAWN)
def test_tables_of_another_hand_are_read_whole_and_get_no_error(tmp_path, one, layout):
    previous = _read(tmp_path, one.last_year())
    document = _read(tmp_path, one.file(layout))
    assert document.requests
    assert len(document.requests.rows) == 25
    assert document.active
    assert len(document.active.rows) == 6
    assert document.remedies
    assert _errors(document, previous) == set()


def _plants(one):
    """What may be wrong: words, cells of table three, sums of table four, table two's last."""
    yield from ({"fault": fault} for fault in one.faults)
    yield from ({"cell": cell} for cell in one.cells)
    for at in (4, 10):
        four = list(one.four)
        four[at] += 1
        yield {"four": tuple(four)}
    two = list(one.two)
    two[5] = int(two[5]) + 1
    yield {"two": tuple(two)}


@pytest.mark.slow
@pytest.mark.parametrize("one", NEW, ids=lambda one: one.name)
def test_each_fault_beside_and_in_the_tables_gets_an_error(tmp_path, one):
    """Layouts take turns, so that each kind of fault and each layout is met."""
    previous = _read(tmp_path, one.last_year())
    able = [at for at, make in enumerate(LAYOUTS) if one.zero or make not in UNREADABLE]
    for plant, layout in zip(_plants(one), cycle(able), strict=False):
        document = _read(tmp_path, one.file(layout, **plant))
        assert _errors(document, previous), (plant, LAYOUTS[layout].__name__)


def test_table_two_of_2020_is_not_taken_for_that_of_2021(tmp_path):
    """Its columns are others: nothing rolls forward from them."""
    one = next(one for one in TEXTS if one.name == "market")
    assert _read(tmp_path, one.text.encode()).active is None
