"""Writer of DOCX: stdlib zip and the parts that Word needs. Same text, same bytes."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from mingtang.reports.rules.composing import Block, BlockKind, TableCell

_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
    '+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_LINKS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
_MOMENT = (1980, 1, 1, 0, 0, 0)
# Fonts and sizes of GB/T 9704—2012, in half points.
_LOOK = {
    BlockKind.TITLE: ("center", "方正小标宋简体", 44, 0),
    BlockKind.CHAPTER: ("left", "黑体", 32, 640),
    BlockKind.TEXT: ("both", "仿宋", 32, 640),
    BlockKind.SIGNED: ("right", "仿宋", 32, 0),
}


def _run(text: str, font: str, size: int) -> str:
    look = (
        f'<w:rPr><w:rFonts w:eastAsia="{font}"/><w:sz w:val="{size}"/><w:lang w:eastAsia="zh-CN"/>'
        "</w:rPr>"
    )
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _paragraph(block: Block) -> str:
    side, font, size, indent = _LOOK[block.kind]
    set_so = f'<w:pPr><w:ind w:firstLine="{indent}"/><w:jc w:val="{side}"/></w:pPr>'
    return f"<w:p>{set_so}{_run(block.text, font, size)}</w:p>"


def _cell(cell: TableCell | None, columns: int, merge: str) -> str:
    text = cell.piece.text if cell else ""
    spans = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    side = '<w:pPr><w:jc w:val="center"/></w:pPr>'
    run = _run(text, "仿宋", 21) if text else ""
    return f"<w:tc><w:tcPr>{spans}{merge}</w:tcPr><w:p>{side}{run}</w:p></w:tc>"


def _row(row: Sequence[TableCell], hanging: dict[int, tuple[int, int]]) -> Iterator[str]:
    """A row's cells; `hanging` are cells from above: column → (columns, rows that are left)."""
    left, column = list(row), 0
    while left or column in hanging:
        if column in hanging:
            columns, depth = hanging.pop(column)
            yield _cell(None, columns, "<w:vMerge/>")
        else:
            cell = left.pop(0)
            columns, depth = cell.columns, cell.rows
            yield _cell(cell, columns, '<w:vMerge w:val="restart"/>' if depth > 1 else "")
        if depth > 1:
            hanging[column] = (columns, depth - 1)
        column += columns


def _table(block: Block) -> str:
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    hanging: dict[int, tuple[int, int]] = {}
    rows = "".join(f"<w:tr>{''.join(_row(row, hanging))}</w:tr>" for row in block.rows)
    width = sum(cell.columns for cell in block.rows[0])
    grid = "<w:gridCol/>" * width
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{edges}</w:tblBorders>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl><w:p/>"
    )


def as_docx(blocks: Sequence[Block]) -> bytes:
    body = "".join(
        _table(one) if one.kind is BlockKind.TABLE else _paragraph(one) for one in blocks
    )
    page = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:document xmlns:w="{_SPACE}"><w:body>{body}{page}</w:body></w:document>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _LINKS),
            ("word/document.xml", document),
        ):
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()
