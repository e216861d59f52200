"""Papers that people of a simulated city photograph and upload, page by page, as the site does."""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from mingtang.cases import services as cases
from mingtang.cases.rules import Given, GivenWay
from mingtang.files.services import store

PAGE = (620, 877)  # A4, at 75 dots an inch


def photograph(text: str) -> bytes:
    """A white page that says what it is."""
    page = Image.new("L", PAGE, 255)
    ImageDraw.Draw(page).text((60, 80), text, fill=0)
    kept = io.BytesIO()
    page.save(kept, "PNG")
    return kept.getvalue()


def uploaded(
    edition: Any, material: Mapping[str, str], name: str, *, person_id: int | None, at: datetime
) -> dict[str, Any]:
    """A draft with one material photographed: what `submit` is handed of it.

    `name`: of this act, so that the same file of two cases lies there twice.
    """
    file = SimpleUploadedFile("照片.png", photograph(f"{material['id']} {name}"))
    stored = store(file, command_id=name)
    draft = cases.start_draft(edition=edition, content={}, person_id=person_id, at=at)
    draft = cases.add_pages(draft.id, material["id"], [stored], at=at)
    pages = tuple(int(one) for one in draft.content["materials"][material["id"]]["uploads"])
    given = [Given(material["id"], material["name"], GivenWay.UPLOADED, pages)]
    return {"draft_id": draft.id, "given": given}
