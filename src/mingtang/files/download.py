"""How a stored file leaves the house: as an attachment, never shown in our own pages.

The one picture that is shown is the small one that we draw ourselves.
"""

from django.http import FileResponse, HttpResponse

from mingtang.files.models import Upload
from mingtang.files.services import existing, thumbnail

HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store, private",
}


def as_attachment(upload: Upload) -> FileResponse:
    """Raises HeldBack where the scanner has not let the file pass, NotFound where it is gone."""
    upload.check_may_leave()
    response = FileResponse(
        existing(upload).open("rb"),
        as_attachment=True,
        filename=upload.original_name,
        content_type=upload.media_type,
    )
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def as_thumbnail(upload: Upload) -> HttpResponse:
    """The small picture of an image, for whom the page has let see the upload."""
    return HttpResponse(thumbnail(upload), content_type="image/jpeg", headers=HEADERS)
