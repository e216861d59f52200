"""The load model on paper reads what was measured, and nothing else."""

import json
import shutil
from pathlib import Path

import pytest
from bench.model import Place, _row, costs, write_model

RESULTS = Path(__file__).parents[2] / "bench" / "results"


def test_it_is_written_from_the_results_that_are_kept(tmp_path):
    write_model(RESULTS, tmp_path / "scale.md")
    text = (tmp_path / "scale.md").read_text()
    assert "| a province | 100 M |" in text
    assert "$" not in text


def test_a_dearer_act_makes_a_dearer_province(tmp_path):
    shutil.copytree(RESULTS, tmp_path / "results")
    path = tmp_path / "results" / "acts-postgresql-small.json"
    told = json.loads(path.read_text())
    for one in told["figures"]:
        one["cpu_ms"] *= 10
    path.write_text(json.dumps(told))
    before, after = costs(RESULTS), costs(tmp_path / "results")
    assert after.of_acts == pytest.approx(10 * before.of_acts)
    place = Place("a province", 100e6, 90)
    assert _row(before, place) != _row(after, place)


def test_without_a_result_there_is_no_model(tmp_path):
    with pytest.raises(FileNotFoundError):
        costs(tmp_path)
