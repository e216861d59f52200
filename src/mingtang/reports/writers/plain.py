"""Writers of plain text and of CSV."""

import csv
import io
from collections.abc import Iterable, Sequence

from mingtang.base.cells import guarded
from mingtang.reports.rules.composing import Block, BlockKind
from mingtang.reports.rules.figures import Figure

_INDENT = "　　"


def as_text(blocks: Sequence[Block]) -> str:
    """Paragraphs with blank lines between; a table's rows by lines, its cells by tabs."""
    pieces = []
    for one in blocks:
        if one.kind is BlockKind.TABLE:
            rows = ("\t".join(cell.piece.text for cell in row) for row in one.rows)
            pieces.append("\n".join(rows))
        elif one.kind is BlockKind.TEXT:
            pieces.append(_INDENT + one.text)
        else:
            pieces.append(one.text)
    return "\n\n".join(pieces) + "\n"


def as_csv(figures: Iterable[Figure]) -> str:
    """Each figure a row: key, label, value, unit. A spreadsheet takes no label for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["代码", "指标", "数值", "单位"])
    for one in figures:
        writer.writerow([one.key, guarded(one.label), one.shown, one.unit])
    return out.getvalue()
