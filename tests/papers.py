"""Small honest files for tests that upload something: real ones, which an inspector passes."""

import io

import pikepdf
from PIL import Image

from mingtang.files.inspectors.images import PNG_EFFORT


def png(shade: int = 90, size: tuple[int, int] = (12, 8)) -> bytes:
    """A picture as the inspector would write it, so that it is kept as it is."""
    out = io.BytesIO()
    Image.new("RGB", size, (shade, 120, 200)).save(out, "PNG", compress_level=PNG_EFFORT)
    return out.getvalue()


def pdf(pages: int = 1, title: str = "") -> bytes:
    """So many empty pages. A file as the inspector would write it, so that it is kept as it is."""
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=(595, 842))
        if title:
            made.trailer["/Info"] = made.make_indirect(pikepdf.Dictionary(Title=title))
        return _twice(made)


def _twice(made: pikepdf.Pdf) -> bytes:
    """Written, read and written again: from then on writing changes nothing."""
    content = saved(made, deterministic_id=True, compress_streams=False)
    with pikepdf.open(io.BytesIO(content)) as again:
        return saved(
            again,
            deterministic_id=True,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            fix_metadata_version=False,
        )


def saved(made: pikepdf.Pdf, **how: object) -> bytes:
    out = io.BytesIO()
    made.save(out, **how)
    return out.getvalue()
