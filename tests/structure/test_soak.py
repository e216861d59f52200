"""docs/trust.md tells the figures of the long runs as they came out."""

from scripts import make_soak


def test_the_page_says_what_the_long_runs_told() -> None:
    """Run scripts/make_soak.py after a long run."""
    assert make_soak.PAGE.read_text(encoding="utf-8") == make_soak.page()
