"""A copy of what is held about a person, to take away: one file for people, one for machines."""

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string

from mingtang.base.clock import legal_date
from mingtang.persons.queries import copy_of, who_is


def packed(person_id: int, at: datetime, *, at_counter: bool = False) -> bytes:
    """A ZIP with `个人信息.html` (readable without us, to be printed) and `data.json`: the same
    parts in both, see `queries.copy_of`. Raises NotFound."""
    parts = copy_of(who_is(person_id), at_counter=at_counter)
    told: dict[str, Any] = {
        "site": settings.MINGTANG_SITE_NAME,
        "made_on": legal_date(at).isoformat(),
        "basis": "《中华人民共和国个人信息保护法》第四十五条",
        "parts": parts,
    }
    packet = io.BytesIO()
    with zipfile.ZipFile(packet, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("个人信息.html", render_to_string("persons/copy.html", told))
        archive.writestr("data.json", json.dumps(told, ensure_ascii=False, indent=1))
    return packet.getvalue()


def as_download(person_id: int, at: datetime, *, at_counter: bool = False) -> HttpResponse:
    packet = packed(person_id, at, at_counter=at_counter)
    answer = HttpResponse(packet, content_type="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="personal-data.zip"'
    answer.headers["Cache-Control"] = "no-store, private"
    return answer
