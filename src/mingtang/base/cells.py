"""Cells of an export that no spreadsheet takes for a formula, and back: the one place."""

import re

# A spreadsheet runs a cell that begins so; an apostrophe before it makes it text.
RUN = re.compile(r"'*[=+\-@\t\r]")
GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guarded(text: str) -> str:
    """The text as it may stand in a cell."""
    return f"'{text}" if RUN.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if GUARDED.match(text) else text
