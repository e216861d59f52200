"""Every file that people open in a spreadsheet: no cell of it is a formula."""

import ast
from pathlib import Path

import pytest

import mingtang
from mingtang.base.cells import guarded, unguarded

SOURCE = Path(mingtang.__file__).parent
# What only programs read, by a format that is theirs: an apostrophe would be a wrong value.
FOR_PROGRAMS = {
    "bottlenecks/queries/percentiles.py": "passages by code and number, read back by DuckDB",
    "exchange/rules/codes.py": "our own code list, read back; codes and names of a fixed table",
    "exchange/rules/writing.py": "batches in the format of the platform above",
    "exchange/services/batches.py": "returned rows, read back by the sender's program",
    "timing/rules/questions.py": "answers about days: dates and sentences of ours",
    "site/management/commands/cards.py": "numbers and names to a terminal",
    "site/management/commands/score.py": "numbers and names to a terminal",
}
BAD = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''+1"]


def _writes(tree: ast.Module) -> bool:
    """Whether a module writes CSV or XLSX."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    names = {ast.unparse(one) for one in calls}
    return bool(names & {"csv.writer", "csv.DictWriter", "xlsxwriter.Workbook"})


def _guards(tree: ast.Module) -> bool:
    """Whether it asks the one guard."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "mingtang.base.cells"
        and any(name.name == "guarded" for name in node.names)
        for node in ast.walk(tree)
    )


def unguarded_writers(trees: dict[str, ast.Module]) -> set[str]:
    return {name for name, tree in trees.items() if _writes(tree) and not _guards(tree)}


def _trees() -> dict[str, ast.Module]:
    return {
        path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in SOURCE.rglob("*.py")
    }


def test_whatever_writes_a_table_guards_its_cells():
    assert unguarded_writers(_trees()) == set(FOR_PROGRAMS)


def test_a_writer_that_forgets_is_found():
    trees = {"new.py": ast.parse("import csv\ncsv.writer(answer).writerows(rows)")}
    assert unguarded_writers(trees) == {"new.py"}


@pytest.mark.parametrize("text", BAD)
def test_no_guarded_cell_begins_a_formula_and_each_reads_back(text):
    assert guarded(text)[0] == "'"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["取水许可", "a=b", "", "3-1", "'quoted'"])
def test_what_is_no_formula_stays(text):
    assert guarded(text) == text
