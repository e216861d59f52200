"""Reads .po files, without gettext's tools: what the script and the test of translations share."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One text: `sources` are the files that it was found in."""

    msgid: str
    msgstr: str
    sources: tuple[str, ...] = ()


def entries(text: str) -> Iterator[Entry]:
    """All entries but the header. Plurals and contexts are not ours."""
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in block.splitlines() if not line.startswith("#~")]
        sources = " ".join(line[2:] for line in lines if line.startswith("#:"))
        found = {"msgid": "", "msgstr": ""}
        name = ""
        for line in lines:
            if line.startswith("#"):
                continue
            literal = line
            if not line.startswith('"'):
                name, _space, literal = line.partition(" ")
            if name in found:
                found[name] += ast.literal_eval(literal)
        if found["msgid"]:
            yield Entry(
                found["msgid"],
                found["msgstr"],
                tuple(dict.fromkeys(re.findall(r"(\S+?):\d+", sources))),
            )
