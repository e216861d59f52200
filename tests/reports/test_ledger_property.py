"""Random ledgers → the report → our linter passes, all 42 identities hold, each cell its rows."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingtang.channels import services as channels
from mingtang.channels.models import Release
from mingtang.channels.rules import NewRelease
from mingtang.ledger.rules import SYSTEM
from mingtang.reports import queries
from mingtang.reports.readers.docx import read_docx
from mingtang.reports.readers.text import read_text
from mingtang.reports.rules import identities
from mingtang.reports.rules.checking import lint
from mingtang.reports.rules.composing import compose, printed_keys
from mingtang.reports.rules.figures import Style
from mingtang.reports.writers import as_docx, as_text
from tests.reports.test_editions import NOON, by
from tests.requests.test_life_property import LIFE, live
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
CHANNELS = ("portal", "site", "info-site", "media", "handbook", "board", "led", "tv")
RELEASES = st.lists(
    st.tuples(
        st.sampled_from(CHANNELS),
        st.integers(1, 40_000),
        st.integers(0, 700),
        st.sampled_from([None, 1, 7]),
    ),
    max_size=12,
)


def _enter(office, rows):
    channels.load_shipped(actor=SYSTEM, at=NOON, command_id=new_command_id())
    new = [
        NewRelease(
            code,
            "登记",
            date(2023, 2, 1) + timedelta(days),
            count,
            item_count=known and min(known, count),
        )
        for code, count, days, known in rows
    ]
    if new:
        channels.release_many(organisation_id=office.water.id, rows=new, **by(office))


@pytest.mark.slow
@pytest.mark.once
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=6)
@given(st.lists(LIFE, max_size=4), RELEASES)
def test_a_report_of_any_ledger_passes_and_each_cell_is_what_its_rows_are(office, lives, rows):
    for kind, start, steps in lives:
        live(office, kind, start, steps)
    _enter(office, rows)
    for year in (2024, 2025):
        for style in Style:
            facts = queries.live_facts(office.water.id, year, style, {})
            blocks = compose(facts)
            for document in (read_text(as_text(blocks).encode()), read_docx(as_docx(blocks))):
                opinion = lint(document)
                errors = [one for one in opinion.findings if one.severity == "error"]
                assert errors == []
            if style is Style.NEW:
                found = [*identities.of_requests(document.requests)]
                found += identities.of_remedies(document.remedies)
                assert len(found) == 42
                assert all(one.is_known and one.holds for one in found)
            for key in printed_keys(blocks):
                if key in facts.figures:
                    drill = queries.drill(office.water.id, year, facts, key)
                    assert drill.agrees, key
    assert Release.objects.count() >= len(rows)
