"""Reports written at random: clean ones give no error, one planted fault is found."""

import random
from collections import Counter

import pytest

from mingtang.reports.readers import read_report
from mingtang.reports.rules.checking import lint
from mingtang.reports.rules.documents import Context
from tests.reports.writers import Writer, write

FEW, MANY = range(30), range(100, 1100)
THOUSAND = pytest.param(MANY, id="thousand", marks=pytest.mark.soak)
SPANS = (pytest.param(MANY[:100], id="some"), THOUSAND)
FORMS = ("2008", "2021")


def _opinion(folder, name, content, context=None):
    path = folder / name
    path.write_bytes(content)
    return lint(read_report(path), context)


def _errors(opinion):
    return [one for one in opinion.findings if one.severity == "error"]


def _false_errors(folder, form, seeds):
    found = {}
    for seed in seeds:
        _, name, content = write(seed, form)
        if errors := _errors(_opinion(folder, name, content)):
            found[seed] = errors
    return found


def _fault(seed, form):
    """One slot of a report; those of the big tables do not crowd out the others."""
    writer, _, _ = write(seed, form)
    rng = random.Random(seed)
    kinds = sorted({name.split(".")[0] for name in writer.slots})
    kind = rng.choice(kinds)
    return rng.choice(sorted(name for name in writer.slots if name.split(".")[0] == kind))


def _missed(folder, form, seeds):
    found = Counter()
    for seed in seeds:
        writer, name, content = write(seed, form, _fault(seed, form))
        assert writer.note, "the fault was planted"
        if not _errors(_opinion(folder, name, content)):
            found[writer.note] += 1
    return found


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_a_clean_report_gets_no_error(tmp_path, form):
    assert _false_errors(tmp_path, form, FEW) == {}


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_one_planted_fault_is_found(tmp_path, form):
    assert _missed(tmp_path, form, FEW) == {}


@pytest.mark.slow
@pytest.mark.parametrize("seeds", SPANS)
@pytest.mark.parametrize("form", FORMS)
def test_many_clean_reports_get_no_error(tmp_path, form, seeds):
    assert _false_errors(tmp_path, form, seeds) == {}


@pytest.mark.slow
@pytest.mark.parametrize("seeds", SPANS)
@pytest.mark.parametrize("form", FORMS)
def test_of_many_planted_faults_ninety_nine_in_a_hundred_are_found(tmp_path, form, seeds):
    missed = _missed(tmp_path, form, seeds)
    assert missed.total() <= len(seeds) // 100, missed


def _two_years(seed):
    """Last year's report and this year's, which goes on from it."""
    before, now = Writer(seed), Writer(seed + 50_000)
    before.year_fixed, now.year_fixed = 2022, 2023
    before.new()
    now.new()
    for column in range(7):
        now.three[1][column] = before.three[24][column]
        now.three[0][column] = now.three[23][column] + now.three[24][column] - now.three[1][column]
    for row in range(2):
        made, ended, _ = now.two[row]
        now.two[row][2] = before.two[row][2] + made - ended
    now.lines = [line for line in now.lines if "申请" not in line and "规范性" not in line]
    return before, now


def _read_two(folder, before, now):
    (folder / "before.docx").write_bytes(before.docx())
    previous = read_report(folder / "before.docx")
    return _opinion(folder, "now.html", now.html().encode(), Context(previous=previous))


@pytest.mark.parametrize("seed", [1, 2, 4, 5, 8])  # years that can be
def test_two_years_that_go_together_pass_all_that_crosses_them(tmp_path, seed):
    before, now = _two_years(seed)
    assert min(now.three[0]) >= 0
    opinion = _read_two(tmp_path, before, now)
    ids = {one.id for one in opinion.findings if one.severity == "error"}
    assert not ids & {"X1", "X2"}
    assert {"X1", "X2"} <= {one.id for one in opinion.passed}


@pytest.mark.parametrize("column", range(7))
def test_a_wrong_carry_over_is_found_in_every_column(tmp_path, column):
    before, now = _two_years(3)
    now.three[1][column] += 1
    errors = _errors(_read_two(tmp_path, before, now))
    assert [one.id for one in errors if one.id == "X1"] == ["X1"]


@pytest.mark.parametrize("row", range(2))
def test_a_wrong_number_of_documents_in_force_is_found(tmp_path, row):
    before, now = _two_years(4)
    now.two[row][2] += 2
    assert "X2" in {one.id for one in _errors(_read_two(tmp_path, before, now))}


def test_what_was_pending_and_is_gone_is_a_doubt(tmp_path):
    before, now = _two_years(5)
    before.four, now.four = [0, 0, 0, 2, 2] * 3, [0] * 15
    found = [one for one in _read_two(tmp_path, before, now).findings if one.id == "X3"]
    assert [one.severity for one in found] == ["warn"] * 3


@pytest.mark.slow
@pytest.mark.parametrize("row", range(25))
def test_each_cell_of_table_three_is_guarded(tmp_path, row):
    """In each way of drawing the table: one wrong cell is an error, and the cell is named."""
    for column in range(7):
        for kind in ("html", "docx", "flattened"):
            writer = Writer(row)
            writer.new()
            writer.lines = [line for line in writer.lines if "申请" not in line or line[0] == "三"]
            writer.three[row][column] += 3
            content = getattr(writer, kind)()
            content = content if isinstance(content, bytes) else content.encode()
            errors = _errors(_opinion(tmp_path, "report", content))
            assert {one.id for one in errors} & {"I1", "I2", "I3"}, (row, column, kind)
